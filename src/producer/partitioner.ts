import crc32 from 'crc-32'
import { InvalidRecordError } from '../errors.js'
import { shown } from '../unexpected.js'
import { AvailablePartitions, type TopicPartitions } from './available-partitions.js'
import { partitionForKey } from './murmur2.js'
import type { Bytes } from './record.js'
import { ANY_PARTITION } from './sticky-partitioner.js'

/** What a partitioner of the user's own decides by. */
export interface PartitionerArguments<K = Bytes, V = Bytes> {
  readonly topic: string
  /** The record's key as it was given; null if it has none. */
  readonly key: K | null
  /** The key as serialized. Only to be read, and only during the call. */
  readonly keyBytes: Uint8Array | null
  readonly value: V | null
  /** The value as serialized. Only to be read, and only during the call. */
  readonly valueBytes: Uint8Array | null
  /** All partitions of the topic; the index is the partition's number, a `leaderId` of -1 means that it has no leader at present. */
  readonly partitions: TopicPartitions['partitions']
}

/** Returns the number of a partition. Synchronous; not called for a record that names its partition. */
export type PartitionerFunction<K = Bytes, V = Bytes> = (record: PartitionerArguments<K, V>) => number

export type PartitionerName = 'default' | 'round-robin' | 'crc32-consistent'

/**
 * Chooses for the records of one topic that name no partition, by their key's bytes at most. An instance belongs to its topic.
 */
export interface TopicPartitioner {
  /**
   * @param key null for a record without a key, else a buffer with the key's bytes from `start` to `end`
   * @returns a partition, or ANY_PARTITION for wherever the topic's StickyPartitioner is
   */
  choose(topic: TopicPartitions, key: Uint8Array | null, start: number, end: number): number
}

/** Java's: by the murmur2 hash of the key, leaderless partitions included; without a key, sticky. */
const byMurmur2: TopicPartitioner = {
  choose(topic, key, start, end) {
    return key === null ? ANY_PARTITION : partitionForKey(topic.partitions.length, key, start, end)
  },
}

/** Java's with `partitioner.ignore.keys`. */
const sticky: TopicPartitioner = { choose: () => ANY_PARTITION }

/** librdkafka's `consistent_random`: by CRC-32 of the key; without a key or with an empty one, sticky, as there. */
const byCrc32: TopicPartitioner = {
  choose(topic, key, start, end) {
    if (key === null || start === end) return ANY_PARTITION
    return (crc32.buf(key.subarray(start, end)) >>> 0) % topic.partitions.length
  },
}

/** Java's RoundRobinPartitioner: the partitions that have a leader in turn, whatever the key. */
class RoundRobin implements TopicPartitioner {
  readonly #available = new AvailablePartitions()
  #next = 0

  choose(topic: TopicPartitions): number {
    const candidates = this.#available.of(topic)
    const index = this.#next % candidates.length
    this.#next = (this.#next + 1) & 0x7fffffff
    return candidates[index] as number
  }
}

/** One of the partitioners this package brings, for one topic. */
export function topicPartitioner(name: PartitionerName, ignoreKeys: boolean): TopicPartitioner {
  switch (name) {
    case 'default':
      return ignoreKeys ? sticky : byMurmur2
    case 'round-robin':
      return new RoundRobin()
    case 'crc32-consistent':
      return byCrc32
    default:
      throw new TypeError(`no partitioner ${String(name satisfies never)}`)
  }
}

/**
 * Asks the user's own partitioner.
 *
 * @throws InvalidRecordError if it throws, or returns anything but the number of one of the topic's partitions
 */
export function askPartitioner<K, V>(
  partitioner: PartitionerFunction<K, V>,
  record: PartitionerArguments<K, V>,
): number {
  const { topic, partitions } = record
  let partition: unknown
  try {
    partition = partitioner(record)
  } catch (cause) {
    throw new InvalidRecordError(`the partitioner threw for a record to topic ${topic}: ${shown(cause)}`, {
      topic,
      cause,
    })
  }
  if (typeof partition === 'number' && partitions[partition] !== undefined) return partition
  throw new InvalidRecordError(
    `the partitioner returned ${described(partition)} for a record to topic ${topic}: it must return a whole number from 0 to ${partitions.length - 1}`,
    { topic },
  )
}

function described(returned: unknown): string {
  if (typeof returned === 'string') return `the string ${JSON.stringify(returned.slice(0, 50))}`
  if (returned instanceof Promise) return 'a promise'
  if (typeof returned === 'object' && returned !== null) return 'an object'
  return typeof returned === 'function' ? 'a function' : String(returned)
}
