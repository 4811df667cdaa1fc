import type { Mutant } from './mutant.js'

/** Bugs in the outcome of a batch, and in its memory. */
export const outcomeMutants: readonly Mutant[] = [
  {
    name: 'a response settles expired records again',
    edits: [
      [
        'producer/settlement/settlement.ts',
        `last, lastOffset)
    }
    if (batch.isDone) return`,
        `last, lastOffset)
    }
    if (batch.isDone) {
      deliver(partition, batch, baseOffset, -1n, this.#parts.listener)
      return
    }`,
      ],
    ],
    seenAs: /was settled 2 times/,
    within: 500,
  },
  {
    name: 'a piece of a split batch is dropped',
    edits: [
      [
        'producer/settlement/settlement.ts',
        'for (const piece of pieces) {',
        'for (const piece of pieces.slice(1)) {',
      ],
    ],
    seenAs: /was never settled/,
    within: 300,
  },
  {
    name: 'a batch is given up one retry too early',
    edits: [
      [
        'producer/settlement/settlement.ts',
        'failures > this.#options.retries',
        'failures >= this.#options.retries',
      ],
    ],
    seenAs: /was given up after \d+ attempts/,
    within: 100,
  },
  {
    name: 'retries have no end',
    edits: [
      ['producer/settlement/settlement.ts', 'failures > this.#options.retries', 'batch.attempts.count < 0'],
    ],
    seenAs: /a batch was sent \d+ times, where retries is \d+/,
    within: 1_000,
  },
  {
    name: 'a clean refusal clears the doubt of an earlier attempt',
    edits: [
      [
        'producer/settlement/settlement.ts',
        'if (mayHaveBeenAppended(result)) batch.attempts.mayHaveLanded()',
        'if (mayHaveBeenAppended(result)) batch.attempts.mayHaveLanded()\n    else batch.attempts.haveNotLanded()',
      ],
    ],
    seenAs: /as certainly not persisted, and is at|is in the log \d+ times/,
    within: 1_000,
  },
  {
    name: 'memory is used again while a socket may read it',
    edits: [
      [
        'producer/accumulator/buffer-lease.ts',
        'this.#recordsNeedIt = false\n    if (this.#readers === 0) ',
        'this.#recordsNeedIt = false\n    ',
      ],
      [
        'producer/accumulator/buffer-lease.ts',
        'if (this.#readers === 0 && !this.#recordsNeedIt) this.#returned()',
        '',
      ],
    ],
    seenAs: /arrived damaged/,
    within: 2_000,
  },
  {
    name: 'a record that was never sent fails as possibly persisted',
    edits: [
      [
        'producer/accumulator/batch-errors.ts',
        'possiblyPersisted: batch.attempts.maybePersisted',
        'possiblyPersisted: true',
      ],
    ],
    seenAs: /was never sent, and is said to be possibly persisted/,
    within: 100,
  },
  {
    name: 'waiting records have no memory limit',
    edits: [
      [
        'producer/intake/intake.ts',
        'taken === 0 || taken + bytes <= limit',
        'taken + bytes > limit || taken >= 0',
      ],
    ],
    seenAs: /\d+ bytes were held, where \d+ are allowed/,
    within: 500,
  },
  {
    name: 'the interceptors do not hear of an aborted record',
    edits: [
      ['producer/abortable-sends.ts', 'if (withdrawn) this.#watcher?.told(error, null)', 'void withdrawn'],
    ],
    seenAs: /interceptors: \d+ outcomes of \d+ records told/,
    within: 1_000,
  },
  {
    name: 'the interceptors do not hear of a record that nobody asked for',
    edits: [
      [
        'producer/accumulator/completion.ts',
        'completion === null || (completion instanceof UnaskedSend && completion.watcher === null)',
        'completion === null || completion instanceof UnaskedSend',
      ],
    ],
    seenAs: /interceptors: \d+ outcomes of \d+ records told/,
    within: 100,
  },
]
