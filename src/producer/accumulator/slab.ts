import { Buffer } from 'node:buffer'

const SLAB_BYTES = 8_192

/** More than this gets an ArrayBuffer of its own. */
const MOST_SHARED_BYTES = 2_048

/**
 * Gives out pieces of ArrayBuffers. Pieces that are given out one after the other share one, which is
 * collected when all of them are dropped.
 *
 * Node's own pool does the same, but for the whole process: a small piece would keep whatever else the
 * program has put there.
 */
export class Slab {
  #current: ArrayBuffer = new ArrayBuffer(0)
  #used = 0

  /** A piece of so many bytes, all zero. */
  allocate(size: number): Buffer {
    if (size > MOST_SHARED_BYTES) return Buffer.from(new ArrayBuffer(size))
    if (this.#used + size > this.#current.byteLength) {
      this.#current = new ArrayBuffer(SLAB_BYTES)
      this.#used = 0
    }
    const piece = Buffer.from(this.#current, this.#used, size)
    this.#used += size
    return piece
  }
}
