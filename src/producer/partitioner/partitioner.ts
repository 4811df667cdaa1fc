import { types } from 'node:util'
import crc32 from 'crc-32'
import type {
  PartitionerArguments,
  PartitionerFunction,
  PartitionerName,
  TopicPartitions,
} from '../../config/partitioner-function.js'
import { InvalidRecordError } from '../../errors.js'
import { shown } from '../../unexpected.js'
import { AvailablePartitions } from './available-partitions.js'
import { partitionForKey } from './murmur2.js'
import { ANY_PARTITION } from './sticky-partitioner.js'

/**
 * Chooses the partition of a record that names none. It sees at most the bytes of the key. Each topic has its
 * own instance.
 */
export interface TopicPartitioner {
  /**
   * @param key null for a record without a key, else a buffer with the key's bytes from `start` to `end`
   * @returns a partition, or ANY_PARTITION to leave the choice to the topic's StickyPartitioner
   */
  choose(topic: TopicPartitions, key: Uint8Array | null, start: number, end: number): number
}

/**
 * Java's default: by the murmur2 hash of the key, with partitions without a leader included; sticky without a
 * key.
 */
const byMurmur2: TopicPartitioner = {
  choose(topic, key, start, end) {
    return key === null ? ANY_PARTITION : partitionForKey(topic.partitions.length, key, start, end)
  },
}

/** Java's default with `partitioner.ignore.keys`. */
const sticky: TopicPartitioner = { choose: () => ANY_PARTITION }

/** librdkafka's `consistent_random`: by CRC-32 of the key; sticky without a key or with an empty one. */
const byCrc32: TopicPartitioner = {
  choose(topic, key, start, end) {
    if (key === null || start === end) return ANY_PARTITION
    return (crc32.buf(key.subarray(start, end)) >>> 0) % topic.partitions.length
  },
}

/** Java's RoundRobinPartitioner: the partitions with a leader in turn, whatever the key. */
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

/** A built-in partitioner, for one topic. */
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
 * Calls the user's own partitioner.
 *
 * @throws InvalidRecordError if it throws, or returns anything but the number of one of the topic's
 * partitions
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
  if (types.isPromise(returned)) return 'a promise'
  if (typeof returned === 'object' && returned !== null) return 'an object'
  return typeof returned === 'function' ? 'a function' : String(returned)
}
