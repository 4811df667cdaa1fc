import { describe, expect, it } from 'vitest'
import { CorruptStream, TooLargeOutput } from '../../../../src/environment/codecs/corrupt-stream.js'
import { missingZstd, zstdDecompressed } from '../../../../src/environment/codecs/zstd.js'
import { zstdSizeBound } from '../../../../src/environment/codecs/zstd-size.js'
import {
  hasZstdPackage,
  wasmZstdCompressed,
  wasmZstdDecompressed,
} from '../../../../src/environment/codecs/zstd-wasm.js'
import { payloads } from '../../../support/payloads.js'

/** Written by the command `zstd --no-check` from a pipe: the header does not tell the size. */
const ofTheCommandLine = Buffer.from('28b52ffd00587d0000486f64726164656b2c20010044ca11', 'hex')

describe('zstd', () => {
  it('is there if the runtime or the package is, and otherwise tells what to install', () => {
    expect(hasZstdPackage()).toBe(true)
    expect(missingZstd(true, () => false)).toBeNull()
    expect(missingZstd(false, () => true)).toBeNull()
    expect(missingZstd(false, () => false)).toBe(
      'this runtime has no zstd, as Node has from 22.15 on: install @foxglove/wasm-zstd',
    )
  })

  it.each([1, 3, 19, -100])('of the package is that of this runtime, at level %s', (level) => {
    for (const bytes of payloads(100, 3)) {
      const compressed = wasmZstdCompressed(bytes, level)
      expect(zstdDecompressed(compressed, 1 << 20).equals(bytes)).toBe(true)
      expect(wasmZstdDecompressed(compressed, 1 << 20).equals(bytes)).toBe(true)
    }
  })

  it('reads a frame that does not tell its size', () => {
    expect(zstdDecompressed(ofTheCommandLine, 100).toString()).toBe('odradek, odradek, odradek')
    expect(wasmZstdDecompressed(ofTheCommandLine, 100).toString()).toBe('odradek, odradek, odradek')
  })

  it('of the package keeps its results over a growth of its memory', () => {
    const small = wasmZstdCompressed(Buffer.from('odradek'), 3)
    const large = wasmZstdCompressed(Buffer.alloc(20_000_000, 'odradek'), 3)
    expect(wasmZstdDecompressed(small, 100).toString()).toBe('odradek')
    expect(wasmZstdDecompressed(large, 20_000_000).length).toBe(20_000_000)
    expect(() => wasmZstdDecompressed(large, 19_999_999)).toThrow(TooLargeOutput)
  })
})

describe('the bound of a frame', () => {
  it('is no less than its content, and that of the stored blocks is exact', () => {
    for (const bytes of payloads(100, 4))
      expect(zstdSizeBound(wasmZstdCompressed(bytes, 3))).toBeGreaterThanOrEqual(bytes.length)
    // Single segment with one byte for the size; a raw block of 3 bytes, the last one of 5 times the same.
    const frame = Buffer.from('28b52ffd2008180000616263 2b0000 61'.replaceAll(' ', ''), 'hex')
    expect(zstdSizeBound(frame)).toBe(8)
    expect(wasmZstdDecompressed(frame, 8).toString()).toBe('abcaaaaa')
    const skippable = Buffer.from('502a4d1802000000ffff', 'hex')
    expect(zstdSizeBound(Buffer.concat([skippable, frame, frame]))).toBe(16)
  })

  it('does not exist if the bytes are not whole frames', () => {
    const frame = wasmZstdCompressed(Buffer.from('odradek, odradek, odradek'), 3)
    for (let size = 0; size < frame.length; size++)
      expect(() => zstdSizeBound(frame.subarray(0, size))).toThrow(CorruptStream)
    expect(() => zstdSizeBound(Buffer.concat([frame, Buffer.alloc(9)]))).toThrow(CorruptStream)
  })
})
