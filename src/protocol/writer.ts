import { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import { uuidToBytes } from './uuid.js'
import { writeUnsignedVarint } from './varint.js'

const FIRST_BLOCK_BYTES = 512

/** Kafka takes no longer string in either form, although the compact form could hold one. */
export const MAX_STRING_BYTES = 0x7fff

/**
 * Writes the primitive types of one frame, in the classic or the compact form that the message's version has
 * (https://kafka.apache.org/protocol#protocol_types). So a message file names each field once and never tests
 * for flexibility. One Writer serves one frame: an error in the middle cannot spoil the next frame.
 */
export class Writer {
  readonly version: number
  /** Whether this version has compact lengths and tagged fields (KIP-482). */
  readonly flexible: boolean
  readonly #chunks: Uint8Array[] = []
  #block: Buffer = Buffer.allocUnsafe(FIRST_BLOCK_BYTES)
  #blockStart = 0
  #offset = 0
  #finishedBytes = 0

  constructor(version: number, flexible: boolean) {
    this.version = version
    this.flexible = flexible
  }

  /** Bytes written so far, including those held by reference. */
  get length(): number {
    return this.#finishedBytes + this.#offset - this.#blockStart
  }

  boolean(value: boolean): void {
    this.int8(value ? 1 : 0)
  }

  int8(value: number): void {
    this.#reserve(1)
    this.#offset = this.#block.writeInt8(value, this.#offset)
  }

  int16(value: number): void {
    this.#reserve(2)
    this.#offset = this.#block.writeInt16BE(value, this.#offset)
  }

  uint16(value: number): void {
    this.#reserve(2)
    this.#offset = this.#block.writeUInt16BE(value, this.#offset)
  }

  int32(value: number): void {
    this.#reserve(4)
    this.#offset = this.#block.writeInt32BE(value, this.#offset)
  }

  uint32(value: number): void {
    this.#reserve(4)
    this.#offset = this.#block.writeUInt32BE(value, this.#offset)
  }

  int64(value: bigint): void {
    this.#reserve(8)
    this.#offset = this.#block.writeBigInt64BE(value, this.#offset)
  }

  float64(value: number): void {
    this.#reserve(8)
    this.#offset = this.#block.writeDoubleBE(value, this.#offset)
  }

  /** Writes 0 to 4,294,967,295 in one to five bytes. */
  unsignedVarint(value: number): void {
    this.#reserve(5)
    this.#offset = writeUnsignedVarint(this.#block, this.#offset, value)
  }

  /** Writes the 16 bytes of a UUID in Kafka's own text form (22 characters of URL-safe base64). */
  uuid(value: string): void {
    this.#reserve(16)
    this.#block.set(uuidToBytes(value), this.#offset)
    this.#offset += 16
  }

  string(value: string): void {
    const size = Buffer.byteLength(value)
    if (size > MAX_STRING_BYTES) {
      throw new ProtocolError(`a string of ${size} bytes, where Kafka takes ${MAX_STRING_BYTES} at the most`)
    }
    if (this.flexible) this.unsignedVarint(size + 1)
    else this.int16(size)
    this.#utf8(value, size)
  }

  nullableString(value: string | null): void {
    if (value !== null) this.string(value)
    else if (this.flexible) this.unsignedVarint(0)
    else this.int16(-1)
  }

  /**
   * Writes a string that may be null from version `first` on.
   *
   * @throws ProtocolError if it is null in an older version: the caller's mistake
   */
  nullableStringFrom(first: number, value: string | null): void {
    if (value === null && this.version < first) {
      throw new ProtocolError(`null where version ${this.version} needs a string`)
    }
    this.nullableString(value)
  }

  /** Writes a copy of the bytes, for small fields. Record batches go by reference through {@link records}. */
  bytes(value: Uint8Array): void {
    this.#bytesLength(value.length)
    this.raw(value)
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value !== null) this.bytes(value)
    else this.#nullLength()
  }

  /**
   * Writes a record batch by reference. The caller must not change the bytes until the frame has been
   * written.
   */
  records(value: Uint8Array | null): void {
    if (value === null) {
      this.#nullLength()
      return
    }
    this.#bytesLength(value.length)
    this.#finishBlock()
    this.#chunks.push(value)
    this.#finishedBytes += value.length
  }

  /** Writes a copy of the bytes without a length. */
  raw(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#block.set(value, this.#offset)
    this.#offset += value.length
  }

  array<T>(items: readonly T[], writeItem: (w: Writer, item: T) => void): void {
    this.#arrayLength(items.length)
    for (const item of items) writeItem(this, item)
  }

  nullableArray<T>(items: readonly T[] | null, writeItem: (w: Writer, item: T) => void): void {
    if (items !== null) this.array(items, writeItem)
    else if (this.flexible) this.unsignedVarint(0)
    else this.int32(-1)
  }

  int32Array(items: readonly number[]): void {
    this.#arrayLength(items.length)
    for (const item of items) this.int32(item)
  }

  stringArray(items: readonly string[]): void {
    this.array(items, writeString)
  }

  nullableStringArray(items: readonly string[] | null): void {
    this.nullableArray(items, writeString)
  }

  /** Writes an empty list of tagged fields. Versions before the flexible ones have none. */
  tags(): void {
    if (this.flexible) this.unsignedVarint(0)
  }

  /**
   * Writes tagged fields, which must be in ascending order of tag. Each field is written by a Writer of its
   * own, because its size goes first. The caller passes null to leave out a field whose value is the default.
   */
  taggedFields(fields: readonly (readonly [tag: number, write: ((w: Writer) => void) | null])[]): void {
    if (!this.flexible) return
    const present = fields.filter(([, write]) => write !== null)
    this.unsignedVarint(present.length)
    for (const [tag, write] of present) {
      if (write === null) continue
      const field = new Writer(this.version, this.flexible)
      write(field)
      this.unsignedVarint(tag)
      this.unsignedVarint(field.length)
      for (const chunk of field.finish()) this.raw(chunk)
    }
  }

  /** All bytes in order. The Writer must not be used afterwards. */
  finish(): Uint8Array[] {
    this.#finishBlock()
    return this.#chunks
  }

  #arrayLength(count: number): void {
    if (this.flexible) this.unsignedVarint(count + 1)
    else this.int32(count)
  }

  #bytesLength(size: number): void {
    if (this.flexible) this.unsignedVarint(size + 1)
    else this.int32(size)
  }

  #nullLength(): void {
    if (this.flexible) this.unsignedVarint(0)
    else this.int32(-1)
  }

  #utf8(value: string, size: number): void {
    this.#reserve(size)
    this.#block.write(value, this.#offset, size, 'utf8')
    this.#offset += size
  }

  #finishBlock(): void {
    if (this.#offset === this.#blockStart) return
    this.#chunks.push(this.#block.subarray(this.#blockStart, this.#offset))
    this.#finishedBytes += this.#offset - this.#blockStart
    this.#blockStart = this.#offset
  }

  #reserve(size: number): void {
    if (this.#offset + size <= this.#block.length) return
    this.#finishBlock()
    this.#block = Buffer.allocUnsafe(Math.max(this.#block.length * 2, size))
    this.#blockStart = 0
    this.#offset = 0
  }
}

function writeString(w: Writer, value: string): void {
  w.string(value)
}
