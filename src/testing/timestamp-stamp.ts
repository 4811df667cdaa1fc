import type { Buffer } from 'node:buffer'
import { crc32c } from '../protocol/crc32c.js'
import { TIMESTAMP_TYPE_BIT } from '../protocol/record-batch.js'
import type { ValidBatch } from './batch-validation.js'

const CRC_AT = 17
const ATTRIBUTES_AT = 21
const MAX_TIMESTAMP_AT = 35

/**
 * Sets who gave the timestamps and the highest of them in a stored batch's header, as the leader does; the checksum is made anew only
 * if that changes anything. Returns the batch's highest timestamp.
 *
 * @param appendTime milliseconds since 1970 where the topic has LogAppendTime, null where the producer's timestamps stay
 */
export function stampTimestamps(bytes: Buffer, batch: ValidBatch, appendTime: number | null): number {
  const maxTimestamp = appendTime ?? batch.maxTimestamp
  const { attributes } = batch.header
  const stamped = appendTime === null ? attributes & ~TIMESTAMP_TYPE_BIT : attributes | TIMESTAMP_TYPE_BIT
  const wide = BigInt(Math.trunc(maxTimestamp))
  if (stamped === attributes && wide === batch.header.maxTimestamp) return maxTimestamp
  bytes.writeInt16BE(stamped, ATTRIBUTES_AT)
  bytes.writeBigInt64BE(wide, MAX_TIMESTAMP_AT)
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT)
  return maxTimestamp
}
