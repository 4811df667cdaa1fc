import { seededRandom } from './seeded-random.js'

/** A stream of numbers from a seed, so that every failure can be run again. */
export class SeededRandom {
  /** 0 (included) to 1 (excluded). */
  readonly next: () => number

  constructor(seed: number) {
    this.next = seededRandom(seed)
  }

  /** `low` to `high`, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** True once in `times` on average. */
  oneIn(times: number): boolean {
    return this.next() * times < 1
  }

  pick<T>(choices: readonly T[]): T {
    if (choices.length === 0) throw new RangeError('nothing to pick from')
    return choices[Math.floor(this.next() * choices.length)] as T
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.allocUnsafe(length)
    for (let i = 0; i < length; i++) bytes[i] = this.integer(0, 255)
    return bytes
  }
}
