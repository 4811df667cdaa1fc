import { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import { utf8Size, writeUtf8 } from './utf8.js'
import { varintSize, varlongSize, writeVarint, writeVarlong } from './varint.js'

/** A header as it is on the wire. Order and duplicates are kept. */
export type RecordHeader = readonly [key: string, value: Uint8Array | string | null]

/** A key or a value on its way into a batch. A string is written as UTF-8 directly into the batch's bytes. */
export type RecordData = Uint8Array | string | null

/** A record that was read from a batch. Its bytes are views of the batch. */
export interface ParsedRecord {
  readonly offsetDelta: number
  /**
   * Milliseconds from the batch's base timestamp. Kafka allows deltas beyond 2^53; such a delta is rounded.
   */
  readonly timestampDelta: number
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [key: string, value: Buffer | null])[]
}

/**
 * The most bytes that a record takes beside its key, value and headers.
 * https://kafka.apache.org/documentation/#record
 */
export const MAX_RECORD_OVERHEAD = 21

/** Bytes of `data` without its length prefix; -1 for null. */
export function dataSize(data: RecordData): number {
  if (data === null) return -1
  return typeof data === 'string' ? utf8Size(data, Buffer.byteLength) : data.length
}

/** Bytes of data with its length prefix. Null is the length -1, which takes one byte. */
function prefixedSize(size: number): number {
  return size < 0 ? 1 : varintSize(size) + size
}

/** Bytes of the headers, their count included. */
export function headersSize(headers: readonly RecordHeader[] | null): number {
  if (headers === null) return 1
  let size = varintSize(headers.length)
  for (const [key, value] of headers) size += prefixedSize(dataSize(key)) + prefixedSize(dataSize(value))
  return size
}

/** The most bytes that the record takes in any batch. `max.request.size` limits this number, as in Java. */
export function recordSizeUpperBound(keySize: number, valueSize: number, sizeOfHeaders: number): number {
  return MAX_RECORD_OVERHEAD + prefixedSize(keySize) + prefixedSize(valueSize) + sizeOfHeaders
}

/** Bytes of the record without its length prefix. */
export function recordBodySize(
  timestampDelta: number,
  offsetDelta: number,
  keySize: number,
  valueSize: number,
  sizeOfHeaders: number,
): number {
  return (
    1 +
    varlongSize(timestampDelta) +
    varintSize(offsetDelta) +
    prefixedSize(keySize) +
    prefixedSize(valueSize) +
    sizeOfHeaders
  )
}

/** Bytes of the whole record, given the size of its body. */
export function recordSize(bodySize: number): number {
  return varintSize(bodySize) + bodySize
}

/** Writes a record whose sizes are known, and returns the offset behind it. The target must have room. */
export function writeRecord(
  target: Buffer,
  start: number,
  bodySize: number,
  timestampDelta: number,
  offsetDelta: number,
  key: RecordData,
  keySize: number,
  value: RecordData,
  valueSize: number,
  headers: readonly RecordHeader[] | null,
): number {
  let offset = writeVarint(target, start, bodySize)
  target[offset++] = 0 // attributes: Kafka defines none
  offset = writeVarlong(target, offset, timestampDelta)
  offset = writeVarint(target, offset, offsetDelta)
  offset = writeData(target, offset, key, keySize)
  offset = writeData(target, offset, value, valueSize)
  if (headers === null) {
    target[offset++] = 0
    return offset
  }
  offset = writeVarint(target, offset, headers.length)
  for (const [name, headerValue] of headers) {
    offset = writeData(target, offset, name, dataSize(name))
    offset = writeData(target, offset, headerValue, dataSize(headerValue))
  }
  return offset
}

/** Up to this many bytes, a loop in JavaScript is faster than `set`, which calls into the runtime. */
const SHORT_COPY = 48

function writeData(target: Buffer, start: number, data: RecordData, size: number): number {
  const offset = writeVarint(target, start, size)
  if (data === null) return offset
  if (typeof data === 'string') return writeUtf8(target, offset, data, size)
  if (size > SHORT_COPY) target.set(data, offset)
  else for (let i = 0; i < size; i++) target[offset + i] = data[i] as number
  return offset + size
}

/**
 * Reads the records of one batch one after another. Every read is checked against the end of the bytes.
 *
 * @param bytes the uncompressed records, without the batch's header
 */
export class RecordReader {
  readonly #bytes: Buffer
  #offset = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset === this.#bytes.length
  }

  /** The position of the next record. */
  get offset(): number {
    return this.#offset
  }

  next(): ParsedRecord {
    const size = this.#varint()
    const end = this.#offset + size
    if (size < 0 || end > this.#bytes.length) throw this.#error(`a record of ${size} bytes`)
    this.#skip(1)
    const timestampDelta = this.#varlong()
    const offsetDelta = this.#varint()
    const key = this.#data()
    const value = this.#data()
    const headers = this.#headers()
    if (this.#offset !== end) throw this.#error(`a record that ends at ${this.#offset} instead of ${end}`)
    return { offsetDelta, timestampDelta, key, value, headers }
  }

  #headers(): ParsedRecord['headers'] {
    const count = this.#varint()
    if (count < 0 || count * 2 > this.#bytes.length - this.#offset) throw this.#error(`${count} headers`)
    const headers: (readonly [string, Buffer | null])[] = []
    for (let i = 0; i < count; i++) {
      const key = this.#data()
      if (key === null) throw this.#error('a header without a key')
      headers.push([key.toString('utf8'), this.#data()])
    }
    return headers
  }

  #data(): Buffer | null {
    const size = this.#varint()
    if (size === -1) return null
    if (size < 0) throw this.#error(`a length of ${size}`)
    const start = this.#skip(size)
    return this.#bytes.subarray(start, start + size)
  }

  #varint(): number {
    const zigzag = this.#unsigned(5)
    if (zigzag > 0xffffffffn) throw this.#error('a varint of more than 32 bits')
    const value = Number(zigzag)
    return (value >>> 1) ^ -(value & 1)
  }

  #varlong(): number {
    const zigzag = this.#unsigned(10)
    if (zigzag > 0xffff_ffff_ffff_ffffn) throw this.#error('a varlong of more than 64 bits')
    return Number((zigzag >> 1n) ^ -(zigzag & 1n))
  }

  #unsigned(maxBytes: number): bigint {
    let small = 0
    for (let i = 0; i < 4; i++) {
      const byte = this.#bytes[this.#skip(1)] as number
      small += (byte & 0x7f) * 2 ** (7 * i)
      if (byte < 0x80) return BigInt(small)
    }
    let value = BigInt(small)
    for (let i = 4; i < maxBytes; i++) {
      const byte = this.#bytes[this.#skip(1)] as number
      value += BigInt(byte & 0x7f) << BigInt(7 * i)
      if (byte < 0x80) return value
    }
    throw this.#error(`a varint of more than ${maxBytes} bytes`)
  }

  #skip(size: number): number {
    const start = this.#offset
    if (size > this.#bytes.length - start) throw this.#error(`${size} bytes wanted`)
    this.#offset = start + size
    return start
  }

  #error(what: string): ProtocolError {
    return new ProtocolError(`${what}, at byte ${this.#offset} of ${this.#bytes.length} bytes of records`)
  }
}
