import type { Bytes } from './serializer.js'

/** The value of a header. Null is sent as null; `undefined` leaves the header out. */
export type RecordHeaderValue = string | Uint8Array | null

/**
 * Headers as an object, in which an array stands for several headers of one name, or as `[name, value]`
 * pairs, which keep order and duplicates.
 */
export type RecordHeaders =
  | { readonly [name: string]: RecordHeaderValue | undefined | readonly (RecordHeaderValue | undefined)[] }
  | Iterable<readonly [name: string, value: RecordHeaderValue | undefined]>

/**
 * A record to send. The producer never changes the object and its bytes. The caller may reuse them once
 * `send` has returned.
 */
export interface ProducerRecord<K = Bytes, V = Bytes> {
  readonly topic: string
  /**
   * Records with the same key go to the same partition, as long as the topic's number of partitions stays.
   */
  readonly key?: K | null | undefined
  /** Null makes a tombstone. */
  readonly value: V | null
  /** The partition's number, 0 or more. It overrides the partitioner. Null is the same as leaving it out. */
  readonly partition?: number | null | undefined
  /** Milliseconds since 1970, 0 or more. Null, or leaving it out, means the time of the send. */
  readonly timestamp?: number | null | undefined
  readonly headers?: RecordHeaders | null | undefined
}

/**
 * The place of a record in the log. `JSON.stringify` writes the offset as a string, because JSON has no
 * bigint.
 */
export interface RecordMetadata {
  readonly topic: string
  readonly partition: number
  /**
   * Offset of the record in its partition. -1n if unknown: with `acks` 0, or if the broker only says that it
   * has the record already.
   */
  readonly offset: bigint
  /**
   * Milliseconds since 1970: the record's own timestamp, or the broker's time if the topic has LogAppendTime.
   */
  readonly timestamp: number
  /** Bytes of the key; -1 for a null key. */
  readonly serializedKeySize: number
  /** Bytes of the value; -1 for a null value. */
  readonly serializedValueSize: number
}
