import { Buffer } from 'node:buffer'
import { compressInTurns } from './codecs/compression-turns.js'
import { gzipCompressed, gzipDecompressed } from './codecs/gzip.js'
import { lz4Compressed, lz4Decompressed } from './codecs/lz4.js'
import { snappyCompressed, snappyDecompressed } from './codecs/snappy.js'
import { missingZstd, zstdCompressed, zstdDecompressed } from './codecs/zstd.js'

/** The codecs by their names in `compression.type`. */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** One of Kafka's codecs, with its functions. */
export interface Codec {
  /** The codec's number in bits 0 to 2 of a batch's attributes. */
  readonly number: number
  /** The setting that holds the level; null if the codec has no levels. */
  readonly levelKey: 'compressionGzipLevel' | 'compressionLz4Level' | 'compressionZstdLevel' | null
  /** The lowest version of Produce in which every broker accepts the codec. */
  readonly produceVersion: number
  /** The reason why the codec does not work in this process; null if it does. */
  readonly missing: () => string | null
  /** Compresses all bytes at once, in a later turn of the event loop or on another thread. */
  readonly compress: (bytes: Uint8Array, level: number) => Promise<Uint8Array>
  /**
   * Decompresses all bytes at once, before it returns.
   *
   * @throws Error if the bytes are not the codec's, or decompress to more than `maxBytes`
   */
  readonly decompress: (bytes: Uint8Array, maxBytes: number) => Buffer
}

const present = (): null => null

/** Every codec that Kafka has. https://kafka.apache.org/documentation/#recordbatch */
export const codecs: Readonly<Record<CompressionType, Codec>> = {
  none: {
    number: 0,
    levelKey: null,
    produceVersion: 0,
    missing: present,
    compress: (bytes) => Promise.resolve(bytes),
    decompress: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
  },
  gzip: {
    number: 1,
    levelKey: 'compressionGzipLevel',
    produceVersion: 0,
    missing: present,
    compress: gzipCompressed,
    decompress: gzipDecompressed,
  },
  snappy: {
    number: 2,
    levelKey: null,
    produceVersion: 0,
    missing: present,
    compress: (bytes, level) => compressInTurns(snappyCompressed, bytes, level),
    decompress: snappyDecompressed,
  },
  lz4: {
    number: 3,
    levelKey: 'compressionLz4Level',
    produceVersion: 0,
    missing: present,
    compress: (bytes, level) => compressInTurns(lz4Compressed, bytes, level),
    decompress: lz4Decompressed,
  },
  zstd: {
    number: 4,
    levelKey: 'compressionZstdLevel',
    // KIP-110
    produceVersion: 7,
    missing: missingZstd,
    compress: (bytes, level) => compressInTurns(zstdCompressed, bytes, level),
    decompress: zstdDecompressed,
  },
}

/** The codec with this number in a batch's attributes; undefined if Kafka has none. */
export function codecNumbered(number: number): Codec | undefined {
  return Object.values(codecs).find((codec) => codec.number === number)
}
