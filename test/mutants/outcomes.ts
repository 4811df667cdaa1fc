import type { Mutant } from './mutant.js'

/** Bugs in what becomes of a batch, and of its memory. */
export const outcomeMutants: readonly Mutant[] = [
  {
    name: 'records that have expired are settled again by an answer',
    edits: [
      [
        'producer/settlement.ts',
        `last, lastOffset)
    }
    if (batch.isDone) {`,
        `last, lastOffset)
    }
    if (batch.isDone) {
      deliver(partition, batch, baseOffset, -1n, this.#hooks)`,
      ],
    ],
    seenAs: /was settled 2 times/,
    within: 500,
  },
  {
    name: 'a piece of a split batch is dropped',
    edits: [
      ['producer/settlement.ts', 'for (const piece of pieces) {', 'for (const piece of pieces.slice(1)) {'],
    ],
    seenAs: /was never settled/,
    within: 300,
  },
  {
    name: 'a batch is given up one retry too early',
    edits: [
      [
        'producer/settlement.ts',
        '++batch.failures > this.#options.retries',
        '++batch.failures >= this.#options.retries',
      ],
    ],
    seenAs: /was given up after \d+ attempts/,
    within: 100,
  },
  {
    name: 'retries have no end',
    edits: [
      [
        'producer/settlement.ts',
        '++batch.failures > this.#options.retries',
        'batch.failures > this.#options.retries',
      ],
    ],
    seenAs: /a batch was sent \d+ times, where retries is \d+/,
    within: 1_000,
  },
  {
    name: 'a clean refusal clears what an earlier attempt has left open',
    edits: [
      [
        'producer/settlement.ts',
        'if (mayHaveBeenAppended(result)) batch.maybePersisted = true',
        'batch.maybePersisted = mayHaveBeenAppended(result)',
      ],
    ],
    seenAs: /as certainly not persisted, and is at|is in the log \d+ times/,
    within: 1_000,
  },
  {
    name: 'memory is used again while a socket may read it',
    edits: [['producer/accumulator.ts', '|| batch.readers > 0 ', '']],
    seenAs: /arrived damaged/,
    within: 2_000,
  },
  {
    name: 'what was never sent is said to be possibly persisted',
    edits: [
      ['producer/settlement-errors.ts', 'possiblyPersisted: batch.maybePersisted', 'possiblyPersisted: true'],
    ],
    seenAs: /was never sent, and is said to be possibly persisted/,
    within: 100,
  },
  {
    name: 'records that wait take any memory',
    edits: [
      ['producer/intake.ts', 'taken === 0 || taken + bytes <= limit', 'taken + bytes > limit || taken >= 0'],
    ],
    seenAs: /\d+ bytes were held, where \d+ are allowed/,
    within: 500,
  },
]
