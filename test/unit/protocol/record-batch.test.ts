import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import {
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
  setBaseOffset,
  setPartitionLeaderEpoch,
  TRANSACTIONAL_BIT,
  UNSTAMPED,
  writeRecordBatchHeader,
} from '../../../src/protocol/record-batch.js'

const record = Buffer.from('0c000000010100', 'hex')
const contents = { compression: 0, recordCount: 1, baseTimestamp: 1_000, maxTimestamp: 1_000 }

function batchWith(stamp = UNSTAMPED): Buffer {
  const batch = Buffer.concat([Buffer.alloc(RECORD_BATCH_OVERHEAD), record])
  writeRecordBatchHeader(batch, contents, stamp)
  return batch
}

describe('the header of a record batch', () => {
  it('has the bytes that the format describes', () => {
    const stamp = { producerId: 258n, producerEpoch: 3, baseSequence: 4, transactional: true }
    const batch = batchWith(stamp)
    expect(batch.toString('hex', 0, 17)).toBe('000000000000000000000038ffffffff02')
    expect(batch.toString('hex', 21)).toBe(
      [
        ...['0010', '00000000', '00000000000003e8', '00000000000003e8'],
        ...['0000000000000102', '0003', '00000004', '00000001', '0c000000010100'],
      ].join(''),
    )
    expect(readRecordBatchHeader(batch)).toMatchObject({
      ...{ size: 68, magic: 2, attributes: TRANSACTIONAL_BIT, lastOffsetDelta: 0, recordCount: 1 },
      ...{ producerId: 258n, producerEpoch: 3, baseSequence: 4, baseTimestamp: 1_000n, maxTimestamp: 1_000n },
    })
  })

  it('has a checksum over everything that a leader does not change', () => {
    const batch = batchWith()
    expect(recordBatchChecksumHolds(batch)).toBe(true)
    setBaseOffset(batch, 12_345n)
    setPartitionLeaderEpoch(batch, 9)
    expect(readRecordBatchHeader(batch)).toMatchObject({ baseOffset: 12_345n, partitionLeaderEpoch: 9 })
    expect(recordBatchChecksumHolds(batch)).toBe(true)
    for (let at = 17; at < batch.length; at++) {
      const damaged = Buffer.from(batch)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x40, at)
      expect(recordBatchChecksumHolds(damaged)).toBe(false)
    }
  })

  it('is read from the first of several batches', () => {
    expect(readRecordBatchHeader(Buffer.concat([batchWith(), batchWith()])).size).toBe(68)
  })

  it.each([
    ['shorter than its header', (batch: Buffer) => batch.subarray(0, RECORD_BATCH_OVERHEAD - 1)],
    ['cut off', (batch: Buffer) => batch.subarray(0, batch.length - 1)],
    ['that claims less than its header', (batch: Buffer) => resized(batch, 48)],
    ['that claims a negative size', (batch: Buffer) => resized(batch, -1)],
    ['that claims 2 GiB', (batch: Buffer) => resized(batch, 2 ** 31 - 1)],
  ])('of a batch %s is refused', (_, damage) => {
    expect(() => readRecordBatchHeader(damage(batchWith()))).toThrow(ProtocolError)
  })
})

function resized(batch: Buffer, length: number): Buffer {
  batch.writeInt32BE(length, 8)
  return batch
}
