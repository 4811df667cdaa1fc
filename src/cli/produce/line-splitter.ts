import { Buffer } from 'node:buffer'
import { CommandFailure } from '../failure.js'

const LINE_FEED = 10

/**
 * Cuts bytes into lines, each without its line feed and otherwise untouched. A line within one chunk is a view of it; only one that
 * spans chunks is copied, once.
 */
export class LineSplitter {
  readonly #maxLineBytes: number
  #chunk: Buffer = Buffer.alloc(0)
  #offset = 0
  /** The beginning of a line whose end has not come yet. */
  #pieces: Buffer[] = []
  #pieceBytes = 0

  /** @param maxLineBytes a longer line is an error: without a limit, bytes without a line feed would fill the memory */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes
  }

  /** Takes the next bytes, once `next` has returned null. */
  feed(chunk: Buffer): void {
    this.#chunk = chunk
    this.#offset = 0
  }

  /** The next whole line; null if more bytes are needed for it. */
  next(): Buffer | null {
    const end = this.#chunk.indexOf(LINE_FEED, this.#offset)
    if (end < 0) {
      this.#keepRest()
      return null
    }
    const piece = this.#chunk.subarray(this.#offset, end)
    this.#offset = end + 1
    return this.#pieces.length === 0 ? this.#checked(piece) : this.#joined(piece)
  }

  /** After the last bytes: the line that no line feed ended; null if there is none. */
  end(): Buffer | null {
    return this.#pieces.length === 0 ? null : this.#joined(Buffer.alloc(0))
  }

  #keepRest(): void {
    if (this.#offset === this.#chunk.length) return
    const rest = this.#chunk.subarray(this.#offset)
    this.#offset = this.#chunk.length
    this.#pieces.push(rest)
    this.#pieceBytes += rest.length
    this.#check(this.#pieceBytes)
  }

  #joined(last: Buffer): Buffer {
    const line = Buffer.concat([...this.#pieces, last])
    this.#pieces = []
    this.#pieceBytes = 0
    return this.#checked(line)
  }

  #checked(line: Buffer): Buffer {
    this.#check(line.length)
    return line
  }

  #check(bytes: number): void {
    if (bytes <= this.#maxLineBytes) return
    throw new CommandFailure(`it is longer than ${this.#maxLineBytes} bytes, which no record can be`)
  }
}
