import type { Mutant } from './mutant.js'

/** Bugs in the key, headers, timestamp and partition of a written record. */
export const contentMutants: readonly Mutant[] = [
  {
    name: 'the records of a split batch have one timestamp',
    edits: [
      [
        'producer/accumulator/split-batch.ts',
        'const timestamp = baseTimestamp + record.timestampDelta',
        'const timestamp = piece.baseTimestamp',
      ],
    ],
    seenAs: /has the timestamp \d+, and was sent at \d+/,
    within: 1_000,
  },
  {
    name: 'a record that has waited for metadata ignores its key',
    edits: [
      [
        'producer/intake/intake.ts',
        'const choose = (): number => this.#choose(topic, key, keySize, value)',
        'const choose = (): number => this.#choose(topic, null, -1, value)',
      ],
    ],
    seenAs: /has the key of record \d+, and another partition/,
    within: 100,
  },
]
