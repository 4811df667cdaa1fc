import type { Buffer } from 'node:buffer'

/** What a pass over the records of one batch found, without an object per record. */
export interface RecordScan {
  /** Why the bytes are not the records that the batch's header announces; null if they are. */
  readonly malformed: string | null
  /** The highest timestamp of a record, milliseconds since 1970. */
  readonly maxTimestamp: number
  /** Records that may not be stored, by their index in the batch. */
  readonly refused: readonly RefusedRecord[]
}

export interface RefusedRecord {
  readonly batchIndex: number
  readonly reason: 'no-key' | 'timestamp' | 'offset'
  /** The record's timestamp or offset delta, as the reason asks. */
  readonly value: number
}

/** What a record must be beyond well-formed. */
export interface RecordRules {
  /** A compacted topic takes no record without a key. */
  readonly keyRequired: boolean
  /** Bounds of a record's own timestamp, both included. */
  readonly minTimestamp: number
  readonly maxTimestamp: number
}

/** The timestamp of a record that has none. */
const NO_TIMESTAMP = -1

/**
 * Reads the records of a batch as Kafka's DefaultRecord does, and checks what Kafka's LogValidator checks, in one pass: this runs for
 * every record that is produced. Stricter than Kafka in two points that only a mistake of the producer can bring about: Kafka
 * leaves wrong relative offsets of an uncompressed batch as they are and repairs those of a compressed one, and takes any negative length
 * for null, where the format says -1.
 *
 * @param records uncompressed, without the batch's header
 */
export function scanRecords(
  records: Buffer,
  count: number,
  baseTimestamp: number,
  rules: RecordRules,
): RecordScan {
  const cursor = new Cursor(records)
  const refused: RefusedRecord[] = []
  let newest = NO_TIMESTAMP
  for (let i = 0; i < count; i++) {
    const size = cursor.varint()
    const end = cursor.offset + size
    if (cursor.overrun || size < 0 || end > records.length) {
      return malformed(`record ${i} of ${count} does not fit the batch's ${records.length} bytes of records`)
    }
    cursor.offset++ // attributes: none are defined, none are looked at
    const timestamp = baseTimestamp + cursor.varlong()
    const offsetDelta = cursor.varint()
    const keySize = cursor.skipSized()
    cursor.skipSized()
    const headers = cursor.varint()
    if (headers < 0 || headers > records.length - cursor.offset) {
      return malformed(`record ${i} of ${count} has ${headers} headers`)
    }
    for (let header = 0; header < headers; header++) {
      if (cursor.skipSized() < 0) return malformed(`record ${i} of ${count} has a header without a key`)
      cursor.skipSized()
    }
    if (cursor.overrun || cursor.offset !== end) {
      return malformed(
        `record ${i} of ${count} is ${size} bytes long and its fields take ${cursor.offset - end + size}`,
      )
    }
    if (timestamp > newest) newest = timestamp
    if (offsetDelta !== i) refused.push({ batchIndex: i, reason: 'offset', value: offsetDelta })
    else if (keySize < 0 && rules.keyRequired) refused.push({ batchIndex: i, reason: 'no-key', value: 0 })
    else if (
      timestamp !== NO_TIMESTAMP &&
      (timestamp < rules.minTimestamp || timestamp > rules.maxTimestamp)
    ) {
      refused.push({ batchIndex: i, reason: 'timestamp', value: timestamp })
    }
  }
  const rest = records.length - cursor.offset
  if (rest !== 0) return malformed(`${rest} bytes behind the last of ${count} records`)
  return { malformed: null, maxTimestamp: newest, refused }
}

function malformed(why: string): RecordScan {
  return { malformed: why, maxTimestamp: NO_TIMESTAMP, refused: [] }
}

/** Reads on past the end without throwing and says so: a malformed batch is an answer here, not an exception. */
class Cursor {
  readonly #bytes: Buffer
  offset = 0
  overrun = false

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    this.overrun = true
    return -1
  }

  varlong(): number {
    const start = this.offset
    let value = 0
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) break
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    return this.#wideVarlong(start)
  }

  /** More than four bytes: beyond what bit operations on numbers hold. */
  #wideVarlong(start: number): number {
    this.offset = start
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)))
    }
    this.overrun = true
    return 0
  }

  /** Skips a length and what it announces; returns the length, -1 for null. */
  skipSized(): number {
    const size = this.varint()
    if (size > 0) this.offset += size
    else if (size < -1) this.overrun = true
    return size
  }
}
