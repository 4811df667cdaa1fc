import { RECORD_BATCH_OVERHEAD, writeRecordBatchHeader } from '../../src/protocol/record-batch.js'
import { recordBatch } from '../support/record-batches.js'
import { type Codec, codecNumber, compressed } from './codecs.js'
import { type Damage, damaged } from './damage.js'
import type { Producer } from './script.js'

export interface RecordPlan {
  readonly key: string | null
  readonly value: string | null
  /** Milliseconds after the time of the run; or a timestamp as it is. */
  readonly time: { readonly afterNow: number } | { readonly at: number }
  readonly headers: readonly (readonly [string, string | null])[]
  /** What its offset delta is more than it should be. */
  readonly misplacedBy: number
}

export interface StampPlan {
  readonly producer: Producer
  readonly epoch: number
  readonly sequence: number
}

/** A batch before the producer id is known and the time has come. */
export interface BatchPlan {
  readonly records: readonly RecordPlan[]
  readonly stamp: StampPlan | null
  readonly transactional: boolean
  readonly codec: Codec
  /** What is done to its bytes, in this order. */
  readonly damage: readonly Damage[]
}

/** The bytes of a batch: the same for every cluster but for the producer id and the checksum over it. */
export function batchBytes(plan: BatchPlan, now: number, idOf: (producer: Producer) => bigint): Buffer {
  const { records, stamp, transactional, codec, damage } = plan
  const timestamps = records.map(({ time }) => ('at' in time ? time.at : now + time.afterNow))
  const plain = recordBatch(
    records.map(({ key, value, headers, misplacedBy }, i) => ({
      key,
      value,
      headers,
      timestamp: timestamps[i] as number,
      offsetDelta: i + misplacedBy,
    })),
  ).subarray(RECORD_BATCH_OVERHEAD)
  const body = compressed(codec, plain)
  const bytes = Buffer.concat([Buffer.alloc(RECORD_BATCH_OVERHEAD), body])
  writeRecordBatchHeader(
    bytes,
    {
      compression: codecNumber(codec),
      recordCount: records.length,
      baseTimestamp: timestamps[0] as number,
      maxTimestamp: Math.max(...timestamps),
    },
    {
      producerId: stamp === null ? -1n : idOf(stamp.producer),
      producerEpoch: stamp?.epoch ?? -1,
      baseSequence: stamp?.sequence ?? -1,
      transactional,
    },
  )
  return damage.reduce(damaged, bytes)
}
