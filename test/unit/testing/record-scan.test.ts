import { describe, expect, test } from 'vitest'
import { RecordReader } from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../../src/protocol/record-batch.js'
import { type RecordRules, scanRecords } from '../../../src/testing/record-scan.js'
import { BASE_TIMESTAMP, recordBatch, type TestRecord } from '../../support/record-batches.js'
import { seededRandom } from '../../support/seeded-random.js'

const anything: RecordRules = {
  keyRequired: false,
  minTimestamp: Number.NEGATIVE_INFINITY,
  maxTimestamp: Number.POSITIVE_INFINITY,
}

const bytesOf = (records: readonly TestRecord[]): Buffer =>
  recordBatch(records).subarray(RECORD_BATCH_OVERHEAD)

describe('scanRecords', () => {
  test('finds the highest timestamp, before and after the first', () => {
    const records = [0, -70_000_000_000, 9_000_000_000_000, 5].map((delta) => ({
      value: 'x',
      timestamp: BASE_TIMESTAMP + delta,
    }))
    expect(scanRecords(bytesOf(records), 4, BASE_TIMESTAMP, anything)).toEqual({
      malformed: null,
      maxTimestamp: BASE_TIMESTAMP + 9_000_000_000_000,
      refused: [],
    })
  })

  test('refuses records by their timestamps, whose bounds are included', () => {
    const records = [0, 1, 2, 3].map((timestamp) => ({ timestamp }))
    const { refused } = scanRecords(bytesOf(records), 4, 0, { ...anything, minTimestamp: 1, maxTimestamp: 2 })
    expect(refused).toEqual([
      { batchIndex: 0, reason: 'timestamp', value: 0 },
      { batchIndex: 3, reason: 'timestamp', value: 3 },
    ])
  })

  test('agrees with the reader of records about every cut and every changed byte', () => {
    const random = seededRandom(20_240_607)
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
      const wellFormed = scanRecords(seen, count, BASE_TIMESTAMP, anything).malformed === null
      expect(wellFormed, `${change} of ${bytes.toString('hex')}`).toBe(readsAll(seen, count))
      if (change === 'none') expect(wellFormed).toBe(true)
    }
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
