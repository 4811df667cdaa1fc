import { Buffer } from 'node:buffer'

/** A buffer that grows as needed and is used again: fresh memory costs a page fault for each 4 KiB. */
export class Scratch {
  #buffer = Buffer.alloc(0)

  /** At least `size` bytes, of any content, until the next call. */
  take(size: number): Buffer {
    if (this.#buffer.length < size) this.#buffer = Buffer.allocUnsafeSlow(size)
    return this.#buffer
  }
}
