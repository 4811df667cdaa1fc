// The rules R1 to R16 are in docs/rules.md.

import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { Batch } from '../../../../src/producer/accumulator/batch.js'
import { splitBatch } from '../../../../src/producer/accumulator/split-batch.js'
import { addToSequence } from '../../../../src/producer/idempotence/sequence.js'
import { dataSize, headersSize, type RecordHeader, RecordReader } from '../../../../src/protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
} from '../../../../src/protocol/record-batch.js'
import { RecordCursor } from '../../../../src/protocol/record-cursor.js'
import { SeededRandom } from '../../../support/random.js'

const HIGHEST_SEQUENCE = 0x7fffffff

function emptyBatch(bufferSize: number, limit: number = bufferSize, baseTimestamp = 1_000): Batch {
  return new Batch(Buffer.alloc(bufferSize), {
    limit,
    baseTimestamp,
    createdAtMs: 5,
    generation: 3,
    order: 7,
    orderWidth: 1,
    returned: () => {},
  })
}

/** A batch that counts each byte of its records as a quarter, and has memory to spare if `spare` says so. */
function growingBatch(maxBytes: number, spare: () => boolean): Batch {
  return new Batch(Buffer.alloc(200), {
    limit: 200,
    growth: {
      ratio: 0.25,
      maxBytes,
      enlarge: (buffer, size, used) => (spare() ? Buffer.concat([buffer.subarray(0, used)], size) : null),
    },
    baseTimestamp: 1_000,
    createdAtMs: 5,
    generation: 3,
    order: 7,
    orderWidth: 1,
    returned: () => {},
  })
}

function append(
  batch: Batch,
  value: string | null,
  {
    key = null as string | null,
    timestamp = batch.baseTimestamp,
    headers = null as readonly RecordHeader[] | null,
  } = {},
): number {
  const completion = (): void => {}
  return batch.tryAppend(
    key,
    dataSize(key),
    value,
    dataSize(value),
    headers,
    headersSize(headers),
    timestamp,
    completion,
  )
}

describe('Batch', () => {
  it('that will be compressed grows until its expected size reaches the limit', () => {
    const batch = growingBatch(10_000, () => true)
    const sizes: number[] = []
    for (let grown = append(batch, 'x'.repeat(40)); grown > 0; grown = append(batch, 'x'.repeat(40)))
      sizes.push(grown)
    expect(sizes[0]).toBe((batch.size - RECORD_BATCH_OVERHEAD) / batch.recordCount / 4)
    expect(batch.plannedSize).toBeCloseTo(RECORD_BATCH_OVERHEAD + sizes.reduce((sum, size) => sum + size, 0))
    // Only the new record counts in full, as in Java.
    expect(batch.plannedSize).toBeGreaterThan(200 - 48)
    expect(batch.size).toBeGreaterThan(400)
    const values = [...batch.parsedRecords()].map(({ value }) => String(value))
    expect(values).toEqual(sizes.map(() => 'x'.repeat(40)))
  })

  it('does not grow beyond its limit before compression, nor without memory to spare', () => {
    const limited = growingBatch(300, () => true)
    while (append(limited, 'x'.repeat(40)) > 0);
    expect(limited.size).toBeLessThanOrEqual(300)
    expect(limited.buffer.length).toBe(300)
    let spare = true
    const short = growingBatch(10_000, () => spare)
    while (append(short, 'x'.repeat(40)) > 0) spare = short.size < 200
    expect(short.buffer.length).toBe(400)
    expect(short.size).toBeLessThanOrEqual(400)
  })

  it('counts the bytes of its records, and refuses a record that does not fit any more', () => {
    const batch = emptyBatch(200)
    const size = append(batch, 'x'.repeat(50))
    expect(batch.size).toBe(RECORD_BATCH_OVERHEAD + size)
    expect(append(batch, 'x'.repeat(100))).toBe(0)
    expect(append(batch, 'y')).toBeGreaterThan(0)
    expect([batch.recordCount, batch.completions.length, batch.isFull]).toEqual([2, 2, false])
  })

  it('takes a first record of any size, and then no more if it is full', () => {
    const batch = emptyBatch(500, 100)
    expect(append(batch, 'x'.repeat(300))).toBeGreaterThan(300)
    expect(batch.isFull).toBe(true)
    expect(append(batch, '')).toBe(0)
  })

  it('keeps timestamps in any order', () => {
    const batch = emptyBatch(500)
    for (const timestamp of [1_000, 400, 1_500, 0]) append(batch, 'v', { timestamp })
    expect([...batch.parsedRecords()].map(({ timestampDelta }) => timestampDelta)).toEqual([
      0, -600, 500, -1_000,
    ])
    expect([batch.baseTimestamp, batch.maxTimestamp]).toEqual([1_000, 1_500])
  })

  it('writes a header with its stamp and its checksum', () => {
    const batch = emptyBatch(500)
    append(batch, 'v')
    batch.sealAsItIs()
    if (batch.state.kind !== 'sealed') throw new Error(batch.state.kind)
    const { wire } = batch.state
    batch.stampWith({ identity: { producerId: 9n, epoch: 2, transactional: false }, baseSequence: 11 })
    batch.writeHeader(wire, 0)
    expect(recordBatchChecksumHolds(wire)).toBe(true)
    expect(readRecordBatchHeader(wire)).toMatchObject({
      producerId: 9n,
      producerEpoch: 2,
      baseSequence: 11,
      recordCount: 1,
    })
  })
})

