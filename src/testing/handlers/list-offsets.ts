import { ErrorCode } from '../../protocol/error-codes.js'
import {
  EARLIEST_LOCAL_OFFSET,
  EARLIEST_OFFSET,
  EARLIEST_PENDING_UPLOAD_OFFSET,
  LATEST_OFFSET,
  LATEST_TIERED_OFFSET,
  ListOffsets,
  type ListOffsetsPartition,
  type ListOffsetsPartitionResult,
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  MAX_TIMESTAMP_OFFSET,
} from '../../protocol/list-offsets.js'
import { faultOr, type Handler, type HandlerContext } from '../handler.js'
import { leadershipError } from '../leadership.js'
import type { PartitionLog } from '../partition-log.js'
import { isReadable, readBatch } from '../stored-record.js'
import type { Partition } from '../topic-table.js'

/** The timestamps that stand for a position in the log, each with the first version that has it. */
const PLACES: ReadonlyMap<bigint, number> = new Map([
  [LATEST_OFFSET, 1],
  [EARLIEST_OFFSET, 1],
  [MAX_TIMESTAMP_OFFSET, 7],
  [EARLIEST_LOCAL_OFFSET, 8],
  [LATEST_TIERED_OFFSET, 9],
  [EARLIEST_PENDING_UPLOAD_OFFSET, 11],
])

export function listOffsetsHandler(
  context: HandlerContext,
): Handler<ListOffsetsRequest, ListOffsetsResponse> {
  const { cluster } = context
  return {
    api: ListOffsets,
    parts: (request) =>
      request.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
      ),
    handle(request, exchange, answer) {
      const topics = request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map((asked) => {
          const partition = cluster.topics.named(name)?.partitions[asked.partitionIndex]
          const part = { topic: name, partition: asked.partitionIndex }
          const errorCode = faultOr(context, exchange, part, () =>
            isPlaceUnknown(asked.timestamp, exchange.apiVersion)
              ? ErrorCode.UNSUPPORTED_VERSION
              : leadershipError(partition, exchange.nodeId, asked.currentLeaderEpoch),
          )
          return errorCode !== ErrorCode.NONE || partition === undefined
            ? failed(asked.partitionIndex, errorCode)
            : found(asked, partition)
        }),
      }))
      answer({ throttleTimeMs: exchange.throttleTimeMs, topics })
    },
  }
}

function isPlaceUnknown(timestamp: bigint, version: number): boolean {
  return timestamp < 0n && version < (PLACES.get(timestamp) ?? Number.POSITIVE_INFINITY)
}

function found(asked: ListOffsetsPartition, partition: Partition): ListOffsetsPartitionResult {
  const { log, leaderEpoch } = partition
  const place = placeOf(asked.timestamp, log)
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: ErrorCode.NONE,
    timestamp: BigInt(place.timestamp),
    offset: BigInt(place.offset),
    leaderEpoch: place.offset === -1 ? -1 : leaderEpoch,
  }
}

function placeOf(asked: bigint, log: PartitionLog): { readonly timestamp: number; readonly offset: number } {
  switch (asked) {
    case LATEST_OFFSET:
      return { timestamp: -1, offset: log.endOffset }
    case EARLIEST_OFFSET:
    case EARLIEST_LOCAL_OFFSET:
      return { timestamp: -1, offset: log.startOffset }
    case LATEST_TIERED_OFFSET:
    case EARLIEST_PENDING_UPLOAD_OFFSET:
      return NOWHERE
    case MAX_TIMESTAMP_OFFSET: {
      const newest = [...log.batches()].reduce((max, batch) => Math.max(max, batch.maxTimestamp), -1)
      return newest === -1 ? NOWHERE : firstFrom(log, newest)
    }
    default:
      return firstFrom(log, Number(asked))
  }
}

/** The first record with this timestamp or a later one. */
function firstFrom(log: PartitionLog, timestamp: number): { timestamp: number; offset: number } {
  for (const batch of log.batches()) {
    if (batch.maxTimestamp < timestamp || batch.lastOffset < log.startOffset) continue
    // Without the codec, the start of the batch is the best answer.
    if (!isReadable(batch)) return { timestamp: batch.maxTimestamp, offset: batch.baseOffset }
    for (const record of readBatch('', 0, batch)) {
      if (record.timestamp >= timestamp && Number(record.offset) >= log.startOffset) {
        return { timestamp: record.timestamp, offset: Number(record.offset) }
      }
    }
  }
  return NOWHERE
}

const NOWHERE = { timestamp: -1, offset: -1 }

function failed(partitionIndex: number, errorCode: number): ListOffsetsPartitionResult {
  return { partitionIndex, errorCode, timestamp: -1n, offset: -1n, leaderEpoch: -1 }
}
