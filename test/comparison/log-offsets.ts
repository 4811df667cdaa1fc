import { EARLIEST_OFFSET, LATEST_OFFSET, ListOffsets } from '../../src/protocol/list-offsets.js'
import type { Line, Unanswered } from './line.js'

export interface LogOffsets {
  readonly start: bigint
  readonly end: bigint
}

/** Where a log starts and ends; -1 where the broker does not say. */
export async function logOffsets(
  line: Line,
  topic: string,
  partition: number,
): Promise<LogOffsets | Unanswered> {
  const start = await oneOffset(line, topic, partition, EARLIEST_OFFSET)
  if (typeof start === 'string') return start
  const end = await oneOffset(line, topic, partition, LATEST_OFFSET)
  return typeof end === 'string' ? end : { start, end }
}

async function oneOffset(
  line: Line,
  topic: string,
  partition: number,
  timestamp: bigint,
): Promise<bigint | Unanswered> {
  const partitions = [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp }]
  const request = {
    replicaId: -1,
    isolationLevel: 0,
    topics: [{ name: topic, partitions }],
    timeoutMs: 1_000,
  }
  const response = await line.ask(ListOffsets, 6, request)
  return typeof response === 'string' ? response : (response.topics[0]?.partitions[0]?.offset ?? -1n)
}
