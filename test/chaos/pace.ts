import type { SeededRandom } from '../support/random.js'

/** The rate when all records are acknowledged but faults are still to come. */
const trickle = 500
const least = 500

/** The records per second that make records and faults end at about the same time. */
export class Pace {
  readonly #records: number
  readonly #totalSeconds: number
  readonly #random: SeededRandom
  #doneSeconds = 0

  /** `totalSeconds` is an estimate of how long the faults of the schedule take. */
  constructor(records: number, totalSeconds: number, random: SeededRandom) {
    this.#records = records
    this.#totalSeconds = totalSeconds
    this.#random = random
  }

  /** To be called when a step that takes about this long has ended. */
  passed(seconds: number): void {
    this.#doneSeconds += seconds
  }

  /** The rate for the next moment; 0: no limit. It varies, so that batches of all sizes are sent. */
  rate(acknowledged: number, elapsedSeconds: number): number {
    const left = this.#records - acknowledged
    if (left <= 0) return trickle
    // The time of the steps so far gives an estimate for the others.
    const slowness = this.#doneSeconds < 20 ? 1 : elapsedSeconds / this.#doneSeconds
    const secondsLeft = (this.#totalSeconds - this.#doneSeconds) * slowness * 0.9
    if (secondsLeft <= 1) return 0
    return Math.max(least, (left / secondsLeft) * this.#random.pick([0.3, 1, 1, 1.7]))
  }
}
