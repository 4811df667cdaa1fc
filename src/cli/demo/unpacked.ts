import type { Buffer } from 'node:buffer'
import { codecNumbered } from '../../environment/codecs.js'
import { ProtocolError } from '../../errors.js'
import { RECORD_BATCH_OVERHEAD } from '../../protocol/record-batch.js'

/**
 * No producer makes batches near this size. A few compressed kilobytes that would become larger are not
 * records.
 */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

/**
 * Decompresses the records of a batch.
 *
 * @param number the number of the codec in the batch's attributes
 * @throws ProtocolError if the records cannot be decompressed or have more than `maxBytes`
 */
export function unpacked(batch: Buffer, number: number, maxBytes: number = MAX_UNPACKED_BYTES): Buffer {
  const records = batch.subarray(RECORD_BATCH_OVERHEAD)
  if (number === 0) return records
  const codec = codecNumbered(number)
  const missing = codec === undefined ? 'Kafka has no such codec' : codec.missing()
  if (codec === undefined || missing !== null)
    throw new ProtocolError(`records of codec ${number} cannot be read back: ${missing}`)
  try {
    return codec.decompress(records, maxBytes)
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    const why = isTooLarge ? `they have more than ${maxBytes} bytes` : String(cause)
    throw new ProtocolError(`records of codec ${number} cannot be decompressed: ${why}`, { cause })
  }
}
