import type { KafkaError } from '../errors.js'
import type { ProducerRecord, RecordHeaderValue, RecordMetadata } from './record.js'
import type { Bytes } from './serializer.js'

/** Headers in their order, without those that are `undefined`. */
export type InterceptedHeaders = readonly (readonly [name: string, value: RecordHeaderValue])[]

/**
 * A record on its way to the partitioner. It is a frozen copy of the caller's object, and its headers are
 * pairs whatever the caller gave, so `{ ...record, headers: [...record.headers, ['trace', id]] }` adds one.
 */
export interface InterceptedRecord<K = Bytes, V = Bytes> extends ProducerRecord<K, V> {
  readonly headers: InterceptedHeaders
}

/**
 * Sees every record before it is sent, and its outcome. Interceptors are called in their order, and they are
 * synchronous. One that throws breaks no send: a warning tells of it, once a minute.
 */
export interface ProducerInterceptor<K = Bytes, V = Bytes> {
  /**
   * Called within `send`, before the record is checked and gets its partition. Returns the record that is to
   * be sent, the given one or another. If it throws or returns no record, the record that it was given goes
   * on.
   */
  onSend?(record: InterceptedRecord<K, V>): ProducerRecord<K, V>

  /**
   * Called once for each record, before its callback, in the async context of the send. A record that was
   * refused has an outcome too.
   *
   * @param metadata the place of the record in the log. After an error: its topic, its partition if it has
   *   one and -1 if not, and -1 for all other numbers
   * @param error null if the record is in the log
   * @param headers as they were sent
   */
  onAcknowledgement?(metadata: RecordMetadata, error: KafkaError | null, headers: InterceptedHeaders): void

  /** Called once, when the producer is closed and every record has its outcome. */
  close?(): void
}
