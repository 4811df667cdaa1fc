import { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import { uuidToBytes } from './uuid.js'
import { writeUnsignedVarint } from './varint.js'

const FIRST_BLOCK_BYTES = 512

/** Kafka takes no longer string in either form, though the compact one could hold it. */
export const MAX_STRING_BYTES = 0x7fff

/**
 * Writes one frame's primitive types, in the classic or the compact form as the message's version asks
 * (https://kafka.apache.org/protocol#protocol_types), so that a message file names each field once and never
 * tests for flexibility itself. One Writer serves one frame: a throw halfway cannot spoil the next.
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

  /** Bytes written so far, those held by reference included. */
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

  /** 0 to 4,294,967,295 in one to five bytes. */
  unsignedVarint(value: number): void {
    this.#reserve(5)
    this.#offset = writeUnsignedVarint(this.#block, this.#offset, value)
  }

  /** 16 bytes from Kafka's own text form (22 characters of URL-safe base64). */
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

  /** A string that may be null from version `first` on; null in an older version is a mistake of the caller. */
  nullableStringFrom(first: number, value: string | null): void {
    if (value === null && this.version < first) {
      throw new ProtocolError(`null where version ${this.version} needs a string`)
    }
    this.nullableString(value)
  }

  /** Bytes by copy, for small fields; record batches go by reference through {@link records}. */
  bytes(value: Uint8Array): void {
    this.#bytesLength(value.length)
    this.raw(value)
  }

  nullableBytes(value: Uint8Array | null): void {
    if (value !== null) this.bytes(value)
    else this.#nullLength()
  }

  /** A record batch, by reference: the caller keeps the bytes unchanged until the frame has been written. */
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

  /** Bytes as they are, by copy, without a length. */
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

  /** No tagged field; nothing at all before the flexible versions. */
  tags(): void {
    if (this.flexible) this.unsignedVarint(0)
  }

  /**
   * Tagged fields, in ascending order of tag. Each writes itself into a Writer of its own, because its size goes first.
   * A field whose value is the default is left out by passing null.
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

  /** All bytes in order. The Writer must not be used again. */
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
