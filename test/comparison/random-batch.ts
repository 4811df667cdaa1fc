import type { SeededRandom } from '../support/random.js'
import type { BatchPlan, RecordPlan, StampPlan } from './batch-plan.js'
import type { Codec } from './codecs.js'
import type { LaneKind } from './lane-kinds.js'

const HOUR = 3_600_000

const CODECS: readonly Codec[] = [
  ...Array.from({ length: 15 }, () => 'none' as const),
  ...Array.from({ length: 7 }, () => 'gzip' as const),
  ...Array.from({ length: 3 }, () => ['snappy', 'lz4', 'zstd'] as const).flat(),
]

/**
 * Records that a producer could send, and now and then some that it should not, as far as the kind of topic
 * asks for that.
 */
export function randomBatch(
  random: SeededRandom,
  kind: LaneKind,
  stamp: StampPlan | null,
  givenCount: number | null,
  transactional: boolean,
): BatchPlan {
  const count = givenCount ?? (random.oneIn(12) ? random.integer(5, 30) : random.integer(1, 4))
  const codec = random.pick(CODECS)
  const oddTimes = random.oneIn(kind === 'timestamps' ? 3 : 20)
  const withKeys = kind === 'compact' && !random.oneIn(4)
  return {
    records: Array.from({ length: count }, () => randomRecord(random, { kind, oddTimes, withKeys })),
    stamp,
    transactional,
    codec,
    damage: [],
  }
}

interface RecordChoice {
  readonly kind: LaneKind
  readonly oddTimes: boolean
  readonly withKeys: boolean
}

function randomRecord(random: SeededRandom, { kind, oddTimes, withKeys }: RecordChoice): RecordPlan {
  const text = (): string => 'x'.repeat(random.pick([0, 1, 3, 10, 10, 40, random.integer(60, 300)]))
  const value =
    kind === 'segments' && random.oneIn(20) ? 'x'.repeat(random.integer(300_000, 1_100_000)) : text()
  const headers = random.oneIn(6) ? random.integer(1, 3) : 0
  return {
    key: !withKeys && random.oneIn(kind === 'compact' ? 4 : 2) ? null : `key-${random.integer(0, 9)}`,
    value: random.oneIn(8) ? null : value,
    time: oddTimes && random.oneIn(2) ? oddTime(random) : { afterNow: random.integer(-9_000, 1_000) },
    headers: Array.from({ length: headers }, (_, i) => [`h${i}`, random.oneIn(3) ? null : text()] as const),
    misplacedBy: random.oneIn(120) ? random.pick([-1, 1, 6]) : 0,
  }
}

/** Far from every limit that topics have here, so that the clusters' clocks need not agree. */
function oddTime(random: SeededRandom): RecordPlan['time'] {
  return random.pick<RecordPlan['time']>([
    { at: -1 },
    { at: 0 },
    { at: 1_700_000_000_000 },
    { at: -2 },
    { at: -5_000_000_000_000 },
    { afterNow: 10 * HOUR },
    { afterNow: -10 * HOUR },
    { afterNow: -26 * HOUR },
    { at: 4_000_000_000_000 },
  ])
}
