import type { Mutant } from './mutant.js'

/** Bugs in what counts as time that was not kept. */
export const timeMutants: readonly Mutant[] = [
  {
    name: 'a pass judges deadlines before it has heard the network',
    edits: [
      [
        'producer/sender.ts',
        'this.#timer = this.#clock.setTimer(this.#timerAtMs - now, () => this.wake())',
        `this.#timer = this.#clock.setTimer(this.#timerAtMs - now, () => {
      this.#wokenAtMs = this.#clock.now()
      this.#pass(this.#wokenAtMs)
    })`,
      ],
      ['producer/hold-ups.ts', 'return !this.#isListening', 'return true'],
    ],
    seenAs: /was given up as not acknowledged in time in the instant in which its acknowledgement was read/,
    within: 1_500,
  },
  {
    name: 'time in which the process stood still counts against records',
    edits: [['producer/hold-ups.ts', 'return sum', 'return 0']],
    seenAs: /was given up as too late \d+ ms after/,
    within: 300,
  },
]
