import type { Bytes } from './serializer.js'

/** The part of a topic's metadata that a partitioner needs. */
export interface TopicPartitions {
  /** The index is the partition's number; never empty. */
  readonly partitions: readonly AvailablePartition[]
}

export interface AvailablePartition {
  readonly partition: number
  /** -1: the partition has no leader at present. */
  readonly leaderId: number
}

/** The arguments of a user's partitioner function. */
export interface PartitionerArguments<K = Bytes, V = Bytes> {
  readonly topic: string
  /** The record's key as it was given; null if it has none. */
  readonly key: K | null
  /** The serialized key. The function may only read it, and only during the call. */
  readonly keyBytes: Uint8Array | null
  readonly value: V | null
  /** The serialized value. The function may only read it, and only during the call. */
  readonly valueBytes: Uint8Array | null
  /**
   * All partitions of the topic. The index is the partition's number. A `leaderId` of -1 means that the
   * partition has no leader at present.
   */
  readonly partitions: TopicPartitions['partitions']
}

/**
 * Returns the number of a partition. It is synchronous, and is not called for a record that names its
 * partition.
 */
export type PartitionerFunction<K = Bytes, V = Bytes> = (record: PartitionerArguments<K, V>) => number

export type PartitionerName = 'default' | 'round-robin' | 'crc32-consistent'