describe('addToSequence', () => {
  it.each([
    [0, 1, 1],
    [HIGHEST_SEQUENCE - 1, 1, HIGHEST_SEQUENCE],
    [HIGHEST_SEQUENCE, 1, 0],
    [HIGHEST_SEQUENCE - 2, 5, 2],
  ])('R10: %i + %i = %i', (sequence, count, sum) => {
    expect(addToSequence(sequence, count)).toBe(sum)
  })
})

/** A record of a batch, with its absolute timestamp. */
function contents(batch: Batch): unknown[] {
  return [...batch.parsedRecords()].map(({ key, value, headers, timestampDelta }) => [
    key?.toString(),
    value?.toString(),
    headers.map(([name, data]) => [name, data?.toString()]),
    batch.baseTimestamp + timestampDelta,
  ])
}

describe('splitBatch', () => {
  it('distributes sequences and completions in order, across the wrap to 0', () => {
    const batch = emptyBatch(2_000)
    for (const value of ['a', 'b', 'c', 'd']) append(batch, value.repeat(100))
    batch.stampWith({
      identity: { producerId: 9n, epoch: 2, transactional: false },
      baseSequence: HIGHEST_SEQUENCE,
    })
    batch.startSealing()
    const pieces = splitBatch(batch)
    expect(pieces.map(({ recordCount, stamp }) => [recordCount, stamp?.baseSequence])).toEqual([
      [2, HIGHEST_SEQUENCE],
      [2, 1],
    ])
    expect(pieces.flatMap(({ completions }) => completions)).toEqual(batch.completions)
    expect(pieces.map(({ createdAtMs, generation }) => [createdAtMs, generation])).toEqual([
      [5, 3],
      [5, 3],
    ])
    expect(pieces.map(({ order }) => order)).toEqual([7, 7.5])
  })

  it('makes pieces that allocate no more memory than their bytes', () => {
    const batch = emptyBatch(4_000)
    // One record fills more than half of a piece, so the others lie in pieces that are far from full.
    for (const value of ['a'.repeat(100), 'b'.repeat(2_500), 'c'.repeat(100)]) append(batch, value)
    batch.startSealing()
    const pieces = splitBatch(batch)
    expect(pieces.map(({ recordCount }) => recordCount)).toEqual([1, 1, 1])
    expect(pieces.map(({ buffer }) => buffer.length)).toEqual(pieces.map(({ size }) => size))
  })

  it.each(Array.from({ length: 60 }, (_, seed) => seed))(
    'seed %i: makes smaller and smaller pieces down to single records',
    (seed) => {
      const random = new SeededRandom(seed)
      const batch = emptyBatch(60_000, 60_000, random.integer(0, 2_000_000_000_000))
      const count = random.integer(2, 40)
      for (let i = 0; i < count; i++) {
        append(batch, random.oneIn(8) ? null : 'v'.repeat(random.oneIn(10) ? 1_000 : random.integer(0, 40)), {
          key: random.oneIn(3) ? null : `k${i}`,
          timestamp: random.oneIn(4) ? random.integer(0, 4_000_000_000_000) : batch.baseTimestamp + i,
          headers: random.oneIn(3)
            ? [
                ['h', 'x'],
                ['h', null],
              ]
            : null,
        })
      }
      expect(batch.recordCount).toBe(count)
      const whole = contents(batch)
      let pieces = [batch]
      for (let round = 0; pieces.some(({ recordCount }) => recordCount > 1); round++) {
        if (round > 64) throw new Error('no end of splitting')
        pieces = pieces.flatMap((piece) => {
          if (piece.recordCount === 1) return [piece]
          const halves = splitBatch(piece)
          for (const half of halves) {
            const limit = RECORD_BATCH_OVERHEAD + Math.ceil((piece.size - RECORD_BATCH_OVERHEAD) / 2)
            if (half.recordCount > 1) expect(half.size).toBeLessThanOrEqual(limit)
            expect(half.recordCount).toBeLessThan(piece.recordCount)
          }
          return halves
        })
        expect(pieces.flatMap(contents)).toEqual(whole)
      }
      const orders = pieces.map(({ order }) => order)
      expect(orders).toEqual([...new Set(orders)].sort((a, b) => a - b))
      expect(Math.max(...orders)).toBeLessThan(8)
    },
  )
})

describe('RecordCursor', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'seed %i: reads the same records as RecordReader',
    (seed) => {
      const random = new SeededRandom(seed)
      const batch = emptyBatch(200_000, 200_000, random.integer(0, 2 ** 40))
      for (let i = 0; i < 200; i++) {
        append(batch, random.oneIn(5) ? null : 'v'.repeat(random.pick([0, 1, 63, 64, 300])), {
          key: random.oneIn(3) ? null : 'k'.repeat(random.pick([0, 1, 63, 64, 200])),
          timestamp: random.pick([
            0,
            batch.baseTimestamp,
            batch.baseTimestamp + random.integer(0, 2 ** 34),
            random.integer(0, 2 ** 48),
          ]),
          headers: random.oneIn(4) ? [['h', 'x'.repeat(random.integer(0, 200))]] : null,
        })
      }
      const reader = new RecordReader(batch.records)
      const cursor = new RecordCursor(batch.records)
      while (!reader.atEnd) {
        const { timestampDelta, key, value } = reader.next()
        if (random.oneIn(3)) cursor.skip()
        else {
          cursor.advance()
          expect([cursor.timestampDelta, cursor.keySize, cursor.valueSize]).toEqual([
            timestampDelta,
            key?.length ?? -1,
            value?.length ?? -1,
          ])
        }
      }
    },
  )
})
