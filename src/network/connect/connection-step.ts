import type { TlsSession } from '../../environment/socket.js'
import type { Connection } from '../connection/connection.js'
import type { SaslConversation } from '../sasl/mechanism.js'
import type { BrokerVersions } from './broker-versions.js'

/** The broker to connect to. */
export interface ConnectTarget {
  /** A name or an address, as the user or the cluster gave it. The broker's certificate must have it. */
  readonly host: string
  readonly port: number
  /** The broker's name in errors. */
  readonly broker: string
  /** Whether the address comes from a broker rather than from the user. */
  readonly advertised: boolean
  /** Negative for a bootstrap server, where any broker may answer. */
  readonly nodeId: number
  /** The id of the broker's cluster; null if it is not known. */
  readonly clusterId: string | null
}

/** The broker that should answer on a connection. */
export interface ExpectedBroker {
  readonly clusterId: string
  readonly nodeId: number
}

/** The steps at which a connection can get stuck, by the names that errors give them. */
export type StepName =
  | 'credentials'
  | 'TCP connect'
  | 'TLS'
  | 'ApiVersions'
  | 'SaslHandshake'
  | 'SaslAuthenticate'

/**
 * What the steps of one set-up share: the connection, and the results for later steps and the connection's
 * owner.
 */
export interface SetUp {
  readonly connection: Connection
  readonly target: ConnectTarget
  /** The step that is under way. */
  step: StepName
  /** The result of the handshake; left out without TLS. */
  tlsSession?: TlsSession
  versions: BrokerVersions | undefined
  /** The pause that the broker has asked for during the set-up, in milliseconds; 0 if none. */
  throttleMs: number
  /** The login of this connection; null without SASL. */
  readonly conversation: SaslConversation | null
  /** The mechanisms that the broker offers; left out without SASL. */
  mechanisms?: readonly string[]
  /** The lifetime of the session in milliseconds, as the broker gave it; 0 for no end (KIP-368). */
  sessionLifetimeMs: bigint
}

/**
 * One step before a connection can be used. Security is one more step in the list, not a branch in other
 * steps.
 */
export interface ConnectionStep {
  readonly name: StepName
  run(setUp: SetUp): Promise<void>
}
