import type { Api } from './api.js'
import {
  type LeaderHint,
  type NodeEndpoint,
  readEndpoint,
  readLeader,
  writeEndpoint,
  writeLeader,
} from './leader-hint.js'
import type { Reader } from './reader.js'
import { ZERO_UUID } from './uuid.js'
import type { Writer } from './writer.js'

export type { LeaderHint, NodeEndpoint } from './leader-hint.js'

export interface ProduceRequest {
  readonly transactionalId: string | null
  /** 0, 1, or -1 for all in-sync replicas. */
  readonly acks: number
  /** How long the leader waits for its followers, in milliseconds. */
  readonly timeoutMs: number
  readonly topics: readonly ProduceTopic[]
}

export interface ProduceTopic {
  /** On the wire up to v12. */
  readonly name: string
  /** On the wire from v13. */
  readonly topicId: string
  readonly partitions: readonly ProducePartition[]
}

export interface ProducePartition {
  readonly index: number
  readonly records: Uint8Array | null
}

export interface ProduceResponse {
  readonly topics: readonly ProduceTopicResult[]
  readonly throttleTimeMs: number
  /** v10: the addresses of the leaders named in the partitions' results. */
  readonly nodeEndpoints: readonly NodeEndpoint[]
}

export interface ProduceTopicResult {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly ProducePartitionResult[]
}

export interface ProducePartitionResult {
  readonly index: number
  readonly errorCode: number
  /** -1 if nothing was appended, or if the broker does not know the offset. */
  readonly baseOffset: bigint
  /** -1 if the topic keeps the producer's timestamps. */
  readonly logAppendTimeMs: bigint
  /** v5; -1 if unknown. */
  readonly logStartOffset: bigint
  /** v8: the records because of which the broker refused the batch (KIP-467). */
  readonly recordErrors: readonly RecordErrorResult[]
  readonly errorMessage: string | null
  /** v10: the partition's present leader (KIP-951). */
  readonly currentLeader: LeaderHint | null
}

export interface RecordErrorResult {
  readonly batchIndex: number
  readonly message: string | null
}

/**
 * v5 log start offset; v7 zstd; v8 record errors (KIP-467); v9 flexible; v10 leader hints (KIP-951); v11
 * transaction protocol 2; v12 partitions join a transaction by themselves (KIP-890); v13 topic ids (KIP-516).
 * https://kafka.apache.org/protocol#The_Messages_Produce
 */
export const Produce: Api<ProduceRequest, ProduceResponse> = {
  key: 0,
  name: 'Produce',
  versions: [3, 13],
  flexibleFrom: 9,
  writeRequest(w, request) {
    w.nullableString(request.transactionalId)
    w.int16(request.acks)
    w.int32(request.timeoutMs)
    w.array(request.topics, writeTopic)
    w.tags()
  },
  readRequest(r) {
    const transactionalId = r.nullableString()
    const acks = r.int16()
    const timeoutMs = r.int32()
    const topics = r.array(readTopic)
    r.tags()
    return { transactionalId, acks, timeoutMs, topics }
  },
  writeResponse(w, response) {
    w.array(response.topics, writeTopicResult)
    w.int32(response.throttleTimeMs)
    const endpoints = response.nodeEndpoints
    w.taggedFields([
      [0, w.version >= 10 && endpoints.length > 0 ? (field) => field.array(endpoints, writeEndpoint) : null],
    ])
  },
  readResponse(r) {
    const topics = r.array(readTopicResult)
    const throttleTimeMs = r.int32()
    let nodeEndpoints: NodeEndpoint[] = []
    r.taggedFields((tag, field) => {
      if (tag === 0 && r.version >= 10) nodeEndpoints = field.array(readEndpoint)
    })
    return { topics, throttleTimeMs, nodeEndpoints }
  },
}

function writeTopic(w: Writer, topic: ProduceTopic): void {
  if (w.version >= 13) w.uuid(topic.topicId)
  else w.string(topic.name)
  w.array(topic.partitions, writePartition)
  w.tags()
}

function readTopic(r: Reader): ProduceTopic {
  const topicId = r.version >= 13 ? r.uuid() : ZERO_UUID
  const name = r.version >= 13 ? '' : r.string()
  const partitions = r.array(readPartition)
  r.tags()
  return { name, topicId, partitions }
}

function writePartition(w: Writer, partition: ProducePartition): void {
  w.int32(partition.index)
  w.records(partition.records) // by reference: a sealed batch is never copied again
  w.tags()
}

function readPartition(r: Reader): ProducePartition {
  const index = r.int32()
  const records = r.records()
  r.tags()
  return { index, records }
}

function writeTopicResult(w: Writer, topic: ProduceTopicResult): void {
  if (w.version >= 13) w.uuid(topic.topicId)
  else w.string(topic.name)
  w.array(topic.partitions, writePartitionResult)
  w.tags()
}

function readTopicResult(r: Reader): ProduceTopicResult {
  const topicId = r.version >= 13 ? r.uuid() : ZERO_UUID
  const name = r.version >= 13 ? '' : r.string()
  const partitions = r.array(readPartitionResult)
  r.tags()
  return { name, topicId, partitions }
}

function writePartitionResult(w: Writer, partition: ProducePartitionResult): void {
  w.int32(partition.index)
  w.int16(partition.errorCode)
  w.int64(partition.baseOffset)
  w.int64(partition.logAppendTimeMs)
  if (w.version >= 5) w.int64(partition.logStartOffset)
  if (w.version >= 8) {
    w.array(partition.recordErrors, writeRecordError)
    w.nullableString(partition.errorMessage)
  }
  const leader = partition.currentLeader
  w.taggedFields([[0, w.version >= 10 && leader !== null ? (field) => writeLeader(field, leader) : null]])
}

function readPartitionResult(r: Reader): ProducePartitionResult {
  const index = r.int32()
  const errorCode = r.int16()
  const baseOffset = r.int64()
  const logAppendTimeMs = r.int64()
  const logStartOffset = r.version >= 5 ? r.int64() : -1n
  const recordErrors = r.version >= 8 ? r.array(readRecordError) : []
  const errorMessage = r.version >= 8 ? r.nullableString() : null
  let currentLeader: LeaderHint | null = null
  r.taggedFields((tag, field) => {
    if (tag === 0 && r.version >= 10) currentLeader = readLeader(field)
  })
  return {
    index,
    errorCode,
    baseOffset,
    logAppendTimeMs,
    logStartOffset,
    recordErrors,
    errorMessage,
    currentLeader,
  }
}

function writeRecordError(w: Writer, recordError: RecordErrorResult): void {
  w.int32(recordError.batchIndex)
  w.nullableString(recordError.message)
  w.tags()
}

function readRecordError(r: Reader): RecordErrorResult {
  const batchIndex = r.int32()
  const message = r.nullableString()
  r.tags()
  return { batchIndex, message }
}
