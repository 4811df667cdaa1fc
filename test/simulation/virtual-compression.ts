import { gzipSync } from 'node:zlib'
import { lz4Compressed } from '../../src/environment/codecs/lz4.js'
import { snappyCompressed } from '../../src/environment/codecs/snappy.js'
import { zstdCompressed } from '../../src/environment/codecs/zstd.js'
import type { Compress } from '../../src/environment/environment.js'
import type { Chance } from './chance.js'
import type { VirtualTime } from './virtual-time.js'

/** The codecs without their turns and threads, which a seed could not repeat. */
const compressors: Readonly<
  Record<Parameters<Compress>[0], (bytes: Uint8Array, level: number) => Uint8Array>
> = {
  gzip: (bytes, level) => gzipSync(bytes, { level }),
  snappy: snappyCompressed,
  lz4: lz4Compressed,
  zstd: zstdCompressed,
}

/**
 * Compression in parallel with the client. It reads the bytes some time after the call, like another thread,
 * and several calls end in any order.
 */
export class VirtualCompression {
  /** Whether compression fails at present. */
  fails = false
  /** Called when a compression has failed. */
  struck: (fault: string) => void = () => undefined
  readonly compress: Compress

  constructor(time: VirtualTime, chance: Chance, slowestMs: number) {
    this.compress = (codec, level, bytes) =>
      new Promise((resolve, reject) => {
        time.at(time.nowMs + chance.between(0, slowestMs), 'network', 'client', () => {
          if (!this.fails) {
            resolve(compressors[codec](bytes, level))
            return
          }
          this.struck('compression fails')
          reject(new Error(`the compressor for ${codec} failed`))
        })
      })
  }
}
