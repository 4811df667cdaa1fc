import type { Clock } from './clock.js'
import type { Lookup, OpenSocket } from './socket.js'

/**
 * Everything outside the client that it depends on. A client gets one at its construction and reaches the world through it alone:
 * with an environment that is a function of a seed, the whole client is one too.
 */
export interface Environment {
  readonly clock: Clock
  /** 0 (included) to 1 (excluded), as Math.random. */
  readonly random: () => number
  readonly openSocket: OpenSocket
  readonly lookup: Lookup
  readonly compress: Compress
}

/** The codecs by the name that `compression.type` gives them. */
export type CompressionType = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** Compresses in one go. May work elsewhere, and so several at a time may end in any order. */
export type Compress = (
  codec: Exclude<CompressionType, 'none'>,
  level: number,
  bytes: Uint8Array,
) => Promise<Uint8Array>
