export interface FrameSink {
  /** Called at the beginning of a frame, with its first bytes and its whole length, size field included. */
  frame(head: Buffer, length: number): void
  /** Called with the next bytes of the frame, its head included. `isLast`: the frame ends with them. */
  bytes(chunk: Buffer, isLast: boolean): void
}

/** Finds Kafka's frames in a stream. It holds back no more than the head of a frame. */
export class FrameSplitter {
  readonly #sink: FrameSink
  readonly #head: Buffer
  #headUsed = 0
  #left = 0

  /**
   * `headLength` is the number of bytes that the sink needs of each frame, at least 4. No frame is shorter.
   */
  constructor(headLength: number, sink: FrameSink) {
    this.#head = Buffer.alloc(headLength)
    this.#sink = sink
  }

  push(chunk: Buffer): void {
    let position = 0
    while (position < chunk.length) {
      if (this.#left > 0) {
        const piece = chunk.subarray(position, position + this.#left)
        position += piece.length
        this.#left -= piece.length
        this.#sink.bytes(piece, this.#left === 0)
      } else {
        const copied = chunk.copy(this.#head, this.#headUsed, position)
        position += copied
        this.#headUsed += copied
        if (this.#headUsed === this.#head.length) this.#begin()
      }
    }
  }

  #begin(): void {
    const head = Buffer.from(this.#head)
    const length = 4 + head.readInt32BE(0)
    if (length < head.length) throw new RangeError(`a frame of ${length} bytes`)
    this.#headUsed = 0
    this.#left = length - head.length
    this.#sink.frame(head, length)
    this.#sink.bytes(head, this.#left === 0)
  }
}
