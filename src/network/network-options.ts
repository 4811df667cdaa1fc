import type { Environment } from '../environment/environment.js'
import type { SecureSettings } from '../environment/socket.js'
import type { Logger } from '../logger.js'
import type { SaslMechanism } from './sasl/mechanism.js'
import type { Stalls } from './stalls.js'

/** One entry of `bootstrap.servers`. The host is a name or an address, and is resolved at every connect. */
export interface BootstrapServer {
  readonly host: string
  readonly port: number
}

/** The source of the TLS settings. It is asked before each handshake, so certificates may change. */
export interface TlsSource {
  /**
   * Rejects with a ConfigError if the settings cannot be used, and with any other error if there are none.
   */
  current(): Promise<SecureSettings>
}

/** The options of the network layer. The names are Kafka's configuration keys; times are in milliseconds. */
export interface NetworkOptions {
  readonly bootstrapServers: readonly BootstrapServer[]
  readonly clientId: string
  readonly logger: Logger
  /** A request without a response for this long ends its connection. */
  readonly requestTimeoutMs: number
  /** At least 1. Metadata requests do not count. */
  readonly maxInFlightRequestsPerConnection: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /**
   * Limit for one address, from the TCP connect to the last set-up step. It doubles with each failure in a
   * row.
   */
  readonly socketConnectionSetupTimeoutMs: number
  readonly socketConnectionSetupTimeoutMaxMs: number
  /** A connection without traffic for this long is closed; negative for never. */
  readonly connectionsMaxIdleMs: number
  readonly metadataMaxAgeMs: number
  /** A topic that was not used for this long is no longer asked for. */
  readonly metadataMaxIdleMs: number
  /** Whether the bootstrap servers are used again when no known broker can be reached (KIP-899). */
  readonly metadataRecoveryStrategy: 'none' | 'rebootstrap'
  /**
   * After this long without metadata, the known brokers are given up for the bootstrap servers (KIP-1102).
   */
  readonly metadataRecoveryRebootstrapTriggerMs: number
  /**
   * Whether the client tells brokers the ids that it expects (KIP-1242). Needs the strategy `rebootstrap`.
   */
  readonly metadataClusterCheckEnable: boolean
  /** Whether a request for a topic may create it, if the broker allows that. */
  readonly allowAutoTopicCreation: boolean
  /** A response of more bytes is refused. */
  readonly maxResponseBytes: number
  /** Null: connections are not encrypted. */
  readonly tls: TlsSource | null
  /** Makes the mechanism that a client logs in with; null without SASL. */
  readonly sasl: ((environment: Environment) => SaslMechanism) | null
  /** For mechanisms with Kerberos; null if it is not set. */
  readonly saslKerberosServiceName: string | null
}

/** The objects that all parts of one client's network layer share. */
export interface NetworkContext {
  readonly options: NetworkOptions
  readonly environment: Environment
  readonly stalls: Stalls
  /** The mechanism that the client logs in with; null without SASL. */
  readonly sasl: SaslMechanism | null
}
