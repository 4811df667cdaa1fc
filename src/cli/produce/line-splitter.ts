import { Buffer } from 'node:buffer'

const LINE_FEED = 10

/** A line that is longer than allowed. Its bytes were counted but not kept. */
export interface OverlongLine {
  readonly overlongBytes: number
}

/** A line without its line feed. */
export type Line = Buffer | OverlongLine

/**
 * Splits bytes into lines without their line feeds. All other bytes stay as they are. A line within one chunk
 * is a view of the chunk. A line that spans chunks is copied once.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  #chunk: Buffer = Buffer.alloc(0)
  #offset = 0
  /** The beginning of a line whose end has not come yet. It is dropped once the line is too long. */
  #pieces: Buffer[] = []
  #pieceBytes = 0

  /**
   * @param maxLineBytes the most bytes of a line; without a limit, input without a line feed would fill the
   *   memory
   */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes
  }

  /** Takes the next bytes. To be called when `next` has returned null. */
  feed(chunk: Buffer): void {
    this.#chunk = chunk
    this.#offset = 0
  }

  /** The next whole line; null if more bytes are needed for it. */
  next(): Line | null {
    const end = this.#chunk.indexOf(LINE_FEED, this.#offset)
    if (end < 0) {
      this.#keepRest()
      return null
    }
    const piece = this.#chunk.subarray(this.#offset, end)
    this.#offset = end + 1
    return this.#lineThatEndsWith(piece)
  }

  /** To be called after the last bytes. Returns the last line if it has no line feed, else null. */
  end(): Line | null {
    return this.#pieceBytes === 0 ? null : this.#lineThatEndsWith(Buffer.alloc(0))
  }

  #keepRest(): void {
    const rest = this.#chunk.subarray(this.#offset)
    if (rest.length === 0) return
    this.#offset = this.#chunk.length
    this.#pieceBytes += rest.length
    if (this.#pieceBytes > this.#maxLineBytes) this.#pieces = []
    else this.#pieces.push(rest)
  }

  #lineThatEndsWith(last: Buffer): Line {
    const pieces = this.#pieces
    const bytes = this.#pieceBytes + last.length
    this.#pieces = []
    this.#pieceBytes = 0
    if (bytes > this.#maxLineBytes) return { overlongBytes: bytes }
    return pieces.length === 0 ? last : Buffer.concat([...pieces, last])
  }
}
