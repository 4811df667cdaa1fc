import type { RecordData, RecordHeader } from '../../../src/protocol/record.js'
import type { RecordBatchStamp } from '../../../src/protocol/record-batch.js'
import type { SeededRandom } from '../random.js'

export interface BatchRecord {
  readonly timestamp: number
  readonly key: RecordData
  readonly value: RecordData
  /** Null means that the record has no headers, as in a producer. */
  readonly headers: readonly RecordHeader[] | null
}

export interface BatchInput {
  readonly stamp: RecordBatchStamp
  readonly records: readonly BatchRecord[]
}

/** A batch of up to 20 records, sometimes of 300, that prefers edge cases. */
export function randomBatch(random: SeededRandom): BatchInput {
  const idempotent = !random.oneIn(4)
  const base = random.pick([0, 1_700_000_000_000, Number.MAX_SAFE_INTEGER])
  return {
    stamp: {
      producerId: idempotent ? random.pick([0n, 4_711n, 2n ** 63n - 1n]) : -1n,
      producerEpoch: idempotent ? random.pick([0, 7, 32_767]) : -1,
      baseSequence: idempotent ? random.pick([0, 12, 2 ** 31 - 1]) : -1,
      transactional: idempotent && random.oneIn(3),
    },
    records: Array.from({ length: random.integer(1, random.oneIn(50) ? 300 : 20) }, () => ({
      timestamp: randomTimestamp(random, base),
      key: randomData(random),
      value: randomData(random),
      headers: randomHeaders(random),
    })),
  }
}

/**
 * A timestamp mostly near the base; some are so far away, on either side, that the delta needs more than 32
 * bits.
 */
function randomTimestamp(random: SeededRandom, base: number): number {
  const delta = random.pick([
    0,
    1,
    -1,
    63,
    64,
    -64,
    -65,
    8_191,
    2 ** 31,
    -(2 ** 31),
    2 ** 31 - 1,
    2 ** 40,
    -(2 ** 45),
  ])
  return Math.min(Math.max(base + delta, 0), Number.MAX_SAFE_INTEGER)
}

const TEXTS = [
  '',
  'a',
  'plain text',
  'größer',
  '漢字',
  '😀',
  '\ud800',
  'a\udc00b',
  '\ud83d',
  'nul\u0000',
] as const

export function randomData(random: SeededRandom): RecordData {
  if (random.oneIn(6)) return null
  if (random.oneIn(2)) return randomText(random)
  return random.bytes(random.pick([0, 1, 47, 48, 49, 63, 64, 127, 128, random.integer(0, 300)]))
}

function randomText(random: SeededRandom): string {
  const text = random.pick(TEXTS)
  // A loop writes short texts and Node.js long ones; the limit is 32 characters.
  if (random.oneIn(200)) return text.padEnd(8_191, 'x')
  return random.oneIn(2) ? text : text + 'x'.repeat(random.pick([31, 32, 33, 62, 63, 64]))
}

function randomHeaders(random: SeededRandom): RecordHeader[] | null {
  if (random.oneIn(2)) return null
  const count = random.oneIn(100) ? 70 : random.integer(0, 3)
  return Array.from({ length: count }, () => [randomText(random), randomData(random)] as const)
}
