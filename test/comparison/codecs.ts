import { gzipSync } from 'node:zlib'
import { lz4Compressed } from '../../src/environment/codecs/lz4.js'
import { snappyCompressed } from '../../src/environment/codecs/snappy.js'
import { zstdCompressed } from '../../src/environment/codecs/zstd.js'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

interface CodecEntry {
  /** Attribute bits 0 to 2. */
  readonly number: number
  readonly compress: (bytes: Buffer) => Buffer
}

const ZSTD_LEVEL = 3

const CODECS: Readonly<Record<Codec, CodecEntry>> = {
  none: { number: 0, compress: (bytes) => bytes },
  gzip: { number: 1, compress: (bytes) => gzipSync(bytes) },
  snappy: { number: 2, compress: snappyCompressed },
  lz4: { number: 3, compress: lz4Compressed },
  zstd: { number: 4, compress: (bytes) => zstdCompressed(bytes, ZSTD_LEVEL) },
}

export function codecNumber(codec: Codec): number {
  return CODECS[codec].number
}

export function compressed(codec: Codec, bytes: Buffer): Buffer {
  return CODECS[codec].compress(bytes)
}
