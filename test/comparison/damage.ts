import { crc32c } from '../../src/protocol/crc32c.js'
import { RECORD_BATCH_OVERHEAD } from '../../src/protocol/record-batch.js'

/** Fields of a batch's header, by where they stand. */
const FIELDS = {
  baseOffset: { at: 0, bytes: 8 },
  batchLength: { at: 8, bytes: 4 },
  partitionLeaderEpoch: { at: 12, bytes: 4 },
  magic: { at: 16, bytes: 1 },
  crc: { at: 17, bytes: 4 },
  attributes: { at: 21, bytes: 2 },
  lastOffsetDelta: { at: 23, bytes: 4 },
  baseTimestamp: { at: 27, bytes: 8 },
  maxTimestamp: { at: 35, bytes: 8 },
  producerEpoch: { at: 51, bytes: 2 },
  baseSequence: { at: 53, bytes: 4 },
  recordCount: { at: 57, bytes: 4 },
} as const

export type HeaderField = keyof typeof FIELDS

/** Something done to the bytes of a batch that was right before. */
export type Damage =
  | { readonly kind: 'set'; readonly field: HeaderField; readonly to: number }
  | { readonly kind: 'add'; readonly field: HeaderField; readonly by: number }
  /** A byte of the records, counted round and round. */
  | { readonly kind: 'record byte'; readonly index: number; readonly to: number }
  | { readonly kind: 'flip a bit'; readonly index: number }
  | { readonly kind: 'cut'; readonly length: number }
  | { readonly kind: 'drop the last'; readonly count: number }
  | { readonly kind: 'append zeros'; readonly count: number }
  | { readonly kind: 'append a copy'; readonly length: number | null }
  /** Makes the length field and the checksum right for the bytes as they are. */
  | { readonly kind: 'reseal' }

/** The bytes with the damage done. */
export function damaged(bytes: Buffer, damage: Damage): Buffer {
  switch (damage.kind) {
    case 'set':
      return written(bytes, damage.field, () => BigInt(damage.to))
    case 'add':
      return written(bytes, damage.field, (value) => value + BigInt(damage.by))
    case 'record byte':
      return withByte(bytes, RECORD_BATCH_OVERHEAD, damage.index, () => damage.to)
    case 'flip a bit':
      return withByte(bytes, 0, damage.index, (byte) => byte ^ (1 << (damage.index % 8)))
    case 'cut':
      return bytes.subarray(0, damage.length)
    case 'drop the last':
      return bytes.subarray(0, Math.max(0, bytes.length - damage.count))
    case 'append zeros':
      return Buffer.concat([bytes, Buffer.alloc(damage.count)])
    case 'append a copy':
      return Buffer.concat([bytes, bytes.subarray(0, damage.length ?? bytes.length)])
    case 'reseal':
      return resealed(bytes)
  }
}

function written(bytes: Buffer, field: HeaderField, change: (value: bigint) => bigint): Buffer {
  const { at, bytes: size } = FIELDS[field]
  if (bytes.length < at + size) return bytes
  const wide = Buffer.alloc(8)
  const value = bytes.subarray(at, at + size).toString('hex')
  wide.writeBigUInt64BE(BigInt.asUintN(size * 8, change(BigInt.asIntN(size * 8, BigInt(`0x${value}`)))))
  const copy = Buffer.from(bytes)
  wide.copy(copy, at, 8 - size)
  return copy
}

function withByte(bytes: Buffer, from: number, index: number, change: (byte: number) => number): Buffer {
  if (bytes.length <= from) return bytes
  const at = from + (index % (bytes.length - from))
  const copy = Buffer.from(bytes)
  copy.writeUInt8(change(copy.readUInt8(at)) & 0xff, at)
  return copy
}

function resealed(bytes: Buffer): Buffer {
  if (bytes.length < FIELDS.attributes.at) return bytes
  const copy = Buffer.from(bytes)
  copy.writeInt32BE(copy.length - 12, FIELDS.batchLength.at)
  copy.writeUInt32BE(crc32c(copy.subarray(FIELDS.attributes.at)), FIELDS.crc.at)
  return copy
}
