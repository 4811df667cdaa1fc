import { KafkaError } from '../errors.js'
import type { CreatePartitionsTopic } from '../protocol/create-partitions.js'
import type { CreatableTopic } from '../protocol/create-topics.js'
import { shown } from '../unexpected.js'

/** A topic to create. */
export interface NewTopic {
  readonly topic: string
  /** The brokers' default unless given. */
  readonly numPartitions?: number
  /** The brokers' default unless given. */
  readonly replicationFactor?: number
  /** Topic settings by Kafka's names, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string | number | boolean>>
  /** The node ids that hold each partition, the first of each its leader; instead of a number and a factor. */
  readonly assignments?: readonly (readonly number[])[]
}

/** A topic that is to have more partitions. Its records stay where they are; keys may belong to other partitions from then on. */
export interface NewPartitions {
  readonly topic: string
  /** How many partitions in all. */
  readonly totalCount: number
  /** The node ids that hold each new partition. */
  readonly assignments?: readonly (readonly number[])[]
}

export function creatableTopic(topic: NewTopic): CreatableTopic {
  const { assignments, configs = {} } = topic
  if (
    assignments !== undefined &&
    (topic.numPartitions !== undefined || topic.replicationFactor !== undefined)
  ) {
    throw invalid(topic.topic, 'give either assignments or numPartitions and replicationFactor, not both')
  }
  checkAssignments(topic.topic, assignments)
  if (typeof configs !== 'object' || configs === null)
    throw invalid(topic.topic, `configs must be an object, got ${shown(configs)}`)
  return {
    name: topic.topic,
    numPartitions: count(topic.topic, 'numPartitions', topic.numPartitions, 0x7fffffff),
    replicationFactor: count(topic.topic, 'replicationFactor', topic.replicationFactor, 0x7fff),
    assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: Object.entries(configs).map(([name, value]) => ({ name, value: String(value) })),
  }
}

export function partitionsToCreate({ topic, totalCount, assignments }: NewPartitions): CreatePartitionsTopic {
  checkAssignments(topic, assignments)
  return {
    name: topic,
    count: count(topic, 'totalCount', totalCount, 0x7fffffff),
    assignments: assignments?.map((brokerIds) => ({ brokerIds })) ?? null,
  }
}

/** -1 is how Kafka says that its own default is wanted. */
function count(topic: string, name: string, value: number | undefined, max: number): number {
  if (value === undefined || value === -1) return -1
  if (!Number.isInteger(value) || value < 1 || value > max) {
    throw invalid(topic, `${name} must be a whole number from 1 to ${max}, got ${shown(value)}`)
  }
  return value
}

function checkAssignments(topic: string, assignments: unknown): void {
  if (assignments === undefined) return
  const isRight = Array.isArray(assignments) && Array.from(assignments).every(isListOfNodeIds)
  if (!isRight) throw invalid(topic, 'assignments must be an array of arrays of node ids')
}

function isListOfNodeIds(given: unknown): boolean {
  return (
    Array.isArray(given) &&
    Array.from(given).every((id) => Number.isInteger(id) && Math.abs(id) <= 0x7fffffff)
  )
}

function invalid(topic: string, rule: string): KafkaError {
  return new KafkaError(`topic ${topic}: ${rule}`, { code: 'INVALID_REQUEST', topic })
}
