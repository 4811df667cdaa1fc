import { gzipSync } from 'node:zlib'
import {
  dataSize,
  headersSize,
  type RecordHeader,
  recordBodySize,
  recordSize,
  writeRecord,
} from '../../src/protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  type RecordBatchStamp,
  UNSTAMPED,
  writeRecordBatchHeader,
} from '../../src/protocol/record-batch.js'

export interface TestRecord {
  readonly key?: string | null
  readonly value?: string | null
  readonly timestamp?: number
  readonly headers?: readonly RecordHeader[]
  /** The offset delta; by default the record's place in the batch. */
  readonly offsetDelta?: number
}

export interface TestBatch {
  readonly stamp?: Partial<RecordBatchStamp>
  readonly gzip?: boolean
  /** The codec's number in the header, for any bytes. */
  readonly compression?: number
  /** Bytes in the place of the records, compressed or not. */
  readonly body?: Buffer
  readonly recordCount?: number
  readonly maxTimestamp?: number
}

export const BASE_TIMESTAMP = 1_700_000_000_000

/** A valid batch, header and checksum included, unless the options say otherwise. */
export function recordBatch(records: readonly TestRecord[], options: TestBatch = {}): Buffer {
  const baseTimestamp = records[0]?.timestamp ?? BASE_TIMESTAMP
  const plain = Buffer.concat(records.map((record, i) => recordBytes(record, i, baseTimestamp)))
  const body = options.body ?? (options.gzip === true ? gzipSync(plain) : plain)
  const batch = Buffer.concat([Buffer.alloc(RECORD_BATCH_OVERHEAD), body])
  const timestamps = records.map(({ timestamp = baseTimestamp }) => timestamp)
  writeRecordBatchHeader(
    batch,
    {
      compression: options.compression ?? (options.gzip === true ? 1 : 0),
      recordCount: options.recordCount ?? records.length,
      baseTimestamp,
      maxTimestamp: options.maxTimestamp ?? Math.max(...timestamps),
    },
    { ...UNSTAMPED, ...options.stamp },
  )
  return batch
}

/** As many records with the values `prefix-0`, `prefix-1` and so on. */
export function numbered(count: number, prefix = 'value'): TestRecord[] {
  return Array.from({ length: count }, (_, i) => ({ key: `key-${i}`, value: `${prefix}-${i}` }))
}

/** The stamp of an idempotent producer's batch. */
export function stamp(producerId: bigint, producerEpoch: number, baseSequence: number): RecordBatchStamp {
  return { producerId, producerEpoch, baseSequence, transactional: false }
}

function recordBytes(record: TestRecord, index: number, baseTimestamp: number): Buffer {
  const { key = null, value = null, headers = null } = record
  const timestampDelta = (record.timestamp ?? baseTimestamp) - baseTimestamp
  const offsetDelta = record.offsetDelta ?? index
  const keySize = dataSize(key)
  const valueSize = dataSize(value)
  const bodySize = recordBodySize(timestampDelta, offsetDelta, keySize, valueSize, headersSize(headers))
  const bytes = Buffer.alloc(recordSize(bodySize))
  writeRecord(bytes, 0, bodySize, timestampDelta, offsetDelta, key, keySize, value, valueSize, headers)
  return bytes
}
