import { gzipSync } from 'node:zlib'
import type { Compress } from '../../src/environment/environment.js'
import type { Chance } from './chance.js'
import type { VirtualTime } from './virtual-time.js'

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
          if (codec === 'gzip' && !this.fails) {
            resolve(gzipSync(bytes, { level }))
            return
          }
          this.struck('compression fails')
          reject(new Error(`the compressor for ${codec} failed`))
        })
      })
  }
}
