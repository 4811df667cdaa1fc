export * from './errors.js'
export type { Logger } from './logger.js'
export type { FlushOptions } from './producer/flush.js'
export type { ProducerConfig } from './producer/config.js'
export { fromProperties } from './producer/config.js'
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
