import {
  CLUSTER_OPERATIONS,
  OPERATIONS_NOT_ASKED,
  TOPIC_OPERATIONS,
} from '../../protocol/authorized-operations.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import {
  Metadata,
  type MetadataPartition,
  type MetadataRequest,
  type MetadataRequestTopic,
  type MetadataResponse,
  type MetadataTopic,
} from '../../protocol/metadata.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import type { ClusterState } from '../cluster-state.js'
import type { Handler, HandlerContext } from '../handler.js'
import type { Exchange, Part } from '../interceptor.js'
import { type Partition, type Topic, topicNameComplaint } from '../topic-table.js'

export function metadataHandler(context: HandlerContext): Handler<MetadataRequest, MetadataResponse> {
  const { cluster } = context
  return {
    api: Metadata,
    parts: (request) => {
      const names = request.topics?.map((asked) => nameOf(cluster, asked)) ?? allNames(cluster)
      return names.map((topic) => ({ topic, partition: null }))
    },
    handle(request, exchange, answer) {
      const asked = request.topics?.map((topic) => ({ ...topic })) ?? everyTopic(cluster)
      const topics = asked.flatMap((topic) => describe(context, request, exchange, topic))
      answer({
        throttleTimeMs: exchange.throttleTimeMs,
        brokers: cluster.upNodes().map(({ id, host, port }) => ({ nodeId: id, host, port, rack: null })),
        clusterId: cluster.clusterId,
        controllerId: cluster.controllerId,
        topics,
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? CLUSTER_OPERATIONS & ~context.interceptors.deniedOperations(exchange, null)
          : OPERATIONS_NOT_ASKED,
        errorCode: wholeError(context, exchange),
      })
    },
  }
}

/**
 * The error of the whole response. Only REBOOTSTRAP_REQUIRED can be one (KIP-1102). Any other error belongs
 * to a topic.
 */
function wholeError({ interceptors }: HandlerContext, exchange: Exchange): number {
  const injected = interceptors.partError(exchange, null)
  return injected === ErrorCode.REBOOTSTRAP_REQUIRED ? injected : ErrorCode.NONE
}

function describe(
  context: HandlerContext,
  request: MetadataRequest,
  exchange: Exchange,
  asked: MetadataRequestTopic,
): MetadataTopic[] {
  const { cluster, interceptors } = context
  const part: Part = { topic: nameOf(cluster, asked), partition: null }
  if (interceptors.hides(exchange, part.topic)) return []
  const injected = interceptors.partError(exchange, part)
  if (injected !== undefined && injected !== ErrorCode.REBOOTSTRAP_REQUIRED)
    return [failedTopic(injected, part.topic, asked.topicId)]
  const operationsOf = ({ name }: Topic): number =>
    request.includeTopicAuthorizedOperations
      ? TOPIC_OPERATIONS & ~interceptors.deniedOperations(exchange, name)
      : OPERATIONS_NOT_ASKED
  if (asked.name === null) {
    const topic = cluster.topics.withId(asked.topicId)
    return [
      topic === undefined
        ? failedTopic(ErrorCode.UNKNOWN_TOPIC_ID, null, asked.topicId)
        : describedTopic(cluster, topic, operationsOf(topic)),
    ]
  }
  const topic = cluster.topics.named(asked.name) ?? created(cluster, asked.name, request)
  if (typeof topic === 'number') return [failedTopic(topic, asked.name, ZERO_UUID)]
  return [describedTopic(cluster, topic, operationsOf(topic))]
}

/** The topic that this request creates, or the error code for it. */
function created(cluster: ClusterState, name: string, request: MetadataRequest): Topic | number {
  if (topicNameComplaint(name) !== null) return ErrorCode.INVALID_TOPIC_EXCEPTION
  if (!request.allowAutoTopicCreation || !cluster.config.boolean('auto.create.topics.enable'))
    return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  const { errorCode, topic } = cluster.createTopic({ topic: name })
  if (errorCode === ErrorCode.INVALID_TOPIC_EXCEPTION) return errorCode
  // Kafka creates the topic only after it has answered UNKNOWN_TOPIC_OR_PARTITION.
  return cluster.autoCreation === 'immediate' && topic !== null ? topic : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

function describedTopic(
  cluster: ClusterState,
  topic: Topic,
  topicAuthorizedOperations: number,
): MetadataTopic {
  return {
    errorCode: ErrorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: false,
    partitions: topic.partitions.map((partition) => describedPartition(cluster, partition)),
    topicAuthorizedOperations,
  }
}

function describedPartition(cluster: ClusterState, partition: Partition): MetadataPartition {
  return {
    errorCode: partition.leader === -1 ? ErrorCode.LEADER_NOT_AVAILABLE : 0,
    partitionIndex: partition.index,
    leaderId: partition.leader,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.inSync,
    offlineReplicas: partition.replicas.filter((id) => cluster.nodes.get(id)?.up !== true),
  }
}

function failedTopic(errorCode: number, name: string | null, topicId: string): MetadataTopic {
  return {
    errorCode,
    name,
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }
}

function nameOf(cluster: ClusterState, { name, topicId }: MetadataRequestTopic): string {
  return name ?? cluster.topics.withId(topicId)?.name ?? ''
}

function allNames(cluster: ClusterState): string[] {
  return cluster.topics.all().map(({ name }) => name)
}

function everyTopic(cluster: ClusterState): MetadataRequestTopic[] {
  return allNames(cluster).map((name) => ({ name, topicId: ZERO_UUID }))
}
