import type { SeededRandom } from '../support/random.js'
import type { Damage, HeaderField } from './damage.js'

const RESEAL: Damage = { kind: 'reseal' }

type Chooser = (random: SeededRandom) => readonly Damage[]

/**
 * What may happen to a batch on its way, or in a client that has a fault; most of it with a checksum that is
 * right all the same.
 */
const KINDS: readonly (readonly [weight: number, Chooser])[] = [
  [6, (random) => [{ kind: 'flip a bit', index: random.integer(0, 400) }]],
  [2, (random) => [set('crc', random.integer(-0x8000_0000, 0x7fff_ffff))]],
  [4, (random) => [set('magic', random.pick([0, 1, 3, -1, 127]))]],
  [5, (random) => [set('batchLength', random.pick([-1, 0, 5, 13, 14, 15, 20, 40, 48, 49, 0x7fff_ffff]))]],
  [4, (random) => [{ kind: 'add', field: 'batchLength', by: random.pick([-8, -1, 1, 8, 300]) }]],
  [4, (random) => [{ kind: 'cut', length: random.integer(0, 90) }]],
  [2, (random) => [{ kind: 'drop the last', count: random.integer(1, 9) }]],
  [3, (random) => [{ kind: 'drop the last', count: random.integer(1, 9) }, RESEAL]],
  [3, (random) => [{ kind: 'append zeros', count: random.integer(1, 30) }]],
  [2, (random) => [{ kind: 'append zeros', count: random.integer(1, 30) }, RESEAL]],
  [5, (random) => [{ kind: 'append a copy', length: random.pick([null, null, 10, 16, 17, 18, 30, 61]) }]],
  [3, (random) => [set('baseOffset', random.pick([1, -1, 500])), ...(random.oneIn(2) ? [RESEAL] : [])]],
  [3, (random) => [set('partitionLeaderEpoch', random.pick([0, 7, -9]))]],
  [6, (random) => [set('attributes', randomAttributes(random)), RESEAL]],
  [5, (random) => [set('lastOffsetDelta', random.pick([-1, -7, 0, 1, 5, 0x7fff_ffff])), RESEAL]],
  [5, (random) => [set('recordCount', random.pick([-1, 0, 1, 2, 3, 60, 0x7fff_ffff])), RESEAL]],
  [4, (random) => bothCounts(random)],
  [4, (random) => [set('maxTimestamp', random.pick([-1, -2, 0, 5, 1_700_000_000_001])), RESEAL]],
  [2, (random) => [set('baseTimestamp', random.pick([-1, -2, 0, 5, 1_700_000_000_001])), RESEAL]],
  [2, (random) => [{ kind: 'add', field: 'baseTimestamp', by: random.pick([1, -1, 40, -60]) }, RESEAL]],
  [2, (random) => [set('baseSequence', random.integer(-3, 3)), RESEAL]],
  [2, (random) => [set('producerEpoch', random.integer(-3, 3)), RESEAL]],
  [14, (random) => [recordByte(random), RESEAL]],
  [5, (random) => [recordByte(random), recordByte(random), recordByte(random), RESEAL]],
]

const TOTAL = KINDS.reduce((sum, [weight]) => sum + weight, 0)

export function randomDamage(random: SeededRandom): readonly Damage[] {
  let left = random.integer(0, TOTAL - 1)
  for (const [weight, choose] of KINDS) {
    left -= weight
    if (left < 0) return choose(random)
  }
  return []
}

function set(field: HeaderField, to: number): Damage {
  return { kind: 'set', field, to }
}

/** Codec, timestamp type, transactional, control, delete horizon, and bits that nobody uses. */
function randomAttributes(random: SeededRandom): number {
  const bits = [
    0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x08, 0x10, 0x20, 0x40, 0x80, 0x100, 0x4000,
  ]
  return random.oneIn(3) ? random.pick(bits) | random.pick(bits) : random.pick(bits)
}

/** Both fields agree, and are wrong. */
function bothCounts(random: SeededRandom): readonly Damage[] {
  const by = random.pick([-1, 1, 2])
  return [{ kind: 'add', field: 'lastOffsetDelta', by }, { kind: 'add', field: 'recordCount', by }, RESEAL]
}

/** Near the start of the first record most of the time: there lengths and deltas stand close together. */
function recordByte(random: SeededRandom): Damage {
  const index = random.oneIn(2) ? random.integer(0, 8) : random.integer(0, 400)
  return {
    kind: 'record byte',
    index,
    to: random.pick([0, 1, 2, 3, 0x7f, 0x80, 0xff, random.integer(0, 255)]),
  }
}
