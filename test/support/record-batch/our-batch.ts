import {
  dataSize,
  headersSize,
  recordBodySize,
  recordSize,
  writeRecord,
} from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD, writeRecordBatchHeader } from '../../../src/protocol/record-batch.js'
import type { BatchInput } from './random-batch.js'

/** The batch as src/protocol writes it, record by record, without the accumulator. */
export function ourBatch({ stamp, records }: BatchInput): Buffer {
  const baseTimestamp = records[0]?.timestamp ?? 0
  const written = records.map((record, index) => {
    const { key, value, headers } = record
    const delta = record.timestamp - baseTimestamp
    const [keySize, valueSize] = [dataSize(key), dataSize(value)]
    const bodySize = recordBodySize(delta, index, keySize, valueSize, headersSize(headers))
    const target = Buffer.alloc(recordSize(bodySize))
    const end = writeRecord(target, 0, bodySize, delta, index, key, keySize, value, valueSize, headers)
    if (end !== target.length) throw new Error(`${end} bytes written where ${target.length} were announced`)
    return target
  })
  const batch = Buffer.concat([Buffer.alloc(RECORD_BATCH_OVERHEAD), ...written])
  const maxTimestamp = Math.max(...records.map((record) => record.timestamp))
  const contents = { compression: 0, recordCount: records.length, baseTimestamp, maxTimestamp }
  writeRecordBatchHeader(batch, contents, stamp)
  return batch
}
