import { Fetch } from '../../src/protocol/fetch.js'
import { HIGH_WATERMARK_NOT_TOLD } from '../../src/protocol/fetch-request.js'
import {
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
  TIMESTAMP_TYPE_BIT,
} from '../../src/protocol/record-batch.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import type { Answer } from './answer.js'
import type { ClusterUnderComparison } from './cluster-under-comparison.js'
import type { Line } from './line.js'
import { logOffsets } from './log-offsets.js'

/** What stands in a log: where it starts and ends, then its batches as a reader gets them. */
export async function logView(
  line: Line,
  cluster: ClusterUnderComparison,
  topic: string,
  partition: number,
): Promise<Answer[]> {
  const offsets = await logOffsets(line, topic, partition)
  if (typeof offsets === 'string')
    throw new Error(`${cluster.name} does not tell where ${topic}-${partition} ends`)
  const { start, end } = offsets
  const view: Answer[] = [{ start, end }]
  for (let offset = start; offset < end; ) {
    const batches = [...batchesIn(await fetched(line, topic, partition, offset))]
    if (batches.length === 0)
      throw new Error(`${cluster.name} serves nothing of ${topic}-${partition} at ${offset}`)
    for (const bytes of batches) {
      const { baseOffset, lastOffsetDelta } = readRecordBatchHeader(bytes)
      view.push(batchView(bytes, cluster))
      offset = baseOffset + BigInt(lastOffsetDelta) + 1n
    }
  }
  return view
}

async function fetched(line: Line, topic: string, partition: number, fetchOffset: bigint): Promise<Buffer> {
  const asked = {
    partition,
    currentLeaderEpoch: -1,
    fetchOffset,
    lastFetchedEpoch: -1,
    logStartOffset: -1n,
    partitionMaxBytes: 1024 * 1024,
    replicaDirectoryId: ZERO_UUID,
    highWatermark: HIGH_WATERMARK_NOT_TOLD,
  }
  const { responses } = await line.need(Fetch, 12, {
    clusterId: null,
    replicaId: -1,
    replicaState: null,
    maxWaitMs: 0,
    minBytes: 0,
    maxBytes: 1024 * 1024,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [{ topic, topicId: ZERO_UUID, partitions: [asked] }],
    forgottenTopicsData: [],
    rackId: '',
  })
  return Buffer.from(responses[0]?.partitions[0]?.records ?? [])
}

function* batchesIn(bytes: Buffer): IterableIterator<Buffer> {
  for (let at = 0; at + RECORD_BATCH_OVERHEAD <= bytes.length; ) {
    const size = 12 + bytes.readInt32BE(at + 8)
    if (at + size > bytes.length) return // cut off: it comes with the next fetch
    yield bytes.subarray(at, at + size)
    at += size
  }
}

/**
 * Two clusters give other producer ids, and so other checksums; those that append at their own time, other
 * timestamps.
 */
function batchView(bytes: Buffer, cluster: ClusterUnderComparison): Answer {
  const { crc, producerId, ...header } = readRecordBatchHeader(bytes)
  const appendTime = (header.attributes & TIMESTAMP_TYPE_BIT) !== 0
  return {
    ...header,
    maxTimestamp: appendTime ? 'append time' : header.maxTimestamp,
    producer: cluster.nameOf(producerId),
    checksumHolds: recordBatchChecksumHolds(bytes),
    records: bytes.subarray(RECORD_BATCH_OVERHEAD).toString('base64'),
  }
}
