import module from 'crc-32/crc32c.js'

/** CRC-32C (Castagnoli) of `bytes`, 0 to 4,294,967,295: the checksum of a record batch. */
export function crc32c(bytes: Uint8Array): number {
  return module.buf(bytes, 0) >>> 0
}
