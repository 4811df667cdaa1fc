import type { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzipSync, gzip } from 'node:zlib'

/** The codecs by their names in `compression.type`. */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** One of Kafka's codecs, with the functions that this package has for it. */
export interface Codec {
  /** The codec's number in bits 0 to 2 of a batch's attributes. */
  readonly number: number
  /** The setting that holds the level; null if the codec has no levels. */
  readonly levelKey: 'compressionGzipLevel' | 'compressionLz4Level' | 'compressionZstdLevel' | null
  /** The lowest version of Produce in which every broker accepts the codec. */
  readonly produceVersion: number
  /** Compresses all bytes at once, perhaps on another thread; null if this version cannot. */
  readonly compress: ((bytes: Uint8Array, level: number) => Promise<Uint8Array>) | null
  /**
   * Decompresses all bytes at once, before it returns; null if this version cannot.
   *
   * @throws Error if the bytes are not the codec's, or decompress to more than `maxBytes`
   */
  readonly decompress: ((bytes: Uint8Array, maxBytes: number) => Buffer) | null
}

const gzipAsync = promisify<Uint8Array, { level: number }, Buffer>(gzip)
const unknownYet = { compress: null, decompress: null } as const

/** Every codec that Kafka has. https://kafka.apache.org/documentation/#recordbatch */
export const codecs: Readonly<Record<CompressionType, Codec>> = {
  none: { number: 0, levelKey: null, produceVersion: 0, ...unknownYet },
  gzip: {
    number: 1,
    levelKey: 'compressionGzipLevel',
    produceVersion: 0,
    compress: (bytes, level) => gzipAsync(bytes, { level }),
    decompress: (bytes, maxBytes) => gunzipSync(bytes, { maxOutputLength: maxBytes }),
  },
  snappy: { number: 2, levelKey: null, produceVersion: 0, ...unknownYet },
  lz4: { number: 3, levelKey: 'compressionLz4Level', produceVersion: 0, ...unknownYet },
  // zstd came with KIP-110.
  zstd: { number: 4, levelKey: 'compressionZstdLevel', produceVersion: 7, ...unknownYet },
}

/** The codec with this number in a batch's attributes; undefined if Kafka has none. */
export function codecNumbered(number: number): Codec | undefined {
  return Object.values(codecs).find((codec) => codec.number === number)
}
