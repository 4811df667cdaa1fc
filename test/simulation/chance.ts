import { seededRandom } from '../support/seeded-random.js'

/** The choices of a seed. */
export class Chance {
  readonly random: () => number

  private constructor(random: () => number) {
    this.random = random
  }

  /** Choices about one subject. One choice more here does not change those about other subjects. */
  static of(seed: number, subject: string): Chance {
    let mixed = seed | 0
    for (let i = 0; i < subject.length; i++)
      mixed = Math.imul(mixed ^ subject.charCodeAt(i), 0x01000193) ^ (mixed >>> 13)
    return new Chance(seededRandom(mixed))
  }

  /** True with this probability. */
  happens(probability: number): boolean {
    return this.random() < probability
  }

  /** A number from `low` to `high`, both included. */
  whole(low: number, high: number): number {
    return low + Math.floor(this.random() * (high - low + 1))
  }

  /** A number from `low` (included) to `high` (excluded). */
  between(low: number, high: number): number {
    return low + this.random() * (high - low)
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)] as T
  }
}
