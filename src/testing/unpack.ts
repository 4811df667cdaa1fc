import { Buffer } from 'node:buffer'
import { crc32, inflateRawSync } from 'node:zlib'
import { CorruptStream } from '../environment/codecs/corrupt-stream.js'
import { codecNumbered, codecs } from '../environment/codecs.js'

/** The decompressed records of a batch, or the failure. */
export type Unpacked =
  | { readonly kind: 'records'; readonly bytes: Buffer }
  /** This process does not have the codec. */
  | { readonly kind: 'unreadable' }
  /**
   * The codec refuses the records. The bytes are those that Java reads before it fails. They are complete if
   * only the checksum is wrong.
   */
  | { readonly kind: 'broken'; readonly bytes: Buffer }

/** Records that decompress to more are taken for an attack on the memory of the test. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024
const GZIP_HEADER_BYTES = 10
const GZIP_TRAILER_BYTES = 8
const GZIP_MAGIC_AND_METHOD = 0x1f8b08
/** Flags that add fields to the header. */
const GZIP_EXTRA_FIELDS = 0b0001_1110

/** Decompresses the records of a batch. */
export function unpack(compression: number, records: Buffer): Unpacked {
  if (compression === 0) return { kind: 'records', bytes: records }
  const codec = codecNumbered(compression)
  if (codec === undefined || codec.missing() !== null) return { kind: 'unreadable' }
  try {
    return { kind: 'records', bytes: codec.decompress(records, MAX_UNPACKED_BYTES) }
  } catch (error) {
    if (codec === codecs.gzip) return gunzippedAsJavaDoes(records)
    return error instanceof CorruptStream ? { kind: 'broken', bytes: error.decoded } : BROKEN
  }
}

/**
 * Decompresses as Java's GZIPInputStream does. It ignores reserved flags, and checks the checksum only after
 * it has returned all bytes.
 */
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
