import type { RecordData } from '../../../src/protocol/record.js'
import type { BatchInput, BatchRecord } from './random-batch.js'

/**
 * A record batch by the description of the format alone. https://kafka.apache.org/documentation/#recordbatch
 */
export function naiveBatch({ stamp, records }: BatchInput): Buffer {
  const baseTimestamp = records[0]?.timestamp ?? 0
  const maxTimestamp = Math.max(...records.map((record) => record.timestamp))
  const covered = Buffer.concat([
    integer(stamp.transactional ? 16 : 0, 2),
    integer(records.length - 1, 4),
    integer(baseTimestamp, 8),
    integer(maxTimestamp, 8),
    integer(stamp.producerId, 8),
    integer(stamp.producerEpoch, 2),
    integer(stamp.baseSequence, 4),
    integer(records.length, 4),
    ...records.map((record, index) => naiveRecord(record, index, baseTimestamp)),
  ])
  const behindLength = Buffer.concat([
    integer(-1, 4),
    integer(2, 1),
    integer(naiveCrc32c(covered), 4),
    covered,
  ])
  return Buffer.concat([integer(0, 8), integer(behindLength.length, 4), behindLength])
}

function naiveRecord(record: BatchRecord, index: number, baseTimestamp: number): Buffer {
  const headers = record.headers ?? []
  const body = Buffer.concat([
    integer(0, 1),
    zigzag(record.timestamp - baseTimestamp),
    zigzag(index),
    data(record.key),
    data(record.value),
    zigzag(headers.length),
    ...headers.flatMap(([key, value]) => [data(key), data(value)]),
  ])
  return Buffer.concat([zigzag(body.length), body])
}

/** The bytes of a key or a value; an unpaired surrogate becomes U+FFFD. */
export function bytesOf(value: RecordData): Buffer | null {
  if (value === null) return null
  return typeof value === 'string' ? Buffer.from(new TextEncoder().encode(value)) : Buffer.from(value)
}

function data(value: RecordData): Buffer {
  const bytes = bytesOf(value)
  return bytes === null ? zigzag(-1) : Buffer.concat([zigzag(bytes.length), bytes])
}

export function zigzag(value: number): Buffer {
  const wide = BigInt(value)
  let rest = wide < 0n ? -2n * wide - 1n : 2n * wide
  const bytes: number[] = []
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128)
    rest /= 128n
  }
  return Buffer.from([...bytes, Number(rest)])
}

function integer(value: number | bigint, size: number): Buffer {
  const digits = BigInt.asUintN(size * 8, BigInt(value)).toString(16)
  return Buffer.from(digits.padStart(size * 2, '0'), 'hex')
}

/** The CRC-32C, computed bit by bit from the polynomial. */
export function naiveCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
