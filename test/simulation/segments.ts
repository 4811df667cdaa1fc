import type { Buffer } from 'node:buffer'
import type { Chance } from './chance.js'

/** The sizes of the pieces in which the bytes of one connection arrive. */
export class Segments {
  readonly #chance: Chance
  readonly #usual: number
  readonly #struck: () => void
  #largest = 0
  #bytesLeft = 0

  /**
   * @param usual the largest piece; 0 for any size
   * @param struck called when all bytes have arrived that were to come in smaller pieces
   */
  constructor(chance: Chance, usual: number, struck: () => void) {
    this.#chance = chance
    this.#usual = usual
    this.#struck = struck
  }

  /** Makes the next bytes, in both directions together, arrive in pieces of at most this size. */
  breakUp(bytes: number, largest: number): void {
    this.#bytesLeft = bytes
    this.#largest = largest
  }

  heal(): void {
    this.#bytesLeft = 0
  }

  *cut(bytes: Buffer): Generator<Buffer> {
    for (let from = 0; from < bytes.length; ) {
      const piece = bytes.subarray(from, from + this.#size(bytes.length - from))
      from += piece.length
      yield piece
    }
  }

  #size(left: number): number {
    if (this.#bytesLeft <= 0) return this.#usual === 0 ? left : this.#chance.whole(1, this.#usual)
    const size = this.#chance.whole(1, this.#largest)
    this.#bytesLeft -= size
    if (this.#bytesLeft <= 0) this.#struck()
    return size
  }
}
