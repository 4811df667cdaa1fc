export { Admin, type AdminCallOptions, type ValidateOptions } from './admin/admin.js'
export type { AdminConfig } from './admin/admin-config.js'
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
export * from './errors.js'
export type { Logger } from './logger.js'
export type { ProducerConfig } from './producer/config/config.js'
export { fromProperties } from './producer/config/config.js'
export type { FlushOptions } from './producer/flush.js'
export { Producer } from './producer/producer.js'
export type {
  ConnectEvent,
  DisconnectEvent,
  ProducerEventMap,
  ThrottleEvent,
} from './producer/producer-events.js'
export type { CloseOptions, PartitionInfo, SendOptions } from './producer/producer-options.js'
export type {
  Bytes,
  ProducerRecord,
  RecordHeaders,
  RecordHeaderValue,
  RecordMetadata,
  SendCallback,
  UndeliveredRecord,
} from './producer/record.js'
