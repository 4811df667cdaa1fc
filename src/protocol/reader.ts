import type { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import { uuidFromBytes } from './uuid.js'
import { MAX_STRING_BYTES } from './writer.js'

/**
 * Reads the primitive types of one frame: the mirror of Writer.
 *
 * Bytes from the network are hostile until parsed. Every read is checked against the end of the frame. Every
 * count is checked against the rest of the frame before anything is allocated for it. A value that does not
 * fit throws ProtocolError with its position.
 */
export class Reader {
  readonly version: number
  /** Whether this version has compact lengths and tagged fields (KIP-482). */
  readonly flexible: boolean
  readonly #bytes: Buffer
  readonly #end: number
  #offset: number

  constructor(bytes: Buffer, version: number, flexible: boolean, offset = 0, end: number = bytes.length) {
    this.#bytes = bytes
    this.version = version
    this.flexible = flexible
    this.#offset = offset
    this.#end = end
  }

  get offset(): number {
    return this.#offset
  }

  get remaining(): number {
    return this.#end - this.#offset
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  int8(): number {
    return this.#bytes.readInt8(this.#take(1, 'int8'))
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#take(2, 'int16'))
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#take(2, 'uint16'))
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#take(4, 'int32'))
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#take(4, 'uint32'))
  }

  int64(): bigint {
    return this.#bytes.readBigInt64BE(this.#take(8, 'int64'))
  }

  float64(): number {
    return this.#bytes.readDoubleBE(this.#take(8, 'float64'))
  }

  unsignedVarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.#take(1, 'unsigned varint')] as number
      // The fifth byte may use four bits only: more would not fit an unsigned 32-bit integer.
      if (shift === 28 && byte > 0x0f) throw this.error('an unsigned varint of more than 32 bits')
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw this.error('an unsigned varint of more than five bytes')
  }

  uuid(): string {
    const start = this.#take(16, 'UUID')
    return uuidFromBytes(this.#bytes.subarray(start, start + 16))
  }

  string(): string {
    const value = this.nullableString()
    if (value === null) throw this.error('null where a string must be')
    return value
  }

  nullableString(): string | null {
    const size = this.flexible ? this.unsignedVarint() - 1 : this.int16()
    if (size === -1) return null
    if (size < 0 || size > MAX_STRING_BYTES) throw this.error(`a string of length ${size}`)
    const start = this.#take(size, 'string')
    return this.#bytes.toString('utf8', start, start + size)
  }

  /** Reads a string that may be null from version `first` on. */
  nullableStringFrom(first: number): string | null {
    return this.version >= first ? this.nullableString() : this.string()
  }

  /** A view of the frame, not a copy. */
  bytes(): Buffer {
    const value = this.nullableBytes()
    if (value === null) throw this.error('null where bytes must be')
    return value
  }

  /** A view of the frame, not a copy. */
  nullableBytes(): Buffer | null {
    const size = this.flexible ? this.unsignedVarint() - 1 : this.int32()
    if (size === -1) return null
    if (size < 0) throw this.error(`bytes of length ${size}`)
    return this.raw(size)
  }

  /** Reads record batches without decoding them: a view of the frame. */
  records(): Buffer | null {
    return this.nullableBytes()
  }

  /** Reads the next `size` bytes: a view of the frame. */
  raw(size: number): Buffer {
    const start = this.#take(size, 'bytes')
    return this.#bytes.subarray(start, start + size)
  }

  /**
   * Reads an array. `minimumItemBytes` is the size of the smallest possible item, so that a false count is
   * refused at once.
   */
  array<T>(readItem: (r: Reader) => T, minimumItemBytes = 1): T[] {
    const items = this.nullableArray(readItem, minimumItemBytes)
    if (items === null) throw this.error('null where an array must be')
    return items
  }

  nullableArray<T>(readItem: (r: Reader) => T, minimumItemBytes = 1): T[] | null {
    const count = this.flexible ? this.unsignedVarint() - 1 : this.int32()
    if (count === -1) return null
    if (count < 0 || count * minimumItemBytes > this.remaining) {
      throw this.error(`an array of ${count} items where ${this.remaining} bytes are left`)
    }
    const items: T[] = []
    for (let i = 0; i < count; i++) items.push(readItem(this))
    return items
  }

  int32Array(): number[] {
    return this.array(readInt32, 4)
  }

  stringArray(): string[] {
    return this.array(readString)
  }

  nullableStringArray(): string[] | null {
    return this.nullableArray(readString)
  }

  /** Skips every tagged field. Versions before the flexible ones have none. */
  tags(): void {
    this.taggedFields(skipField)
  }

  /**
   * Calls `readField` for each tagged field, with a Reader that ends where the field ends. `readField` reads
   * the whole field if it knows the tag, and nothing of it otherwise. The order of tags is not checked; nor
   * does Kafka check it. https://cwiki.apache.org/confluence/display/KAFKA/KIP-482
   */
  taggedFields(readField: (tag: number, field: Reader) => void): void {
    if (!this.flexible) return
    const count = this.unsignedVarint()
    if (count * 2 > this.remaining)
      throw this.error(`${count} tagged fields where ${this.remaining} bytes are left`)
    for (let i = 0; i < count; i++) {
      const tag = this.unsignedVarint()
      const size = this.unsignedVarint()
      const start = this.#take(size, `tagged field ${tag}`)
      const field = new Reader(this.#bytes, this.version, this.flexible, start, start + size)
      readField(tag, field)
      if (field.offset !== start) field.finish()
    }
  }

  /** Throws unless every byte has been read. */
  finish(): void {
    if (this.remaining !== 0) throw this.error(`${this.remaining} bytes left over`)
  }

  /** An error with the position, for everything that is wrong about the bytes. */
  error(what: string): ProtocolError {
    return new ProtocolError(`${what}, at byte ${this.#offset} of ${this.#end}`)
  }

  #take(size: number, what: string): number {
    const start = this.#offset
    if (size > this.#end - start)
      throw this.error(`${what} of ${size} bytes where ${this.#end - start} are left`)
    this.#offset = start + size
    return start
  }
}

function readInt32(r: Reader): number {
  return r.int32()
}

function readString(r: Reader): string {
  return r.string()
}

function skipField(): void {
  // `taggedFields` continues behind the field by itself.
}
