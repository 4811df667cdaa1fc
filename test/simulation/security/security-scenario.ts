import type { SaslMechanismName } from '../../../src/testing/index.js'
import { Chance } from '../chance.js'

/** The protection of a world's connections. */
export interface SecurityScenario {
  readonly encrypts: boolean
  /** Whether the client has a function for TLS, not a file, which it reads when it has changed. */
  readonly asksForTls: boolean
  /** The mechanism of all logins; null without SASL. */
  readonly mechanism: SaslMechanismName | null
  /** The lifetime of sessions at the start; 0 for no end. */
  readonly sessionLifetimeMs: number
  /** The lifetime of the tokens of OAUTHBEARER. */
  readonly tokenLifetimeMs: number
  /** The number of faults of TLS and logins, beside all others. */
  readonly faults: number
}

const PROTECTIONS = [
  [true, null],
  [true, null],
  [false, 'PLAIN'],
  [true, 'PLAIN'],
  [false, 'SCRAM-SHA-256'],
  [true, 'SCRAM-SHA-512'],
  [false, 'OAUTHBEARER'],
  [true, 'OAUTHBEARER'],
] as const

/**
 * The security of one world in three; null for the others. The seed decides by itself, so the rest of the
 * world is the same with and without.
 *
 * @param isSlow whether a login takes seconds, so that sessions have to last longer
 */
export function securityOf(seed: number, isSlow: boolean): SecurityScenario | null {
  const chance = Chance.of(seed, 'security')
  if (!chance.happens(1 / 3)) return null
  const [encrypts, mechanism] = chance.pick(PROTECTIONS)
  return {
    encrypts,
    mechanism,
    sessionLifetimeMs: chance.pick(sessionLifetimesMs(isSlow)),
    tokenLifetimeMs: chance.pick(isSlow ? [20_000, 60_000] : [2_000, 5_000, 60_000]),
    faults: chance.pick([0, 1, 2, 4, 8]),
    asksForTls: chance.happens(0.2),
  }
}

export function sessionLifetimesMs(isSlow: boolean): readonly number[] {
  return isSlow ? [0, 10_000, 20_000, 30_000] : [0, 1_000, 1_500, 3_000, 10_000]
}
