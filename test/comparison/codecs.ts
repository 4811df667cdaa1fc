import { gzipSync } from 'node:zlib'
import { lz4Stored, snappyStored, zstdStored } from './stored-codecs.js'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

interface CodecEntry {
  /** Attribute bits 0 to 2. */
  readonly number: number
  readonly compress: (bytes: Buffer) => Buffer
}

const CODECS: Readonly<Record<Codec, CodecEntry>> = {
  none: { number: 0, compress: (bytes) => bytes },
  gzip: { number: 1, compress: (bytes) => gzipSync(bytes) },
  snappy: { number: 2, compress: snappyStored },
  lz4: { number: 3, compress: lz4Stored },
  zstd: { number: 4, compress: zstdStored },
}

export function codecNumber(codec: Codec): number {
  return CODECS[codec].number
}

export function compressed(codec: Codec, bytes: Buffer): Buffer {
  return CODECS[codec].compress(bytes)
}

/**
 * Whether the embedded cluster stores batches of this codec unread: what is wrong with their records it
 * cannot see.
 */
export function isOpaque(number: number): boolean {
  return number >= 2 && number <= 4
}
