import { Buffer } from 'node:buffer'

const SIZE_BYTES = 4

/**
 * Splits a stream of chunks into request frames. The chunks of a frame are joined once, when it is complete.
 */
export class FrameAssembler {
  readonly #maxFrameBytes: number
  #chunks: Buffer[] = []
  #length = 0

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** The number of bytes after the last complete frame. */
  get pending(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /**
   * The next complete frame without its size field; null if there is none yet.
   *
   * @throws RangeError for a size that no request can have
   */
  next(): Buffer | null {
    const head = this.head(SIZE_BYTES)
    if (head === null) return null
    const size = head.readInt32BE(0)
    if (size <= 0 || size > this.#maxFrameBytes) {
      throw new RangeError(`a request of ${size} bytes, where 1 to ${this.#maxFrameBytes} are allowed`)
    }
    const end = SIZE_BYTES + size
    if (this.#length < end) return null
    const bytes = this.#joined(end)
    this.#chunks[0] = bytes.subarray(end)
    if (bytes.length === end) this.#chunks.shift()
    this.#length -= end
    return bytes.subarray(SIZE_BYTES, end)
  }

  /** The first `count` bytes that have arrived; null if there are fewer. */
  head(count: number): Buffer | null {
    return this.#length < count ? null : this.#joined(count)
  }

  /** Joins chunks until the first one has `count` bytes. */
  #joined(count: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= count) return first
    let size = 0
    let chunks = 0
    while (size < count) size += (this.#chunks[chunks++] as Buffer).length
    const joined = Buffer.concat(this.#chunks.slice(0, chunks), size)
    this.#chunks.splice(0, chunks, joined)
    return joined
  }
}
