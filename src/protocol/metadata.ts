import type { Api } from './api.js'
import { OPERATIONS_NOT_ASKED } from './authorized-operations.js'
import type { Reader } from './reader.js'
import { ZERO_UUID } from './uuid.js'
import type { Writer } from './writer.js'

export interface MetadataRequest {
  /** Null asks for every topic. An empty list asks for the brokers only. */
  readonly topics: readonly MetadataRequestTopic[] | null
  readonly allowAutoTopicCreation: boolean
  /** v8 to v10 */
  readonly includeClusterAuthorizedOperations: boolean
  /** v8 */
  readonly includeTopicAuthorizedOperations: boolean
}

export interface MetadataRequestTopic {
  /** v10, but brokers ignore it before v12. The zero id if the name identifies the topic. */
  readonly topicId: string
  /** v10: null if the id identifies the topic. */
  readonly name: string | null
}

export interface MetadataResponse {
  readonly throttleTimeMs: number
  readonly brokers: readonly MetadataBroker[]
  readonly clusterId: string | null
  /** -1 if unknown. */
  readonly controllerId: number
  readonly topics: readonly MetadataTopic[]
  /** v8 to v10: a bit field, or OPERATIONS_NOT_ASKED. */
  readonly clusterAuthorizedOperations: number
  /** v13: an error of the whole request, such as REBOOTSTRAP_REQUIRED (KIP-1102). */
  readonly errorCode: number
}

export interface MetadataBroker {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

export interface MetadataTopic {
  readonly errorCode: number
  /** v12: null if the request named the topic by an id that the broker does not know. */
  readonly name: string | null
  /** v10 */
  readonly topicId: string
  readonly isInternal: boolean
  readonly partitions: readonly MetadataPartition[]
  /** v8: a bit field, or OPERATIONS_NOT_ASKED. */
  readonly topicAuthorizedOperations: number
}

export interface MetadataPartition {
  readonly errorCode: number
  readonly partitionIndex: number
  /** -1 if there is none. */
  readonly leaderId: number
  /** v7; -1 if unknown. */
  readonly leaderEpoch: number
  readonly replicaNodes: readonly number[]
  readonly isrNodes: readonly number[]
  /** v5 */
  readonly offlineReplicas: readonly number[]
}

/**
 * v5 offline replicas; v7 leader epochs; v8 authorized operations (KIP-430); v9 flexible; v10 topic ids
 * (KIP-516); v11 no cluster authorized operations; v12 topics by id; v13 an error code of the whole response
 * (KIP-1102). https://kafka.apache.org/protocol#The_Messages_Metadata
 */
export const Metadata: Api<MetadataRequest, MetadataResponse> = {
  key: 3,
  name: 'Metadata',
  versions: [4, 13],
  flexibleFrom: 9,
  writeRequest(w, request) {
    w.nullableArray(request.topics, writeRequestTopic)
    w.boolean(request.allowAutoTopicCreation)
    if (w.version >= 8 && w.version <= 10) w.boolean(request.includeClusterAuthorizedOperations)
    if (w.version >= 8) w.boolean(request.includeTopicAuthorizedOperations)
    w.tags()
  },
  readRequest(r) {
    const topics = r.nullableArray(readRequestTopic)
    const allowAutoTopicCreation = r.boolean()
    const includeClusterAuthorizedOperations = r.version >= 8 && r.version <= 10 ? r.boolean() : false
    const includeTopicAuthorizedOperations = r.version >= 8 ? r.boolean() : false
    r.tags()
    return {
      topics,
      allowAutoTopicCreation,
      includeClusterAuthorizedOperations,
      includeTopicAuthorizedOperations,
    }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.array(response.brokers, writeBroker)
    w.nullableString(response.clusterId)
    w.int32(response.controllerId)
    w.array(response.topics, writeTopic)
    if (w.version >= 8 && w.version <= 10) w.int32(response.clusterAuthorizedOperations)
    if (w.version >= 13) w.int16(response.errorCode)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const brokers = r.array(readBroker)
    const clusterId = r.nullableString()
    const controllerId = r.int32()
    const topics = r.array(readTopic)
    const clusterAuthorizedOperations = r.version >= 8 && r.version <= 10 ? r.int32() : OPERATIONS_NOT_ASKED
    const errorCode = r.version >= 13 ? r.int16() : 0
    r.tags()
    return {
      throttleTimeMs,
      brokers,
      clusterId,
      controllerId,
      topics,
      clusterAuthorizedOperations,
      errorCode,
    }
  },
}

function writeRequestTopic(w: Writer, topic: MetadataRequestTopic): void {
  if (w.version >= 10) w.uuid(topic.topicId)
  w.nullableStringFrom(10, topic.name)
  w.tags()
}

function readRequestTopic(r: Reader): MetadataRequestTopic {
  const topicId = r.version >= 10 ? r.uuid() : ZERO_UUID
  const name = r.nullableStringFrom(10)
  r.tags()
  return { topicId, name }
}

function writeBroker(w: Writer, broker: MetadataBroker): void {
  w.int32(broker.nodeId)
  w.string(broker.host)
  w.int32(broker.port)
  w.nullableString(broker.rack)
  w.tags()
}

function readBroker(r: Reader): MetadataBroker {
  const nodeId = r.int32()
  const host = r.string()
  const port = r.int32()
  const rack = r.nullableString()
  r.tags()
  return { nodeId, host, port, rack }
}

function writeTopic(w: Writer, topic: MetadataTopic): void {
  w.int16(topic.errorCode)
  w.nullableStringFrom(12, topic.name)
  if (w.version >= 10) w.uuid(topic.topicId)
  w.boolean(topic.isInternal)
  w.array(topic.partitions, writePartition)
  if (w.version >= 8) w.int32(topic.topicAuthorizedOperations)
  w.tags()
}

function readTopic(r: Reader): MetadataTopic {
  const errorCode = r.int16()
  const name = r.nullableStringFrom(12)
  const topicId = r.version >= 10 ? r.uuid() : ZERO_UUID
  const isInternal = r.boolean()
  const partitions = r.array(readPartition)
  const topicAuthorizedOperations = r.version >= 8 ? r.int32() : OPERATIONS_NOT_ASKED
  r.tags()
  return { errorCode, name, topicId, isInternal, partitions, topicAuthorizedOperations }
}

function writePartition(w: Writer, partition: MetadataPartition): void {
  w.int16(partition.errorCode)
  w.int32(partition.partitionIndex)
  w.int32(partition.leaderId)
  if (w.version >= 7) w.int32(partition.leaderEpoch)
  w.int32Array(partition.replicaNodes)
  w.int32Array(partition.isrNodes)
  if (w.version >= 5) w.int32Array(partition.offlineReplicas)
  w.tags()
}

function readPartition(r: Reader): MetadataPartition {
  const errorCode = r.int16()
  const partitionIndex = r.int32()
  const leaderId = r.int32()
  const leaderEpoch = r.version >= 7 ? r.int32() : -1
  const replicaNodes = r.int32Array()
  const isrNodes = r.int32Array()
  const offlineReplicas = r.version >= 5 ? r.int32Array() : []
  r.tags()
  return { errorCode, partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas }
}
