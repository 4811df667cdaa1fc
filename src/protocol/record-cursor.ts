import type { Buffer } from 'node:buffer'

/**
 * Walks over records that this client wrote itself, and reads only the facts that a RecordMetadata needs.
 * Bytes from elsewhere need RecordReader, which checks each of them.
 */
export class RecordCursor {
  readonly #bytes: Buffer
  #offset = 0
  /** Timestamp delta of the record that `advance` passed last, in milliseconds. */
  timestampDelta = 0
  /** Bytes of that record's key; -1 for null. */
  keySize = -1
  /** Bytes of that record's value; -1 for null. */
  valueSize = -1

  constructor(records: Buffer) {
    this.#bytes = records
  }

  /** Passes a record without reading it. */
  skip(): void {
    const size = this.#varint()
    this.#offset += size
  }

  /** Passes a record and reads its timestamp and sizes. */
  advance(): void {
    const size = this.#varint()
    const end = this.#offset + size
    this.#offset++ // attributes
    this.timestampDelta = this.#varlong()
    this.#varint() // the offset delta is the record's index
    this.keySize = this.#varint()
    if (this.keySize > 0) this.#offset += this.keySize
    this.valueSize = this.#varint()
    this.#offset = end
  }

  #varint(): number {
    const bytes = this.#bytes
    let byte = bytes[this.#offset++] as number
    let zigzag = byte & 0x7f
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = bytes[this.#offset++] as number
      zigzag |= (byte & 0x7f) << shift
    }
    return (zigzag >>> 1) ^ -(zigzag & 1)
  }

  #varlong(): number {
    const start = this.#offset
    const small = this.#varint()
    if (this.#offset - start <= 4) return small
    // Rare: the timestamps in the batch are more than 18 hours apart.
    let zigzag = 0n
    for (let at = start, shift = 0n; at < this.#offset; at++, shift += 7n) {
      zigzag |= BigInt((this.#bytes[at] as number) & 0x7f) << shift
    }
    return Number((zigzag >> 1n) ^ -(zigzag & 1n))
  }
}
