import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** The offset that deletes every record below the high watermark. */
export const DELETE_TO_HIGH_WATERMARK = -1n

export interface DeleteRecordsRequest {
  readonly topics: readonly DeleteRecordsTopic[]
  /** How long the leader waits for its followers, in milliseconds. */
  readonly timeoutMs: number
}

export interface DeleteRecordsTopic {
  readonly name: string
  readonly partitions: readonly DeleteRecordsPartition[]
}

export interface DeleteRecordsPartition {
  readonly partitionIndex: number
  /** Records with lower offsets are deleted. */
  readonly offset: bigint
}

export interface DeleteRecordsResponse {
  readonly throttleTimeMs: number
  readonly topics: readonly DeleteRecordsTopicResult[]
}

export interface DeleteRecordsTopicResult {
  readonly name: string
  readonly partitions: readonly DeleteRecordsPartitionResult[]
}

export interface DeleteRecordsPartitionResult {
  readonly partitionIndex: number
  /** The offset of the first record that is left. */
  readonly lowWatermark: bigint
  readonly errorCode: number
}

/** v2 flexible. https://kafka.apache.org/protocol#The_Messages_DeleteRecords */
export const DeleteRecords: Api<DeleteRecordsRequest, DeleteRecordsResponse> = {
  key: 21,
  name: 'DeleteRecords',
  versions: [0, 2],
  flexibleFrom: 2,
  writeRequest(w, request) {
    w.array(request.topics, writeTopic)
    w.int32(request.timeoutMs)
    w.tags()
  },
  readRequest(r) {
    const topics = r.array(readTopic)
    const timeoutMs = r.int32()
    r.tags()
    return { topics, timeoutMs }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.array(response.topics, writeTopicResult)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const topics = r.array(readTopicResult)
    r.tags()
    return { throttleTimeMs, topics }
  },
}

function writeTopic(w: Writer, topic: DeleteRecordsTopic): void {
  w.string(topic.name)
  w.array(topic.partitions, writePartition)
  w.tags()
}

function readTopic(r: Reader): DeleteRecordsTopic {
  const name = r.string()
  const partitions = r.array(readPartition)
  r.tags()
  return { name, partitions }
}

function writePartition(w: Writer, partition: DeleteRecordsPartition): void {
  w.int32(partition.partitionIndex)
  w.int64(partition.offset)
  w.tags()
}

function readPartition(r: Reader): DeleteRecordsPartition {
  const partitionIndex = r.int32()
  const offset = r.int64()
  r.tags()
  return { partitionIndex, offset }
}

function writeTopicResult(w: Writer, topic: DeleteRecordsTopicResult): void {
  w.string(topic.name)
  w.array(topic.partitions, writePartitionResult)
  w.tags()
}

function readTopicResult(r: Reader): DeleteRecordsTopicResult {
  const name = r.string()
  const partitions = r.array(readPartitionResult)
  r.tags()
  return { name, partitions }
}

function writePartitionResult(w: Writer, partition: DeleteRecordsPartitionResult): void {
  w.int32(partition.partitionIndex)
  w.int64(partition.lowWatermark)
  w.int16(partition.errorCode)
  w.tags()
}

function readPartitionResult(r: Reader): DeleteRecordsPartitionResult {
  const partitionIndex = r.int32()
  const lowWatermark = r.int64()
  const errorCode = r.int16()
  r.tags()
  return { partitionIndex, lowWatermark, errorCode }
}
