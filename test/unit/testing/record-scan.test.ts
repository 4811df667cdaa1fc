import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { RecordReader } from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../../src/protocol/record-batch.js'
import { type RecordRules, type ScannedBatch, scanRecords } from '../../../src/testing/record-scan.js'
import { BASE_TIMESTAMP, recordBatch, type TestRecord } from '../../support/record-batches.js'
import { seededRandom } from '../../support/seeded-random.js'

const anything: RecordRules = {
  keyRequired: false,
  minTimestamp: Number.NEGATIVE_INFINITY,
  maxTimestamp: Number.POSITIVE_INFINITY,
  createTime: true,
  maxRecordSize: 1_000,
}

const plain = (recordCount: number, baseTimestamp = BASE_TIMESTAMP): ScannedBatch => ({
  recordCount,
  baseTimestamp,
  appendTime: null,
  compressed: false,
})

const bytesOf = (records: readonly TestRecord[]): Buffer =>
  recordBatch(records).subarray(RECORD_BATCH_OVERHEAD)

describe('scanRecords', () => {
  test('finds the highest timestamp before and after the first record', () => {
    const records = [0, -70_000_000_000, 9_000_000_000_000, 5].map((delta) => ({
      value: 'x',
      timestamp: BASE_TIMESTAMP + delta,
    }))
    expect(scanRecords(bytesOf(records), plain(4), anything)).toEqual({
      malformed: null,
      maxTimestamp: BASE_TIMESTAMP + 9_000_000_000_000,
      refused: [],
      inPlace: true,
      atEnd: true,
    })
  })

  test('refuses records by their timestamps; the bounds themselves are accepted', () => {
    const records = [0, 1, 2, 3].map((timestamp) => ({ timestamp }))
    const { refused } = scanRecords(bytesOf(records), plain(4, 0), {
      ...anything,
      minTimestamp: 1,
      maxTimestamp: 2,
    })
    expect(refused).toEqual([
      { batchIndex: 0, reason: 'timestamp', timestamp: 0 },
      { batchIndex: 3, reason: 'timestamp', timestamp: 3 },
    ])
  })

  test("uses the batch's timestamp for every record if the header says that it is the append time", () => {
    const batch = { ...plain(2), appendTime: 7 }
    const bytes = bytesOf([{ value: 'a' }, { value: 'b' }])
    expect(scanRecords(bytes, batch, anything)).toMatchObject({ maxTimestamp: 7, refused: [] })
    const refused = [0, 1].map((batchIndex) => ({ batchIndex, reason: 'timestamp-type', timestamp: 7 }))
    expect(scanRecords(bytes, batch, { ...anything, createTime: false }).refused).toEqual(refused)
    // Kafka does not check the range of a timestamp of -1, which stands for none, and so it checks the bit.
    expect(scanRecords(bytes, { ...batch, appendTime: -1 }, anything).refused).toHaveLength(2)
  })

  test('finds offset deltas that are not the indexes of the records', () => {
    const bytes = bytesOf([{ value: 'a' }, { value: 'b', offsetDelta: 5 }])
    expect(scanRecords(bytes, plain(2), anything)).toMatchObject({ malformed: null, inPlace: false })
  })

  test('does not compare the sizes of records that were compressed', () => {
    const bytes = Buffer.from(bytesOf([{ value: 'a' }, { value: 'b' }]))
    bytes.writeUInt8(2, 0)
    expect(scanRecords(bytes, plain(2), anything).malformed).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
    })
    expect(scanRecords(bytes, { ...plain(2), compressed: true }, anything).malformed).toBeNull()
  })

  test('but refuses sizes below 0 and above the limit for compressed batches', () => {
    const bytes = Buffer.from(bytesOf([{ value: 'a' }, { value: 'b' }]))
    const compressed = { ...plain(2), compressed: true }
    for (const size of [1, 127]) {
      bytes.writeUInt8(size, 0) // -1 and -64
      expect(scanRecords(bytes, compressed, anything).malformed).toMatchObject({
        errorCode: ErrorCode.INVALID_RECORD,
      })
    }
    const rules = { ...anything, maxRecordSize: 7 }
    bytes.writeUInt8(14, 0) // 7
    expect(scanRecords(bytes, compressed, rules).malformed).toBeNull()
    bytes.writeUInt8(16, 0) // 8
    expect(scanRecords(bytes, compressed, rules).malformed).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
    })
  })

  test('takes any negative length for null', () => {
    const bytes = Buffer.from(bytesOf([{ key: null, value: 'a' }]))
    bytes.writeUInt8(5, bytes.indexOf(1)) // -3 instead of -1
    expect(scanRecords(bytes, plain(1), anything)).toMatchObject({ malformed: null })
    expect(scanRecords(bytes, plain(1), { ...anything, keyRequired: true }).refused).toHaveLength(1)
  })

  test('gives UNKNOWN_SERVER_ERROR for a size without an end, and for nothing else', () => {
    const endless = Buffer.concat([Buffer.alloc(6, 0xff), Buffer.alloc(20)])
    expect(scanRecords(endless, plain(1), anything).malformed).toMatchObject({
      errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
    })
    expect(scanRecords(endless, { ...plain(1), compressed: true }, anything).malformed).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
    })
    expect(scanRecords(Buffer.alloc(0), plain(1), anything).malformed).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
    })
  })

  test('accepts all bytes that RecordReader accepts, and no more truncated ones', () => {
    const random = seededRandom(20_240_607)
    const wrong: string[] = []
    const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T
    for (let round = 0; round < 2_000; round++) {
      const count = 1 + Math.floor(random() * 4)
      const records = Array.from({ length: count }, () => ({
        key: pick([null, '', 'k', 'key'.repeat(40)]),
        value: pick([null, '', 'value', 'v'.repeat(200)]),
        timestamp: BASE_TIMESTAMP + pick([0, 1, -1, 100, 2 ** 31, -(2 ** 40)]),
        headers: pick([
          [],
          [['a', null]],
          [
            ['b', 'x'],
            ['b', ''],
          ],
        ] as const),
      }))
      const bytes = Buffer.from(bytesOf(records))
      const change = pick(['none', 'cut', 'byte'] as const)
      if (change === 'byte') bytes.writeUInt8(Math.floor(random() * 256), Math.floor(random() * bytes.length))
      const seen = change === 'cut' ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes
      const wellFormed = scanRecords(seen, plain(count), anything).malformed === null
      const readable = readsAll(seen, count)
      // RecordReader is stricter about negative lengths and about varints with too many bits.
      const isRight = {
        none: wellFormed,
        cut: wellFormed === readable,
        byte: wellFormed || !readable,
      }
      if (!isRight[change]) wrong.push(`${change} of ${bytes.toString('hex')}`)
    }
    expect(wrong).toEqual([])
  })
})

function readsAll(bytes: Buffer, count: number): boolean {
  const reader = new RecordReader(bytes)
  try {
    for (let i = 0; i < count; i++) reader.next()
    return reader.atEnd
  } catch {
    return false
  }
}
