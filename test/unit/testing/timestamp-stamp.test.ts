import { expect, test } from 'vitest'
import { readRecordBatchHeader, recordBatchChecksumHolds } from '../../../src/protocol/record-batch.js'
import { stampTimestamps } from '../../../src/testing/timestamp-stamp.js'
import { BASE_TIMESTAMP, numbered, recordBatch } from '../../support/record-batches.js'

/**
 * Stamps a batch with these attributes and with `told` as the highest timestamp in its header. Returns the
 * stored attributes.
 */
function stamped(attributes: number, appendTime: number | null, told = BASE_TIMESTAMP) {
  const bytes = recordBatch(numbered(1), { maxTimestamp: told })
  bytes.writeInt16BE(attributes, 21)
  const header = readRecordBatchHeader(bytes)
  const newest = stampTimestamps(bytes, { bytes, header, maxTimestamp: BASE_TIMESTAMP }, appendTime)
  const { attributes: stored, maxTimestamp } = readRecordBatchHeader(bytes)
  return { stored, maxTimestamp, newest, sealed: recordBatchChecksumHolds(bytes) }
}

test('a correct batch is not changed, even its unused attributes', () => {
  // The batch was not changed, so the checksum is still that of the original attributes.
  expect(stamped(0x4080, null)).toMatchObject({ stored: 0x4080, sealed: false })
})

test('a wrong highest timestamp is corrected, and unused attributes are then cleared, as in Kafka', () => {
  expect(stamped(0x40d0, null, 5)).toEqual({
    stored: 0x50,
    maxTimestamp: BigInt(BASE_TIMESTAMP),
    newest: BASE_TIMESTAMP,
    sealed: true,
  })
})

test('the leader sets the timestamp type', () => {
  expect(stamped(0x08, null)).toMatchObject({ stored: 0, sealed: true })
  expect(stamped(0x80, 7)).toMatchObject({ stored: 0x08, maxTimestamp: 7n, newest: 7, sealed: true })
})
