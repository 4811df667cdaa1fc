import type { Buffer } from 'node:buffer'
import { RecordReader } from '../protocol/record.js'
import {
  COMPRESSION_MASK,
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  TIMESTAMP_TYPE_BIT,
} from '../protocol/record-batch.js'
import type { LogBatch } from './partition-log.js'
import { unpack } from './unpack.js'

/** A record as it stands in the log. Its bytes are views of the log: do not change them. */
export interface StoredRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Milliseconds since 1970: the producer's, or the broker's where the topic has LogAppendTime. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [key: string, value: Buffer | null])[]
  /** -1n, -1 and -1 for a record of a producer without idempotence. */
  readonly producerId: bigint
  readonly producerEpoch: number
  /** Of this record: its batch's base sequence and its place in the batch. */
  readonly sequence: number
}

/** Whether this build has the codec that the batch is compressed with. */
export function isReadable({ bytes }: LogBatch): boolean {
  return (readRecordBatchHeader(bytes).attributes & COMPRESSION_MASK) <= GZIP
}

const GZIP = 1
const SEQUENCES = 0x80000000
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/**
 * The records of a batch, made as they are asked for.
 *
 * @throws RangeError for a codec that cannot be read here
 */
export function* readBatch(
  topic: string,
  partition: number,
  batch: LogBatch,
): IterableIterator<StoredRecord> {
  const header = readRecordBatchHeader(batch.bytes)
  const codec = header.attributes & COMPRESSION_MASK
  const unpacked = unpack(codec, batch.bytes.subarray(RECORD_BATCH_OVERHEAD))
  if (unpacked.kind !== 'records') {
    throw new RangeError(
      `${topic}-${partition}: the batch at offset ${batch.baseOffset} is compressed with ${CODECS[codec]}, which the embedded cluster stores and cannot read`,
    )
  }
  const { producerId, producerEpoch, baseSequence } = header
  const baseTimestamp = Number(header.baseTimestamp)
  const appendTime = (header.attributes & TIMESTAMP_TYPE_BIT) === 0 ? null : batch.maxTimestamp
  const reader = new RecordReader(unpacked.bytes)
  while (!reader.atEnd) {
    const { offsetDelta, timestampDelta, key, value, headers } = reader.next()
    yield {
      topic,
      partition,
      offset: BigInt(batch.baseOffset + offsetDelta),
      timestamp: appendTime ?? baseTimestamp + timestampDelta,
      key,
      value,
      headers,
      producerId,
      producerEpoch,
      sequence: baseSequence < 0 ? -1 : (baseSequence + offsetDelta) % SEQUENCES,
    }
  }
}
