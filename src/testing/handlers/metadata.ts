import { OPERATIONS_NOT_ASKED } from '../../protocol/authorized-operations.js'
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
import { ErrorCode } from '../error-code.js'
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
        clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
        errorCode: wholeError(context, exchange),
      })
    },
  }
}

/** The one error that is about the whole answer (KIP-1102); any other belongs to a topic. */
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
  if (asked.name === null) {
    const topic = cluster.topics.withId(asked.topicId)
    return [
      topic === undefined
        ? failedTopic(ErrorCode.UNKNOWN_TOPIC_ID, null, asked.topicId)
        : describedTopic(cluster, topic),
    ]
  }
  const topic = cluster.topics.named(asked.name)
  if (topic !== undefined) return [describedTopic(cluster, topic)]
  return [failedTopic(missing(cluster, asked.name, request), asked.name, ZERO_UUID)]
}

/** Kafka's first answer about a topic that it creates on its own is that it does not know it. */
function missing(cluster: ClusterState, name: string, request: MetadataRequest): number {
  if (topicNameComplaint(name) !== null) return ErrorCode.INVALID_TOPIC_EXCEPTION
  if (request.allowAutoTopicCreation && cluster.config.boolean('auto.create.topics.enable')) {
    const created = cluster.createTopic({ topic: name })
    if (created.errorCode === ErrorCode.INVALID_TOPIC_EXCEPTION) return created.errorCode
  }
  return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
}

function describedTopic(cluster: ClusterState, topic: Topic): MetadataTopic {
  return {
    errorCode: 0,
    name: topic.name,
    topicId: topic.id,
    isInternal: false,
    partitions: topic.partitions.map((partition) => describedPartition(cluster, partition)),
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
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
