import type { Mutant } from './mutant.js'

/** Bugs in deadlines. */
export const timeMutants: readonly Mutant[] = [
  {
    name: 'a pass judges deadlines before it has read the network',
    edits: [
      [
        'producer/sender/sender.ts',
        'this.#timer = this.#stalls.setTimer(atMs - now, () => this.wake())',
        `this.#timer = this.#stalls.setTimer(atMs - now, () => {
      this.#wokenAtMs = this.#clock.now()
      this.#pass(this.#wokenAtMs)
    })`,
      ],
      ['network/stalls.ts', 'return !this.#isListening', 'return true'],
    ],
    seenAs: /was given up as not acknowledged in time in the instant in which its acknowledgement was read/,
    within: 1_500,
  },
  {
    name: 'stalls count against records',
    edits: [['network/stalls.ts', 'return sum', 'return 0']],
    seenAs: /was given up as too late \d+ ms after/,
    within: 300,
  },
]
