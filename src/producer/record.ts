import type { KafkaError } from '../errors.js'

/** What a key or a value may be when no serializer is set. A string goes on the wire as UTF-8, null as Kafka's null. */
export type Bytes = string | Uint8Array | null

/** A header's value; null is kept, `undefined` leaves the header out. */
export type RecordHeaderValue = string | Uint8Array | null

/**
 * Headers as an object (an array makes several headers of one name), or as `[name, value]` pairs, which keep order and duplicates.
 */
export type RecordHeaders =
  | { readonly [name: string]: RecordHeaderValue | undefined | readonly (RecordHeaderValue | undefined)[] }
  | Iterable<readonly [name: string, value: RecordHeaderValue | undefined]>

/** One record to send. The object and its bytes are the caller's: they are never changed, and may be reused once `send` has returned. */
export interface ProducerRecord<K = Bytes, V = Bytes> {
  readonly topic: string
  /** Records of one key go to one partition, as long as the topic's partition count stays. */
  readonly key?: K | null
  /** null is a tombstone. */
  readonly value: V | null
  /** Wins over any partitioner. 0 or more. */
  readonly partition?: number
  /** Milliseconds since 1970; the time of the send unless given. 0 or more. */
  readonly timestamp?: number
  readonly headers?: RecordHeaders
}

/** Where a record is now. */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /** -1n if unknown: with `acks` 0, or when the broker only said that it had the record already. */
  readonly offset: bigint
  /** Milliseconds since 1970: the record's own, or the broker's where the topic says LogAppendTime. */
  readonly timestamp: number
  /** Bytes; -1 for a null key. */
  readonly serializedKeySize: number
  /** Bytes; -1 for a null value. */
  readonly serializedValueSize: number
}

/** Called exactly once, on a later turn, in send order within a partition for records that reached one. */
export type SendCallback = (error: KafkaError | null, metadata: RecordMetadata | null) => void

/** A record as it was serialized, read back for the event `deliveryError`. */
export interface UndeliveredRecord {
  readonly topic: string
  readonly partition: number
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[]
}
