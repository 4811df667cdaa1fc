import type { Buffer } from 'node:buffer'
import { ProtocolError } from '../errors.js'
import { crc32c } from './crc32c.js'

/** Bytes of a batch's header. https://kafka.apache.org/documentation/#recordbatch */
export const RECORD_BATCH_OVERHEAD = 61

/** Bytes that the batch's length field does not count: the base offset and the field itself. */
const LENGTH_STARTS_AT = 12
/** The checksum covers all bytes from here on. */
const CRC_COVERS_FROM = 21
const MAGIC = 2

const AT = {
  baseOffset: 0,
  batchLength: 8,
  partitionLeaderEpoch: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  baseTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  producerEpoch: 51,
  baseSequence: 53,
  recordCount: 57,
} as const

/** Bits of the attributes. */
export const COMPRESSION_MASK = 0x07
export const TIMESTAMP_TYPE_BIT = 0x08
export const TRANSACTIONAL_BIT = 0x10
export const CONTROL_BIT = 0x20

export const NO_PRODUCER_ID = -1n
export const NO_PRODUCER_EPOCH = -1
export const NO_SEQUENCE = -1

/** The facts about a batch that are known once no record can be added. */
export interface RecordBatchContents {
  /** Attribute bits 0 to 2: the codec's number. */
  readonly compression: number
  readonly recordCount: number
  /** Timestamp of the first record, in milliseconds since 1970. */
  readonly baseTimestamp: number
  readonly maxTimestamp: number
}

/** The identity of a batch: its producer, and its place in the order of the partition. */
export interface RecordBatchStamp {
  readonly producerId: bigint
  readonly producerEpoch: number
  /** 0 to 2,147,483,647; -1 without idempotence. */
  readonly baseSequence: number
  readonly transactional: boolean
}

/** The stamp of a batch that is neither idempotent nor transactional. */
export const UNSTAMPED: RecordBatchStamp = {
  producerId: NO_PRODUCER_ID,
  producerEpoch: NO_PRODUCER_EPOCH,
  baseSequence: NO_SEQUENCE,
  transactional: false,
}

/**
 * Writes the header of a batch in front of its records. The checksum comes last because it covers the stamp.
 * A batch is stamped when it is drained, and a retry keeps the stamp. So this runs once for each stamp.
 *
 * @param batch exactly the header and the records
 */
export function writeRecordBatchHeader(
  batch: Buffer,
  contents: RecordBatchContents,
  stamp: RecordBatchStamp,
): void {
  batch.writeBigInt64BE(0n, AT.baseOffset)
  batch.writeInt32BE(batch.length - LENGTH_STARTS_AT, AT.batchLength)
  batch.writeInt32BE(-1, AT.partitionLeaderEpoch)
  batch.writeInt8(MAGIC, AT.magic)
  batch.writeInt16BE(contents.compression | (stamp.transactional ? TRANSACTIONAL_BIT : 0), AT.attributes)
  batch.writeInt32BE(contents.recordCount - 1, AT.lastOffsetDelta)
  batch.writeBigInt64BE(BigInt(contents.baseTimestamp), AT.baseTimestamp)
  batch.writeBigInt64BE(BigInt(contents.maxTimestamp), AT.maxTimestamp)
  batch.writeBigInt64BE(stamp.producerId, AT.producerId)
  batch.writeInt16BE(stamp.producerEpoch, AT.producerEpoch)
  batch.writeInt32BE(stamp.baseSequence, AT.baseSequence)
  batch.writeInt32BE(contents.recordCount, AT.recordCount)
  batch.writeUInt32BE(crc32c(batch.subarray(CRC_COVERS_FROM)), AT.crc)
}

/** A batch's header, as any reader sees it. */
export interface RecordBatchHeader {
  readonly baseOffset: bigint
  /** Bytes of the whole batch, header included. */
  readonly size: number
  readonly partitionLeaderEpoch: number
  readonly magic: number
  readonly crc: number
  readonly attributes: number
  readonly lastOffsetDelta: number
  readonly baseTimestamp: bigint
  readonly maxTimestamp: bigint
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/**
 * Reads the header at the start of `bytes`.
 *
 * @throws ProtocolError if the bytes end before the batch does
 */
export function readRecordBatchHeader(bytes: Buffer): RecordBatchHeader {
  if (bytes.length < RECORD_BATCH_OVERHEAD) {
    throw new ProtocolError(
      `a record batch of ${bytes.length} bytes, where its header alone takes ${RECORD_BATCH_OVERHEAD}`,
    )
  }
  const size = bytes.readInt32BE(AT.batchLength) + LENGTH_STARTS_AT
  if (size < RECORD_BATCH_OVERHEAD || size > bytes.length) {
    throw new ProtocolError(`a record batch that claims ${size} bytes where ${bytes.length} are left`)
  }
  return {
    baseOffset: bytes.readBigInt64BE(AT.baseOffset),
    size,
    partitionLeaderEpoch: bytes.readInt32BE(AT.partitionLeaderEpoch),
    magic: bytes.readInt8(AT.magic),
    crc: bytes.readUInt32BE(AT.crc),
    attributes: bytes.readInt16BE(AT.attributes),
    lastOffsetDelta: bytes.readInt32BE(AT.lastOffsetDelta),
    baseTimestamp: bytes.readBigInt64BE(AT.baseTimestamp),
    maxTimestamp: bytes.readBigInt64BE(AT.maxTimestamp),
    producerId: bytes.readBigInt64BE(AT.producerId),
    producerEpoch: bytes.readInt16BE(AT.producerEpoch),
    baseSequence: bytes.readInt32BE(AT.baseSequence),
    recordCount: bytes.readInt32BE(AT.recordCount),
  }
}

/** Whether the header's checksum is that of the bytes. `batch` is exactly one batch. */
export function recordBatchChecksumHolds(batch: Buffer): boolean {
  return crc32c(batch.subarray(CRC_COVERS_FROM)) === batch.readUInt32BE(AT.crc)
}

/** Sets the base offset, as a leader does when it appends a batch. The checksum does not cover it. */
export function setBaseOffset(batch: Buffer, baseOffset: bigint): void {
  batch.writeBigInt64BE(baseOffset, AT.baseOffset)
}

/** Sets the leader epoch. The checksum does not cover it. */
export function setPartitionLeaderEpoch(batch: Buffer, epoch: number): void {
  batch.writeInt32BE(epoch, AT.partitionLeaderEpoch)
}
