import { Buffer } from 'node:buffer'
import { crc32, gunzipSync, inflateRawSync } from 'node:zlib'

/** What became of a batch's records. */
export type Unpacked =
  | { readonly kind: 'records'; readonly bytes: Buffer }
  /** This build does not have the codec. */
  | { readonly kind: 'unreadable' }
  /** The codec refuses them. The bytes are what Java has read before it finds out: everything if only the checksum is wrong. */
  | { readonly kind: 'broken'; readonly bytes: Buffer }

const GZIP = 1
/** What unpacks to more than this is taken for an attack on the test's memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024
const GZIP_HEADER_BYTES = 10
const GZIP_TRAILER_BYTES = 8
const GZIP_MAGIC_AND_METHOD = 0x1f8b08
/** Flags that add fields to the header. */
const GZIP_EXTRA_FIELDS = 0b0001_1110

/** The records of a batch, uncompressed. */
export function unpack(compression: number, records: Buffer): Unpacked {
  if (compression === 0) return { kind: 'records', bytes: records }
  if (compression !== GZIP) return { kind: 'unreadable' }
  try {
    return { kind: 'records', bytes: gunzipSync(records, { maxOutputLength: MAX_UNPACKED_BYTES }) }
  } catch {
    return gunzippedAsJavaDoes(records)
  }
}

/** Java's GZIPInputStream looks away from flags that mean nothing, and at the checksum when it has given out everything. */
function gunzippedAsJavaDoes(records: Buffer): Unpacked {
  if (records.length < GZIP_HEADER_BYTES + GZIP_TRAILER_BYTES) return BROKEN
  const flags = records.readUInt8(3)
  if ((flags & GZIP_EXTRA_FIELDS) !== 0 || records.readUIntBE(0, 3) !== GZIP_MAGIC_AND_METHOD) return BROKEN
  const deflated = records.subarray(GZIP_HEADER_BYTES)
  try {
    const bytes = inflateRawSync(deflated, { maxOutputLength: MAX_UNPACKED_BYTES })
    const trailer = records.subarray(records.length - GZIP_TRAILER_BYTES)
    const holds = trailer.readUInt32LE(0) === crc32(bytes) && trailer.readUInt32LE(4) === bytes.length
    return holds ? { kind: 'records', bytes } : { kind: 'broken', bytes }
  } catch {
    return BROKEN
  }
}

const BROKEN: Unpacked = { kind: 'broken', bytes: Buffer.alloc(0) }
