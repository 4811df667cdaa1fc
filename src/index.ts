export { Admin, type AdminCallOptions, type ValidateOptions } from './admin/admin.js'
export type {
  BrokerDescription,
  ClusterDescription,
  CreatedTopic,
  ListedTopic,
  PartitionDescription,
  TopicConfigEntry,
  TopicDescription,
} from './admin/descriptions.js'
export type { TopicOutcome } from './admin/topic-outcome.js'
export type { NewPartitions, NewTopic } from './admin/topic-requests.js'
export type { ProducerConfig } from './config/config.js'
export type { AdminConfig } from './config/given/admin-config.js'
export type { InterceptedHeaders, InterceptedRecord, ProducerInterceptor } from './config/interceptor.js'
export type { OidcConfig } from './config/oidc/oidc-config.js'
export type {
  AvailablePartition,
  PartitionerArguments,
  PartitionerFunction,
  PartitionerName,
} from './config/partitioner-function.js'
export { fromProperties, type PropertiesOptions } from './config/properties.js'
export type {
  PasswordMechanism,
  SaslConfig,
  SaslCredentialsConfig,
  SaslMechanismConfig,
  SaslMskIamConfig,
  SaslOidcConfig,
  SaslPasswordConfig,
  SaslTokenConfig,
} from './config/sasl.js'
export type { Bytes, Serializer } from './config/serializer.js'
export type { Pem, TlsOptions, TlsOptionsFunction } from './config/tls/tls-options.js'
export * from './errors.js'
export type { LogFields, Logger } from './logger.js'
export type { SaslCredentials, SaslCredentialsFunction } from './network/sasl/credentials.js'
export type {
  SaslContext,
  SaslConversation,
  SaslMechanism,
  SaslRefusal,
} from './network/sasl/mechanism.js'
export type { AwsCredentials, AwsCredentialsFunction } from './network/sasl/msk-iam.js'
export type { OAuthToken, OAuthTokenFunction } from './network/sasl/oauth-token.js'
export { Producer } from './producer/producer.js'
export type {
  ConnectEvent,
  DisconnectEvent,
  ProducerEventMap,
  ThrottleEvent,
} from './producer/producer-events.js'
export type { CloseOptions, FlushOptions, PartitionInfo, SendOptions } from './producer/producer-options.js'
export type {
  ProducerRecord,
  RecordHeaders,
  RecordHeaderValue,
  RecordMetadata,
  SendCallback,
  UndeliveredRecord,
} from './producer/record.js'
