import type { Buffer } from 'node:buffer'
import { invalidRecord, type Refusal, unexpected } from './refusal.js'

/** The result of one pass over the records of a batch. The pass makes no object per record. */
export interface RecordScan {
  /** The reason why the bytes are not the records that the header announces; null if they are. */
  readonly malformed: Refusal | null
  /** Whether the reason was found only at the end of the bytes. */
  readonly atEnd: boolean
  /** The highest timestamp of a record, milliseconds since 1970. */
  readonly maxTimestamp: number
  /** The records that may not be stored, by their index in the batch. */
  readonly refused: readonly RefusedRecord[]
  /** Whether each record's offset delta is its index in the batch. */
  readonly inPlace: boolean
}

export interface RefusedRecord {
  readonly batchIndex: number
  readonly reason: 'no-key' | 'timestamp' | 'timestamp-type'
  readonly timestamp: number
}

/** The rules for a well-formed record. */
export interface RecordRules {
  /** Whether each record needs a key, as in a compacted topic. */
  readonly keyRequired: boolean
  /** Bounds of a record's own timestamp, both included. */
  readonly minTimestamp: number
  readonly maxTimestamp: number
  /** Whether the topic keeps the producer's timestamps. Only then are the bounds checked. */
  readonly createTime: boolean
  /** The size of the largest record in a compressed batch, in bytes. */
  readonly maxRecordSize: number
}

/** The fields of a batch's header that describe its records. */
export interface ScannedBatch {
  readonly recordCount: number
  readonly baseTimestamp: number
  /** The timestamp of every record if the header claims that the leader has set it; null otherwise. */
  readonly appendTime: number | null
  /**
   * Whether the records were compressed. Kafka then checks the range of a record's length and skips through
   * its fields. It does not compare the two: a record with a wrong length is stored.
   */
  readonly compressed: boolean
}

/** The timestamp of a record that has none. */
const NO_TIMESTAMP = -1

/**
 * Reads the records of a batch as Kafka's DefaultRecord does, and checks them as Kafka's LogValidator does.
 * It does both in one pass, because it runs for every produced record.
 *
 * @param records uncompressed, without the batch's header
 */
export function scanRecords(records: Buffer, batch: ScannedBatch, rules: RecordRules): RecordScan {
  const { recordCount, baseTimestamp, appendTime, compressed } = batch
  const cursor = new Cursor(records)
  const refused: RefusedRecord[] = []
  let newest = NO_TIMESTAMP
  let inPlace = true
  const invalid = (reason: string): RecordScan =>
    malformed(invalidRecord(reason), cursor.failure === 'beyond the end' || cursor.offset > records.length)
  for (let i = 0; i < recordCount; i++) {
    const size = cursor.varint()
    // This is the only place where Kafka does not expect a varint without an end.
    if (cursor.failure === 'endless' && !compressed)
      return malformed(unexpected(`record ${i} of ${recordCount} has no size`), false)
    if (compressed && cursor.failure === null && (size < 0 || size > rules.maxRecordSize))
      return invalid(`record ${i} of ${recordCount} says that it takes ${size} bytes`)
    const end = cursor.offset + size
    if (cursor.failure !== null || (!compressed && end > records.length)) {
      return invalid(
        `record ${i} of ${recordCount} does not fit the batch's ${records.length} bytes of records`,
      )
    }
    cursor.offset++ // attributes: none are defined, none are looked at
    const delta = cursor.varlong()
    const timestamp = appendTime ?? baseTimestamp + delta
    if (cursor.varint() !== i) inPlace = false
    const keySize = cursor.skipSized()
    cursor.skipSized()
    const headers = cursor.varint()
    if (headers < 0 || (!compressed && headers > records.length - cursor.offset)) {
      return invalid(`record ${i} of ${recordCount} has ${headers} headers`)
    }
    for (let header = 0; header < headers; header++) {
      if (cursor.skipSized() < 0) return invalid(`record ${i} of ${recordCount} has a header without a key`)
      cursor.skipSized()
    }
    if (cursor.failure !== null || (!compressed && cursor.offset !== end)) {
      return invalid(
        `record ${i} of ${recordCount} is ${size} bytes long and its fields take ${cursor.offset - end + size}`,
      )
    }
    if (timestamp > newest) newest = timestamp
    const reason = complaint(keySize, timestamp, appendTime !== null, rules)
    if (reason !== null) refused.push({ batchIndex: i, reason, timestamp })
  }
  const rest = records.length - cursor.offset
  if (rest !== 0) return invalid(`${rest} bytes behind the last of ${recordCount} records`)
  return { malformed: null, atEnd: true, maxTimestamp: newest, refused, inPlace }
}

function complaint(
  keySize: number,
  timestamp: number,
  claimsAppendTime: boolean,
  rules: RecordRules,
): RefusedRecord['reason'] | null {
  if (keySize < 0 && rules.keyRequired) return 'no-key'
  if (rules.createTime && timestamp !== NO_TIMESTAMP) {
    return timestamp < rules.minTimestamp || timestamp > rules.maxTimestamp ? 'timestamp' : null
  }
  // Only the broker may set this bit. Kafka checks it only if it does not check the bounds.
  return claimsAppendTime ? 'timestamp-type' : null
}

function malformed(why: Refusal, atEnd: boolean): RecordScan {
  return { malformed: why, atEnd, maxTimestamp: NO_TIMESTAMP, refused: [], inPlace: true }
}

/**
 * Reads fields without throwing, even beyond the end, and notes the failure. A malformed batch is an expected
 * result here.
 */
class Cursor {
  readonly #bytes: Buffer
  offset = 0
  /** The first failure: a field beyond the end, or a varint that is too long. */
  failure: 'beyond the end' | 'endless' | null = null

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) return this.#failed('beyond the end')
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    return this.#failed('endless')
  }

  #failed(how: 'beyond the end' | 'endless'): -1 {
    this.failure ??= how
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

  /** Reads a varlong of more than four bytes, which bit operations on numbers cannot hold. */
  #wideVarlong(start: number): number {
    this.offset = start
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) return this.#failed('beyond the end')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return Number(BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n)))
    }
    return this.#failed('endless')
  }

  /**
   * Skips a length and as many bytes, and returns the length. Kafka takes every negative length as null,
   * although the format says -1.
   */
  skipSized(): number {
    const size = this.varint()
    if (size > 0) this.offset += size
    return size
  }
}
