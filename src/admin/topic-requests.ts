import { KafkaError } from '../errors.js'
import type { CreatePartitionsTopic } from '../protocol/create-partitions.js'
import type { CreatableTopic } from '../protocol/create-topics.js'
import { shown } from '../unexpected.js'

/** A topic to create. */
export interface NewTopic {
  readonly topic: string
  /** The brokers' default unless given. */
  readonly numPartitions?: number | undefined
  /** The brokers' default unless given. */
  readonly replicationFactor?: number | undefined
  /** Topic settings by Kafka's names, such as `{ 'cleanup.policy': 'compact' }`. */
  readonly configs?: Readonly<Record<string, string | number | boolean | undefined>> | undefined
  /**
   * The node ids of each partition's replicas. The first is the preferred leader. Given instead of
   * `numPartitions` and `replicationFactor`.
   */
  readonly assignments?: readonly (readonly number[])[] | undefined
}

/**
 * A topic that gets more partitions. Its records stay in their partitions. Later records with the same key
 * may go to another partition.
 */
export interface NewPartitions {
  readonly topic: string
  /** The number of partitions that the topic has afterwards. */
  readonly totalCount: number
  /** The node ids of each new partition's replicas. */
  readonly assignments?: readonly (readonly number[])[] | undefined
}

export const newTopicFields: readonly string[] = Object.keys({
  topic: true,
  numPartitions: true,
  replicationFactor: true,
  configs: true,
  assignments: true,
} satisfies Record<keyof NewTopic, true>)

export const newPartitionsFields: readonly string[] = Object.keys({
  topic: true,
  totalCount: true,
  assignments: true,
} satisfies Record<keyof NewPartitions, true>)

export function creatableTopic(topic: NewTopic): CreatableTopic {
  const { assignments, configs = {} } = topic
  if (
    assignments !== undefined &&
    (topic.numPartitions !== undefined || topic.replicationFactor !== undefined)
  ) {
    throw invalid(topic.topic, 'give either assignments or numPartitions and replicationFactor, not both')
  }
  checkAssignments(topic.topic, assignments)
  return {
    name: topic.topic,
    numPartitions: count(topic.topic, 'numPartitions', topic.numPartitions, 0x7fffffff),
    replicationFactor: count(topic.topic, 'replicationFactor', topic.replicationFactor, 0x7fff),
    assignments: (assignments ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds })),
    configs: topicConfigs(topic.topic, configs),
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

function topicConfigs(topic: string, configs: unknown): { name: string; value: string }[] {
  if (typeof configs !== 'object' || configs === null || Array.isArray(configs))
    throw invalid(topic, `configs must be an object, got ${shown(configs)}`)
  return Object.entries(configs)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (!['string', 'number', 'boolean'].includes(typeof value))
        throw invalid(
          topic,
          `the config ${name} must be a string, a number or a boolean, got ${shown(value)}`,
        )
      return { name, value: String(value) }
    })
}

/** In Kafka's requests, -1 stands for the brokers' default. */
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
