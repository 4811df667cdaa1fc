import type { Buffer } from 'node:buffer'
import { crc32c } from '../protocol/crc32c.js'
import { COMPRESSION_MASK, TIMESTAMP_TYPE_BIT, TRANSACTIONAL_BIT } from '../protocol/record-batch.js'
import type { ValidBatch } from './batch-validation.js'

const CRC_AT = 17
const ATTRIBUTES_AT = 21
const MAX_TIMESTAMP_AT = 35
const DELETE_HORIZON_BIT = 0x40
/** The attributes that Kafka keeps when it rewrites them. It clears all others. */
const KNOWN_ATTRIBUTES = COMPRESSION_MASK | TRANSACTIONAL_BIT | DELETE_HORIZON_BIT

/**
 * Sets the timestamp type and the highest timestamp in the header of a stored batch, as the leader does. The
 * checksum is computed again only if a byte changes. Returns the batch's highest timestamp.
 *
 * @param appendTime milliseconds since 1970 if the topic has LogAppendTime; null if the producer's timestamps
 *   stay
 */
export function stampTimestamps(bytes: Buffer, batch: ValidBatch, appendTime: number | null): number {
  const maxTimestamp = appendTime ?? batch.maxTimestamp
  const { attributes } = batch.header
  const timestampType = appendTime === null ? 0 : TIMESTAMP_TYPE_BIT
  const wide = BigInt(Math.trunc(maxTimestamp))
  if ((attributes & TIMESTAMP_TYPE_BIT) === timestampType && wide === batch.header.maxTimestamp)
    return maxTimestamp
  bytes.writeInt16BE((attributes & KNOWN_ATTRIBUTES) | timestampType, ATTRIBUTES_AT)
  bytes.writeBigInt64BE(wide, MAX_TIMESTAMP_AT)
  bytes.writeUInt32BE(crc32c(bytes.subarray(ATTRIBUTES_AT)), CRC_AT)
  return maxTimestamp
}
