import { ApiVersions } from '../../protocol/api-versions.js'
import type { TlsSource } from '../network-options.js'
import type { SaslMechanism } from '../sasl/mechanism.js'
import { negotiateVersions } from './api-versions-step.js'
import type { ConnectionStep, ExpectedBroker } from './connection-step.js'
import { saslSteps } from './sasl-steps.js'
import { encryptConnection } from './tls-step.js'

/** The experience of earlier attempts to connect to the broker. */
export interface Learned {
  /** The highest version of ApiVersions after which the broker does not drop the connection. */
  readonly apiVersionsAtMost: number
}

export const NOTHING_LEARNED: Learned = { apiVersionsAtMost: ApiVersions.versions[1] }

/**
 * The version of ApiVersions for the next attempt if the broker dropped the connection after a request in
 * another version. Nearly every broker knows version 3, and its response has the same fields. Every broker
 * knows version 0.
 */
export const VERSION_AFTER_DROP: ReadonlyMap<number, number> = new Map([
  [5, 3],
  [3, 0],
])

/** The protection of a connection. */
export interface SetUpSecurity {
  /** Null for a connection that is not encrypted. */
  readonly tls: TlsSource | null
  /** The mechanism to log in with; null without SASL. */
  readonly sasl: Pick<SaslMechanism, 'name'> | null
}

const tcpConnect: ConnectionStep = {
  name: 'TCP connect',
  run: ({ connection }) => connection.connected,
}

/**
 * The steps of a set-up, in order: everything that has to happen before the first request of the connection's
 * user.
 *
 * @param expected the broker that should answer; null for any
 * @param security what the security protocol asks for
 */
export function setUpSteps(
  { apiVersionsAtMost }: Learned,
  expected: ExpectedBroker | null,
  { tls, sasl }: SetUpSecurity,
): readonly ConnectionStep[] {
  return [
    tcpConnect,
    ...(tls === null ? [] : [encryptConnection(tls)]),
    negotiateVersions(apiVersionsAtMost, expected),
    ...(sasl === null ? [] : saslSteps(sasl.name)),
  ]
}
