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

export interface FetchResponse {
  readonly throttleTimeMs: number
  /** v7 */
  readonly errorCode: number
  /** v7; 0 for no session. */
  readonly sessionId: number
  readonly responses: readonly FetchTopicResult[]
  /** v16: the addresses of the leaders named in the partitions' results. */
  readonly nodeEndpoints: readonly NodeEndpoint[]
}

export interface FetchTopicResult {
  /** On the wire up to v12. */
  readonly topic: string
  /** On the wire from v13. */
  readonly topicId: string
  readonly partitions: readonly FetchPartitionResult[]
}

export interface FetchPartitionResult {
  readonly partitionIndex: number
  readonly errorCode: number
  readonly highWatermark: bigint
  /** -1 if unknown. */
  readonly lastStableOffset: bigint
  /** v5; -1 if unknown. */
  readonly logStartOffset: bigint
  /** v12: where the reader's log diverges from the leader's. */
  readonly divergingEpoch: FetchEpochEndOffset | null
  /** v12: the partition's present leader (KIP-951). */
  readonly currentLeader: LeaderHint | null
  /** v12: a snapshot, for followers of the metadata log. */
  readonly snapshotId: FetchSnapshotId | null
  /** Null if the reader reads all records. */
  readonly abortedTransactions: readonly FetchAbortedTransaction[] | null
  /** v11; -1 for the leader. */
  readonly preferredReadReplica: number
  /** Whole record batches; the last one may be cut off. */
  readonly records: Uint8Array | null
}

export interface FetchEpochEndOffset {
  readonly epoch: number
  readonly endOffset: bigint
}

export interface FetchSnapshotId {
  readonly endOffset: bigint
  readonly epoch: number
}

export interface FetchAbortedTransaction {
  readonly producerId: bigint
  readonly firstOffset: bigint
}

export function writeFetchResponse(w: Writer, response: FetchResponse): void {
  w.int32(response.throttleTimeMs)
  if (w.version >= 7) {
    w.int16(response.errorCode)
    w.int32(response.sessionId)
  }
  w.array(response.responses, writeTopic)
  const endpoints = response.nodeEndpoints
  w.taggedFields([
    [0, w.version >= 16 && endpoints.length > 0 ? (field) => field.array(endpoints, writeEndpoint) : null],
  ])
}

export function readFetchResponse(r: Reader): FetchResponse {
  const throttleTimeMs = r.int32()
  const errorCode = r.version >= 7 ? r.int16() : 0
  const sessionId = r.version >= 7 ? r.int32() : 0
  const responses = r.array(readTopic)
  let nodeEndpoints: NodeEndpoint[] = []
  r.taggedFields((tag, field) => {
    if (tag === 0 && r.version >= 16) nodeEndpoints = field.array(readEndpoint)
  })
  return { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints }
}

function writeTopic(w: Writer, topic: FetchTopicResult): void {
  if (w.version >= 13) w.uuid(topic.topicId)
  else w.string(topic.topic)
  w.array(topic.partitions, writePartition)
  w.tags()
}

function readTopic(r: Reader): FetchTopicResult {
  const topicId = r.version >= 13 ? r.uuid() : ZERO_UUID
  const topic = r.version >= 13 ? '' : r.string()
  const partitions = r.array(readPartition)
  r.tags()
  return { topic, topicId, partitions }
}

function writePartition(w: Writer, partition: FetchPartitionResult): void {
  w.int32(partition.partitionIndex)
  w.int16(partition.errorCode)
  w.int64(partition.highWatermark)
  w.int64(partition.lastStableOffset)
  if (w.version >= 5) w.int64(partition.logStartOffset)
  w.nullableArray(partition.abortedTransactions, writeAborted)
  if (w.version >= 11) w.int32(partition.preferredReadReplica)
  w.records(partition.records)
  const { divergingEpoch, currentLeader, snapshotId } = partition
  w.taggedFields([
    [0, divergingEpoch !== null ? (field) => writeEpochEndOffset(field, divergingEpoch) : null],
    [1, currentLeader !== null ? (field) => writeLeader(field, currentLeader) : null],
    [2, snapshotId !== null ? (field) => writeSnapshotId(field, snapshotId) : null],
  ])
}

function readPartition(r: Reader): FetchPartitionResult {
  const partitionIndex = r.int32()
  const errorCode = r.int16()
  const highWatermark = r.int64()
  const lastStableOffset = r.int64()
  const logStartOffset = r.version >= 5 ? r.int64() : -1n
  const abortedTransactions = r.nullableArray(readAborted)
  const preferredReadReplica = r.version >= 11 ? r.int32() : -1
  const records = r.records()
  let divergingEpoch: FetchEpochEndOffset | null = null
  let currentLeader: LeaderHint | null = null
  let snapshotId: FetchSnapshotId | null = null
  r.taggedFields((tag, field) => {
    if (tag === 0) divergingEpoch = readEpochEndOffset(field)
    else if (tag === 1) currentLeader = readLeader(field)
    else if (tag === 2) snapshotId = readSnapshotId(field)
  })
  return {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader,
    snapshotId,
    abortedTransactions,
    preferredReadReplica,
    records,
  }
}

function writeAborted(w: Writer, transaction: FetchAbortedTransaction): void {
  w.int64(transaction.producerId)
  w.int64(transaction.firstOffset)
  w.tags()
}

function readAborted(r: Reader): FetchAbortedTransaction {
  const producerId = r.int64()
  const firstOffset = r.int64()
  r.tags()
  return { producerId, firstOffset }
}

function writeEpochEndOffset(w: Writer, diverging: FetchEpochEndOffset): void {
  w.int32(diverging.epoch)
  w.int64(diverging.endOffset)
  w.tags()
}

function readEpochEndOffset(r: Reader): FetchEpochEndOffset {
  const epoch = r.int32()
  const endOffset = r.int64()
  r.tags()
  return { epoch, endOffset }
}

function writeSnapshotId(w: Writer, snapshot: FetchSnapshotId): void {
  w.int64(snapshot.endOffset)
  w.int32(snapshot.epoch)
  w.tags()
}

function readSnapshotId(r: Reader): FetchSnapshotId {
  const endOffset = r.int64()
  const epoch = r.int32()
  r.tags()
  return { endOffset, epoch }
}
