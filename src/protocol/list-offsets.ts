import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** Timestamps that ask for a position in the log instead of a time. */
export const LATEST_OFFSET = -1n
export const EARLIEST_OFFSET = -2n
/** v7 */
export const MAX_TIMESTAMP_OFFSET = -3n
/** v8 */
export const EARLIEST_LOCAL_OFFSET = -4n
/** v9 */
export const LATEST_TIERED_OFFSET = -5n
/** v11 */
export const EARLIEST_PENDING_UPLOAD_OFFSET = -6n

export interface ListOffsetsRequest {
  /** -1 for a consumer. */
  readonly replicaId: number
  /** v2: 0 reads all records, 1 committed ones only. */
  readonly isolationLevel: number
  readonly topics: readonly ListOffsetsTopic[]
  /** v10: how long a search in remote storage may take, in milliseconds. */
  readonly timeoutMs: number
}

export interface ListOffsetsTopic {
  readonly name: string
  readonly partitions: readonly ListOffsetsPartition[]
}

export interface ListOffsetsPartition {
  readonly partitionIndex: number
  /** v4; -1 for none. */
  readonly currentLeaderEpoch: number
  /** Milliseconds since 1970, which asks for the first record from then on; or one of the constants above. */
  readonly timestamp: bigint
}

export interface ListOffsetsResponse {
  /** v2 */
  readonly throttleTimeMs: number
  readonly topics: readonly ListOffsetsTopicResult[]
}

export interface ListOffsetsTopicResult {
  readonly name: string
  readonly partitions: readonly ListOffsetsPartitionResult[]
}

export interface ListOffsetsPartitionResult {
  readonly partitionIndex: number
  readonly errorCode: number
  /** -1 if the broker looked at no record. */
  readonly timestamp: bigint
  /** -1 if there is none. */
  readonly offset: bigint
  /** v4; -1 if unknown. */
  readonly leaderEpoch: number
}

/**
 * v2 isolation level; v4 leader epochs; v6 flexible; v7 max timestamp (KIP-734); v8 local log start; v9 last
 * tiered offset; v10 timeout; v11 earliest offset not yet tiered (KIP-1023).
 * https://kafka.apache.org/protocol#The_Messages_ListOffsets
 */
export const ListOffsets: Api<ListOffsetsRequest, ListOffsetsResponse> = {
  key: 2,
  name: 'ListOffsets',
  versions: [1, 11],
  flexibleFrom: 6,
  writeRequest(w, request) {
    w.int32(request.replicaId)
    if (w.version >= 2) w.int8(request.isolationLevel)
    w.array(request.topics, writeTopic)
    if (w.version >= 10) w.int32(request.timeoutMs)
    w.tags()
  },
  readRequest(r) {
    const replicaId = r.int32()
    const isolationLevel = r.version >= 2 ? r.int8() : 0
    const topics = r.array(readTopic)
    const timeoutMs = r.version >= 10 ? r.int32() : 0
    r.tags()
    return { replicaId, isolationLevel, topics, timeoutMs }
  },
  writeResponse(w, response) {
    if (w.version >= 2) w.int32(response.throttleTimeMs)
    w.array(response.topics, writeTopicResult)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.version >= 2 ? r.int32() : 0
    const topics = r.array(readTopicResult)
    r.tags()
    return { throttleTimeMs, topics }
  },
}

function writeTopic(w: Writer, topic: ListOffsetsTopic): void {
  w.string(topic.name)
  w.array(topic.partitions, writePartition)
  w.tags()
}

function readTopic(r: Reader): ListOffsetsTopic {
  const name = r.string()
  const partitions = r.array(readPartition)
  r.tags()
  return { name, partitions }
}

function writePartition(w: Writer, partition: ListOffsetsPartition): void {
  w.int32(partition.partitionIndex)
  if (w.version >= 4) w.int32(partition.currentLeaderEpoch)
  w.int64(partition.timestamp)
  w.tags()
}

function readPartition(r: Reader): ListOffsetsPartition {
  const partitionIndex = r.int32()
  const currentLeaderEpoch = r.version >= 4 ? r.int32() : -1
  const timestamp = r.int64()
  r.tags()
  return { partitionIndex, currentLeaderEpoch, timestamp }
}

function writeTopicResult(w: Writer, topic: ListOffsetsTopicResult): void {
  w.string(topic.name)
  w.array(topic.partitions, writePartitionResult)
  w.tags()
}

function readTopicResult(r: Reader): ListOffsetsTopicResult {
  const name = r.string()
  const partitions = r.array(readPartitionResult)
  r.tags()
  return { name, partitions }
}

function writePartitionResult(w: Writer, partition: ListOffsetsPartitionResult): void {
  w.int32(partition.partitionIndex)
  w.int16(partition.errorCode)
  w.int64(partition.timestamp)
  w.int64(partition.offset)
  if (w.version >= 4) w.int32(partition.leaderEpoch)
  w.tags()
}

function readPartitionResult(r: Reader): ListOffsetsPartitionResult {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const timestamp = r.int64()
  const offset = r.int64()
  const leaderEpoch = r.version >= 4 ? r.int32() : -1
  r.tags()
  return { partitionIndex, errorCode, timestamp, offset, leaderEpoch }
}
