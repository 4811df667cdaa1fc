import type { Mutant } from './mutant.js'

/** Bugs in what is written of a record beside its value, and where. */
export const contentMutants: readonly Mutant[] = [
  {
    name: 'the records of a split batch have one timestamp',
    edits: [
      [
        'producer/split-batch.ts',
        'const timestamp = baseTimestamp + record.timestampDelta',
        'const timestamp = piece.baseTimestamp',
      ],
    ],
    seenAs: /has the timestamp \d+, and was sent at \d+/,
    within: 1_000,
  },
  {
    name: 'a record that has waited for metadata goes anywhere, whatever its key',
    edits: [
      [
        'producer/intake.ts',
        'this.#choose(topic, record.key, record.keySize, record.value)',
        'this.#choose(topic, null, -1, record.value)',
      ],
    ],
    seenAs: /has the key of record \d+, and another partition/,
    within: 100,
  },
]
