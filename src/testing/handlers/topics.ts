import {
  CreatePartitions,
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
} from '../../protocol/create-partitions.js'
import {
  type CreatableTopic,
  type CreatableTopicResult,
  CreateTopics,
  type CreateTopicsRequest,
  type CreateTopicsResponse,
} from '../../protocol/create-topics.js'
import {
  DeleteTopics,
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
} from '../../protocol/delete-topics.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import type { Created, NewTopic } from '../cluster-state.js'
import { configSource } from '../config-view.js'
import { faultOr, type Handler, type HandlerContext } from '../handler.js'
import type { Topic } from '../topic-table.js'

/** The most partitions that one request may create (ReplicationControlManager). */
const MOST_PARTITIONS = 10_000
const TOO_MANY_PARTITIONS = 'Excessively large number of partitions per request.'

export function createTopicsHandler(
  context: HandlerContext,
): Handler<CreateTopicsRequest, CreateTopicsResponse> {
  const { cluster } = context
  return {
    api: CreateTopics,
    parts: (request) => request.topics.map(({ name }) => ({ topic: name, partition: null })),
    handle(request, exchange, answer) {
      const isTooMany = partitionsWanted(request, cluster.config.number('num.partitions')) > MOST_PARTITIONS
      const topics = request.topics.map((asked) => {
        let created: Created | null = null
        const part = { topic: asked.name, partition: null }
        const errorCode = faultOr(context, exchange, part, () => {
          if (isTooMany) {
            created = { errorCode: ErrorCode.POLICY_VIOLATION, message: TOO_MANY_PARTITIONS, topic: null }
            return created.errorCode
          }
          const nullConfig = asked.configs.find(({ value }) => value === null)
          if (nullConfig !== undefined) return ErrorCode.INVALID_CONFIG
          created = cluster.createTopic(newTopic(asked), request.validateOnly)
          return created.errorCode
        })
        return creationResult(asked.name, errorCode, created, request.validateOnly)
      })
      answer({ throttleTimeMs: exchange.throttleTimeMs, topics })
    },
  }
}

/** The number of partitions that a request creates, as Kafka counts them. */
function partitionsWanted({ topics }: CreateTopicsRequest, byDefault: number): number {
  return topics.reduce((sum, { numPartitions, assignments }) => {
    if (assignments.length > 0) return sum + assignments.length
    return sum + (numPartitions === -1 ? byDefault : Math.max(numPartitions, 0))
  }, 0)
}

function newTopic(asked: CreatableTopic): NewTopic {
  const base = {
    topic: asked.name,
    configs: Object.fromEntries(asked.configs.map(({ name, value }) => [name, value ?? ''])),
  }
  if (asked.assignments.length > 0) {
    const inOrder = [...asked.assignments].sort((a, b) => a.partitionIndex - b.partitionIndex)
    return { ...base, assignments: inOrder.map(({ brokerIds }) => brokerIds) }
  }
  return { ...base, numPartitions: asked.numPartitions, replicationFactor: asked.replicationFactor }
}

function creationResult(
  name: string,
  errorCode: number,
  created: Created | null,
  validateOnly: boolean,
): CreatableTopicResult {
  const topic = errorCode === ErrorCode.NONE ? (created?.topic ?? null) : null
  return {
    name,
    topicId: topic === null || validateOnly ? ZERO_UUID : topic.id,
    errorCode,
    errorMessage: created !== null && created.topic === null ? created.message : null,
    topicConfigErrorCode: ErrorCode.NONE,
    numPartitions: topic?.partitions.length ?? -1,
    replicationFactor: topic?.partitions[0]?.replicas.length ?? -1,
    configs:
      topic === null
        ? null
        : topic.config.shown().map(({ name: key, value, source }) => ({
            name: key,
            value,
            readOnly: false,
            configSource: configSource(source),
            isSensitive: false,
          })),
  }
}

export function deleteTopicsHandler(
  context: HandlerContext,
): Handler<DeleteTopicsRequest, DeleteTopicsResponse> {
  const { cluster } = context
  const asked = (request: DeleteTopicsRequest) => [
    ...request.topicNames.map((name) => ({ name, topicId: ZERO_UUID })),
    ...request.topics,
  ]
  const find = ({ name, topicId }: { readonly name: string | null; readonly topicId: string }) =>
    name === null ? cluster.topics.withId(topicId) : cluster.topics.named(name)
  return {
    api: DeleteTopics,
    parts: (request) =>
      asked(request).map((one) => ({ topic: find(one)?.name ?? one.name ?? '', partition: null })),
    handle(request, exchange, answer) {
      const responses = asked(request).map((one) => {
        const topic: Topic | undefined = find(one)
        const part = { topic: topic?.name ?? one.name ?? '', partition: null }
        const errorCode = faultOr(context, exchange, part, () => {
          if (!cluster.config.boolean('delete.topic.enable')) return ErrorCode.TOPIC_DELETION_DISABLED
          if (topic === undefined) {
            return one.name === null ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
          }
          cluster.topics.remove(topic)
          return ErrorCode.NONE
        })
        return {
          name: topic?.name ?? one.name,
          topicId: topic?.id ?? one.topicId,
          errorCode,
          errorMessage: null,
        }
      })
      answer({ throttleTimeMs: exchange.throttleTimeMs, responses })
    },
  }
}

export function createPartitionsHandler(
  context: HandlerContext,
): Handler<CreatePartitionsRequest, CreatePartitionsResponse> {
  const { cluster } = context
  return {
    api: CreatePartitions,
    parts: (request) => request.topics.map(({ name }) => ({ topic: name, partition: null })),
    handle(request, exchange, answer) {
      const results = request.topics.map(({ name, count, assignments }) => {
        let errorMessage: string | null = null
        const errorCode = faultOr(context, exchange, { topic: name, partition: null }, () => {
          const topic = cluster.topics.named(name)
          if (topic === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
          const chosen = assignments?.map(({ brokerIds }) => brokerIds) ?? null
          const added = count - topic.partitions.length
          if (chosen !== null && added > 0 && chosen.length !== added) {
            errorMessage = `${chosen.length} assignments for ${added} new partitions`
            return ErrorCode.INVALID_REPLICA_ASSIGNMENT
          }
          if (request.validateOnly && added > 0) return ErrorCode.NONE
          errorMessage = cluster.addPartitions(topic, count, chosen)
          return errorMessage === null ? ErrorCode.NONE : ErrorCode.INVALID_PARTITIONS
        })
        return { name, errorCode, errorMessage }
      })
      answer({ throttleTimeMs: exchange.throttleTimeMs, results })
    },
  }
}
