import { type Logger, silentLogger } from '../logger.js'

/** One entry of `bootstrap.servers`; the host is a name or an address and is resolved at every connect. */
export interface BootstrapServer {
  readonly host: string
  readonly port: number
}

/** What the network layer can be told. The names are Kafka's configuration keys; times are milliseconds. */
export interface NetworkOptions {
  readonly bootstrapServers: readonly BootstrapServer[]
  readonly clientId: string
  readonly logger: Logger
  /** A request without an answer for this long ends its connection. */
  readonly requestTimeoutMs: number
  /** At least 1. Metadata requests are not counted. */
  readonly maxInFlightRequestsPerConnection: number
  readonly reconnectBackoffMs: number
  readonly reconnectBackoffMaxMs: number
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
  /** Limit for one address, from the TCP connect to the last set-up step; doubles with each failure in a row. */
  readonly socketConnectionSetupTimeoutMs: number
  readonly socketConnectionSetupTimeoutMaxMs: number
  /** A connection without traffic for this long is closed; negative: never. */
  readonly connectionsMaxIdleMs: number
  readonly metadataMaxAgeMs: number
  /** A topic that was not used for this long is no longer asked for. */
  readonly metadataMaxIdleMs: number
  /** KIP-899: whether the bootstrap list is used again when no known broker can be reached. */
  readonly metadataRecoveryStrategy: 'none' | 'rebootstrap'
  /** KIP-1102: after this long without metadata every known broker is given up for the bootstrap list. */
  readonly metadataRecoveryRebootstrapTriggerMs: number
  /** Whether asking for a topic may create it, where the broker allows that. */
  readonly allowAutoTopicCreation: boolean
  /** A response of more bytes is refused. */
  readonly maxResponseBytes: number
}

/** Kafka's defaults, in the Java producer 4.1. */
export const defaultNetworkOptions: Omit<NetworkOptions, 'bootstrapServers'> = {
  clientId: 'odradek',
  logger: silentLogger,
  requestTimeoutMs: 30_000,
  maxInFlightRequestsPerConnection: 5,
  reconnectBackoffMs: 50,
  reconnectBackoffMaxMs: 1_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 1_000,
  socketConnectionSetupTimeoutMs: 10_000,
  socketConnectionSetupTimeoutMaxMs: 30_000,
  connectionsMaxIdleMs: 540_000,
  metadataMaxAgeMs: 300_000,
  metadataMaxIdleMs: 300_000,
  metadataRecoveryStrategy: 'rebootstrap',
  metadataRecoveryRebootstrapTriggerMs: 300_000,
  allowAutoTopicCreation: true,
  maxResponseBytes: 16 * 1024 * 1024,
}
