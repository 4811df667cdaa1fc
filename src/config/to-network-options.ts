import type { NetworkOptions } from '../network/network-options.js'
import { sendingConfigs } from './table-sending.js'
import { type TlsEnvironment, tlsSource } from './tls/tls-source.js'
import type { ConnectionSettings, ResolvedAdminSettings, ResolvedProducerConfig } from './types.js'

/**
 * The part of a producer's config that its connections use.
 *
 * @throws ConfigError if certificates or keys cannot be used
 */
export function networkOptions(config: ResolvedProducerConfig, environment: TlsEnvironment): NetworkOptions {
  return {
    ...connectionOptions(config, environment),
    maxInFlightRequestsPerConnection: config.maxInFlightRequestsPerConnection,
    metadataMaxIdleMs: config.metadataMaxIdleMs,
    allowAutoTopicCreation: true,
  }
}

/**
 * The part of an admin's config that its connections use. An admin's metadata requests never create a topic.
 *
 * @throws ConfigError if certificates or keys cannot be used
 */
export function adminNetworkOptions(
  config: ResolvedAdminSettings,
  environment: TlsEnvironment,
): NetworkOptions {
  return {
    ...connectionOptions(config, environment),
    maxInFlightRequestsPerConnection: sendingConfigs.maxInFlightRequestsPerConnection.default,
    metadataMaxIdleMs: sendingConfigs.metadataMaxIdleMs.default,
    allowAutoTopicCreation: false,
  }
}

/** Makes the mechanism for one client. Null without SASL. */
function mechanismOf(config: ConnectionSettings): NetworkOptions['sasl'] {
  const { sasl } = config
  if (sasl === null) return null
  const client = {
    refresh: {
      windowFactor: config.saslLoginRefreshWindowFactor,
      windowJitter: config.saslLoginRefreshWindowJitter,
      minPeriodMs: config.saslLoginRefreshMinPeriodSeconds * 1_000,
      bufferMs: config.saslLoginRefreshBufferSeconds * 1_000,
    },
    endpoint: {
      connectTimeoutMs: config.saslLoginConnectTimeoutMs,
      readTimeoutMs: config.saslLoginReadTimeoutMs,
      retryBackoffMs: config.saslLoginRetryBackoffMs,
      retryBackoffMaxMs: config.saslLoginRetryBackoffMaxMs,
    },
    logger: config.logger,
  }
  return (environment) => sasl.make(environment, client)
}

function connectionOptions(
  config: ConnectionSettings,
  environment: TlsEnvironment,
): Omit<NetworkOptions, 'maxInFlightRequestsPerConnection' | 'metadataMaxIdleMs' | 'allowAutoTopicCreation'> {
  return {
    bootstrapServers: config.bootstrapServers,
    clientId: config.clientId,
    logger: config.logger,
    requestTimeoutMs: config.requestTimeoutMs,
    reconnectBackoffMs: config.reconnectBackoffMs,
    reconnectBackoffMaxMs: config.reconnectBackoffMaxMs,
    retryBackoffMs: config.retryBackoffMs,
    retryBackoffMaxMs: config.retryBackoffMaxMs,
    socketConnectionSetupTimeoutMs: config.socketConnectionSetupTimeoutMs,
    socketConnectionSetupTimeoutMaxMs: config.socketConnectionSetupTimeoutMaxMs,
    connectionsMaxIdleMs: config.connectionsMaxIdleMs,
    metadataMaxAgeMs: config.metadataMaxAgeMs,
    metadataRecoveryStrategy: config.metadataRecoveryStrategy,
    metadataRecoveryRebootstrapTriggerMs: config.metadataRecoveryRebootstrapTriggerMs,
    metadataClusterCheckEnable: config.metadataClusterCheckEnable,
    maxResponseBytes: config.maxResponseBytes,
    tls: tlsSource(config, environment),
    sasl: mechanismOf(config),
    saslKerberosServiceName: config.saslKerberosServiceName,
  }
}
