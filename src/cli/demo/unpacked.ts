import type { Buffer } from 'node:buffer'
import { gunzipSync } from 'node:zlib'
import { ProtocolError } from '../../errors.js'
import { RECORD_BATCH_OVERHEAD } from '../../protocol/record-batch.js'

const GZIP = 1
/** No producer makes batches near this size; a few packed kilobytes that claim more are not records. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024

/**
 * The records of a batch as they were before they were compressed.
 *
 * @param codec of the batch's attributes
 * @throws ProtocolError if they cannot be unpacked, or are more than `maxBytes`
 */
export function unpacked(batch: Buffer, codec: number, maxBytes: number = MAX_UNPACKED_BYTES): Buffer {
  const records = batch.subarray(RECORD_BATCH_OVERHEAD)
  if (codec === 0) return records
  if (codec !== GZIP) {
    throw new ProtocolError(`records of codec ${codec} cannot be read back here: choose none or gzip`)
  }
  try {
    return gunzipSync(records, { maxOutputLength: maxBytes })
  } catch (cause) {
    const isTooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    const why = isTooLarge ? `they are more than ${maxBytes} bytes` : String(cause)
    throw new ProtocolError(`records compressed with gzip cannot be unpacked: ${why}`, { cause })
  }
}
