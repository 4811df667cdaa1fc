import { defaultNetworkOptions, type NetworkOptions } from '../network/network-options.js'
import type { ResolvedProducerConfig } from './config/config.js'

/** The part of a producer's config that its connections go by. */
export function networkOptions(config: ResolvedProducerConfig): NetworkOptions {
  return {
    bootstrapServers: config.bootstrapServers,
    clientId: config.clientId,
    logger: config.logger,
    requestTimeoutMs: config.requestTimeoutMs,
    maxInFlightRequestsPerConnection: config.maxInFlightRequestsPerConnection,
    reconnectBackoffMs: config.reconnectBackoffMs,
    reconnectBackoffMaxMs: config.reconnectBackoffMaxMs,
    retryBackoffMs: config.retryBackoffMs,
    retryBackoffMaxMs: config.retryBackoffMaxMs,
    socketConnectionSetupTimeoutMs: config.socketConnectionSetupTimeoutMs,
    socketConnectionSetupTimeoutMaxMs: config.socketConnectionSetupTimeoutMaxMs,
    connectionsMaxIdleMs: config.connectionsMaxIdleMs,
    metadataMaxAgeMs: config.metadataMaxAgeMs,
    metadataMaxIdleMs: config.metadataMaxIdleMs,
    metadataRecoveryStrategy: config.metadataRecoveryStrategy,
    metadataRecoveryRebootstrapTriggerMs: config.metadataRecoveryRebootstrapTriggerMs,
    allowAutoTopicCreation: true,
    maxResponseBytes: defaultNetworkOptions.maxResponseBytes,
  }
}
