import type { Buffer } from 'node:buffer'
import { codecNumbered } from '../environment/codecs.js'
import { contentForJson, jsonForm } from '../printing.js'
import { RecordReader } from '../protocol/record.js'
import {
  COMPRESSION_MASK,
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  TIMESTAMP_TYPE_BIT,
} from '../protocol/record-batch.js'
import type { LogBatch, PartitionLog } from './partition-log.js'
import { unpack } from './unpack.js'

/**
 * A record in the log. Its bytes are views of the log: do not change them.
 *
 * JSON has no bigint and no bytes. `JSON.stringify` gives `offset` and `producerId` as strings. It gives
 * keys, values and values of headers as strings if they are UTF-8 text, and otherwise as `{ base64: '...' }`.
 */
export interface StoredRecord {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  /** Milliseconds since 1970: the producer's timestamp, or the broker's if the topic has LogAppendTime. */
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [key: string, value: Buffer | null])[]
  /** -1n, -1 and -1 for a record of a producer without idempotence. */
  readonly producerId: bigint
  readonly producerEpoch: number
  /** The sequence of this record: the base sequence of its batch plus its index in the batch. */
  readonly sequence: number
}

/** Whether this process has the codec that the batch is compressed with. */
export function isReadable({ bytes }: LogBatch): boolean {
  const codec = codecNumbered(readRecordBatchHeader(bytes).attributes & COMPRESSION_MASK)
  return codec !== undefined && codec.missing() === null
}

const withJson = jsonForm<StoredRecord>((record) => ({
  ...record,
  ...contentForJson(record),
  offset: record.offset.toString(),
  producerId: record.producerId.toString(),
}))

const SEQUENCES = 0x80000000
const CODECS = ['none', 'gzip', 'snappy', 'lz4', 'zstd']

/**
 * The records of a batch. Each is made when it is asked for.
 *
 * @throws RangeError for a codec that the embedded cluster cannot read
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
      `${topic}-${partition}: the batch at offset ${batch.baseOffset} is compressed with ${CODECS[codec]} and cannot be read: ${codecNumbered(codec)?.missing() ?? 'its bytes are corrupt'}`,
    )
  }
  const { producerId, producerEpoch, baseSequence } = header
  const baseTimestamp = Number(header.baseTimestamp)
  const appendTime = (header.attributes & TIMESTAMP_TYPE_BIT) === 0 ? null : batch.maxTimestamp
  const reader = new RecordReader(unpacked.bytes)
  while (!reader.atEnd) {
    const { offsetDelta, timestampDelta, key, value, headers } = reader.next()
    yield withJson({
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
    })
  }
}

/** The records of a log, from its start offset on. */
export function* readLog(
  topic: string,
  partition: number,
  log: Pick<PartitionLog, 'batches' | 'startOffset'>,
): IterableIterator<StoredRecord> {
  for (const batch of log.batches()) {
    for (const record of readBatch(topic, partition, batch)) {
      if (record.offset >= BigInt(log.startOffset)) yield record
    }
  }
}
