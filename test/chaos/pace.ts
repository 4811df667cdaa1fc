import type { SeededRandom } from '../support/random.js'

/** While faults are still to come and all records are acknowledged. */
const trickle = 500
const least = 500

/** How many records a second are to be sent, so that records and faults are through at about the same time. */
export class Pace {
  readonly #records: number
  readonly #totalSeconds: number
  readonly #random: SeededRandom
  #doneSeconds = 0

  /** `totalSeconds`: how long the faults of the schedule take, as far as that is known before. */
  constructor(records: number, totalSeconds: number, random: SeededRandom) {
    this.#records = records
    this.#totalSeconds = totalSeconds
    this.#random = random
  }

  /** A step of the schedule that takes about so long is through. */
  passed(seconds: number): void {
    this.#doneSeconds += seconds
  }

  /** The rate for the next moment; uneven, so that batches of all sizes are sent. 0: no limit. */
  rate(acknowledged: number, elapsedSeconds: number): number {
    const left = this.#records - acknowledged
    if (left <= 0) return trickle
    // What the steps so far took tells how long the others will take.
    const slowness = this.#doneSeconds < 20 ? 1 : elapsedSeconds / this.#doneSeconds
    const secondsLeft = (this.#totalSeconds - this.#doneSeconds) * slowness * 0.9
    if (secondsLeft <= 1) return 0
    return Math.max(least, (left / secondsLeft) * this.#random.pick([0.3, 1, 1, 1.7]))
  }
}
