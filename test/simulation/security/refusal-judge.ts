import { AuthenticationError } from '../../../src/errors.js'
import type { SentRecord } from '../ledger.js'

/** The time in which a connection was used for more than its set-up. */
export interface Usable {
  readonly port: number
  readonly fromMs: number
  untilMs: number
}

/** Whether a record has failed for the sake of the credentials or a certificate. */
export function isRefused({ outcomes: [outcome] }: Pick<SentRecord, 'outcomes'>): boolean {
  return outcome?.kind === 'failed' && outcome.error instanceof AuthenticationError
}

/** The connection over which a record could have been sent when it got its outcome. */
export function connectionInUse(
  { settledAtMs }: Pick<SentRecord, 'settledAtMs'>,
  connections: readonly Usable[],
): Usable | null {
  return connections.find(({ fromMs, untilMs }) => fromMs < settledAtMs && settledAtMs < untilMs) ?? null
}

/**
 * Faults after which a broker may refuse the client, or the client a broker. A wrong clock makes tokens look
 * expired, and an answer that is tampered with may be the proof of the broker.
 */
export const REASONS_TO_REFUSE: readonly string[] = [
  'credentials refused',
  'credentials rotated',
  'mechanism disabled',
  'session not renewed',
  'TLS handshake refused',
  'certificate expired',
  'certificate of another authority',
  'client certificate refused',
  'wall clock set',
  'hostile answer',
]
