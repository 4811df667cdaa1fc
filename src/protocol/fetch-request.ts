import type { Reader } from './reader.js'
import { ZERO_UUID } from './uuid.js'
import type { Writer } from './writer.js'

export interface FetchRequest {
  /** v12 */
  readonly clusterId: string | null
  /** Up to v14; -1 for a consumer. */
  readonly replicaId: number
  /** v15: the follower that fetches; null for a consumer. */
  readonly replicaState: FetchReplicaState | null
  /** How long the broker may wait for `minBytes`, in milliseconds. */
  readonly maxWaitMs: number
  readonly minBytes: number
  /**
   * Limit in bytes. The broker sends a larger first batch nevertheless, so that the reader always makes
   * progress.
   */
  readonly maxBytes: number
  /** 0 reads all records, 1 committed ones only. */
  readonly isolationLevel: number
  /** v7: the fetch session (KIP-227); 0 for none. */
  readonly sessionId: number
  /** v7: 0 asks for a new session; -1 ends the session or asks for none. */
  readonly sessionEpoch: number
  readonly topics: readonly FetchTopic[]
  /** v7: partitions that leave the session. */
  readonly forgottenTopicsData: readonly FetchForgottenTopic[]
  /** v11 */
  readonly rackId: string
}

export interface FetchReplicaState {
  readonly replicaId: number
  readonly replicaEpoch: bigint
}

export interface FetchTopic {
  /** On the wire up to v12. */
  readonly topic: string
  /** On the wire from v13. */
  readonly topicId: string
  readonly partitions: readonly FetchPartition[]
}

export interface FetchPartition {
  readonly partition: number
  /** v9; -1 for none. */
  readonly currentLeaderEpoch: number
  readonly fetchOffset: bigint
  /** v12; -1 for none. */
  readonly lastFetchedEpoch: number
  /** v5; -1 for a consumer. */
  readonly logStartOffset: bigint
  readonly partitionMaxBytes: number
  /** v17; the zero id for a consumer. */
  readonly replicaDirectoryId: string
  /** v18; the largest int64 if the follower does not say. */
  readonly highWatermark: bigint
}

export interface FetchForgottenTopic {
  /** On the wire up to v12. */
  readonly topic: string
  /** On the wire from v13. */
  readonly topicId: string
  readonly partitions: readonly number[]
}

/** The high watermark in the request of a follower that does not say its own. */
export const HIGH_WATERMARK_NOT_TOLD: bigint = 2n ** 63n - 1n

export function writeFetchRequest(w: Writer, request: FetchRequest): void {
  if (w.version <= 14) w.int32(request.replicaId)
  w.int32(request.maxWaitMs)
  w.int32(request.minBytes)
  w.int32(request.maxBytes)
  w.int8(request.isolationLevel)
  if (w.version >= 7) {
    w.int32(request.sessionId)
    w.int32(request.sessionEpoch)
  }
  w.array(request.topics, writeTopic)
  if (w.version >= 7) w.array(request.forgottenTopicsData, writeForgotten)
  if (w.version >= 11) w.string(request.rackId)
  const { clusterId, replicaState } = request
  w.taggedFields([
    [0, clusterId !== null ? (field) => field.nullableString(clusterId) : null],
    [1, w.version >= 15 && replicaState !== null ? (field) => writeReplicaState(field, replicaState) : null],
  ])
}

export function readFetchRequest(r: Reader): FetchRequest {
  const replicaId = r.version <= 14 ? r.int32() : -1
  const maxWaitMs = r.int32()
  const minBytes = r.int32()
  const maxBytes = r.int32()
  const isolationLevel = r.int8()
  const sessionId = r.version >= 7 ? r.int32() : 0
  const sessionEpoch = r.version >= 7 ? r.int32() : -1
  const topics = r.array(readTopic)
  const forgottenTopicsData = r.version >= 7 ? r.array(readForgotten) : []
  const rackId = r.version >= 11 ? r.string() : ''
  let clusterId: string | null = null
  let replicaState: FetchReplicaState | null = null
  r.taggedFields((tag, field) => {
    if (tag === 0) clusterId = field.nullableString()
    else if (tag === 1 && r.version >= 15) replicaState = readReplicaState(field)
  })
  return {
    clusterId,
    replicaId,
    replicaState,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    topics,
    forgottenTopicsData,
    rackId,
  }
}

function writeReplicaState(w: Writer, state: FetchReplicaState): void {
  w.int32(state.replicaId)
  w.int64(state.replicaEpoch)
  w.tags()
}

function readReplicaState(r: Reader): FetchReplicaState {
  const replicaId = r.int32()
  const replicaEpoch = r.int64()
  r.tags()
  return { replicaId, replicaEpoch }
}

function writeTopic(w: Writer, topic: FetchTopic): void {
  if (w.version >= 13) w.uuid(topic.topicId)
  else w.string(topic.topic)
  w.array(topic.partitions, writePartition)
  w.tags()
}

function readTopic(r: Reader): FetchTopic {
  const topicId = r.version >= 13 ? r.uuid() : ZERO_UUID
  const topic = r.version >= 13 ? '' : r.string()
  const partitions = r.array(readPartition)
  r.tags()
  return { topic, topicId, partitions }
}

function writePartition(w: Writer, partition: FetchPartition): void {
  w.int32(partition.partition)
  if (w.version >= 9) w.int32(partition.currentLeaderEpoch)
  w.int64(partition.fetchOffset)
  if (w.version >= 12) w.int32(partition.lastFetchedEpoch)
  if (w.version >= 5) w.int64(partition.logStartOffset)
  w.int32(partition.partitionMaxBytes)
  const { replicaDirectoryId, highWatermark } = partition
  w.taggedFields([
    [
      0,
      w.version >= 17 && replicaDirectoryId !== ZERO_UUID ? (field) => field.uuid(replicaDirectoryId) : null,
    ],
    [
      1,
      w.version >= 18 && highWatermark !== HIGH_WATERMARK_NOT_TOLD
        ? (field) => field.int64(highWatermark)
        : null,
    ],
  ])
}

function readPartition(r: Reader): FetchPartition {
  const partition = r.int32()
  const currentLeaderEpoch = r.version >= 9 ? r.int32() : -1
  const fetchOffset = r.int64()
  const lastFetchedEpoch = r.version >= 12 ? r.int32() : -1
  const logStartOffset = r.version >= 5 ? r.int64() : -1n
  const partitionMaxBytes = r.int32()
  let replicaDirectoryId = ZERO_UUID
  let highWatermark = HIGH_WATERMARK_NOT_TOLD
  r.taggedFields((tag, field) => {
    if (tag === 0 && r.version >= 17) replicaDirectoryId = field.uuid()
    else if (tag === 1 && r.version >= 18) highWatermark = field.int64()
  })
  return {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
    replicaDirectoryId,
    highWatermark,
  }
}

function writeForgotten(w: Writer, topic: FetchForgottenTopic): void {
  if (w.version >= 13) w.uuid(topic.topicId)
  else w.string(topic.topic)
  w.int32Array(topic.partitions)
  w.tags()
}

function readForgotten(r: Reader): FetchForgottenTopic {
  const topicId = r.version >= 13 ? r.uuid() : ZERO_UUID
  const topic = r.version >= 13 ? '' : r.string()
  const partitions = r.int32Array()
  r.tags()
  return { topic, topicId, partitions }
}
