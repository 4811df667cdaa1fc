import { describe, expect, it } from 'vitest'
import { lz4Compressed, lz4Decompressed } from '../../../../src/environment/codecs/lz4.js'
import { encodeLz4Block, lz4BlockBound } from '../../../../src/environment/codecs/lz4-block.js'
import { decodeLz4Block } from '../../../../src/environment/codecs/lz4-block-decoder.js'
import { payloads } from '../../../support/payloads.js'

const blocks = payloads(700, 5)
  .map((bytes) => bytes.subarray(0, 65_536))
  .filter(({ length }) => length > 0)

describe('a block of LZ4', () => {
  it('keeps the rules for the last bytes: it is decompressed into room of exactly its size', () => {
    const room = Buffer.alloc(lz4BlockBound(65_536))
    let compressed = 0
    for (const block of blocks) {
      const size = encodeLz4Block(block, room)
      expect(size).toBeLessThanOrEqual(lz4BlockBound(block.length))
      if (size === 0) continue
      compressed++
      const target = Buffer.alloc(block.length)
      expect(decodeLz4Block(room.subarray(0, size), target)).toBe(block.length)
      expect(target.equals(block)).toBe(true)
    }
    expect(compressed).toBeGreaterThan(300)
  })

  it.each([
    ['of no bytes', ''],
    ['without its last literals', '50616263'],
    ['with more literals than bytes', 'f0ff'],
    ['with a match without an offset', '10610000'],
    ['with a match before its start', '1061020050616161616100'],
    ['that ends with a match', '1061010000'],
  ])('%s is refused', (_, hex) => {
    expect(decodeLz4Block(Buffer.from(hex, 'hex'), Buffer.alloc(64))).toBe(-1)
  })
})

describe('a frame of LZ4', () => {
  const frame = lz4Compressed(Buffer.alloc(70_000, 'odradek'))

  it('has the header that Java writes, and an end', () => {
    expect(lz4Compressed(Buffer.alloc(0)).toString('hex')).toBe('04224d1860408200000000')
    expect(frame.subarray(0, 7).toString('hex')).toBe('04224d18604082')
    expect(frame.readUInt32LE(frame.length - 4)).toBe(0)
  })

  it('stores a block that does not become smaller', () => {
    const [, noise = Buffer.alloc(0)] = payloads(2, 9)
    const stored = lz4Compressed(noise)
    expect(stored.length).toBe(7 + 4 + noise.length + 4)
    expect(stored.readUInt32LE(7)).toBe(noise.length + 0x8000_0000)
  })

  it.each([
    ['another magic number', 0, 5],
    ['another version', 4, 0xa0],
    ['blocks that depend on each other', 4, 0x40],
    ['the reserved flag', 4, 0x62],
    ['blocks of another size', 5, 0x30],
    ['reserved bits beside the size', 5, 0x41],
    ['another checksum', 6, 0x83],
  ])('with %s is refused', (_, at, byte) => {
    const damaged = Buffer.from(frame)
    damaged.writeUInt8(byte, at)
    expect(() => lz4Decompressed(damaged, 1 << 20)).toThrow(/LZ4/)
  })

  it('with all optional fields is read, and what follows it is ignored', () => {
    const whole = Buffer.concat([ofTheCommandLine, Buffer.from('behind')])
    expect(lz4Decompressed(whole, 100).toString()).toBe('odradek, odradek, odradek, odradek, odradek')
    const damaged = Buffer.from(whole)
    damaged.writeUInt8(0x30, BLOCK_CHECKSUM_AT)
    expect(() => lz4Decompressed(damaged, 100)).toThrow('the checksum of an LZ4 block is wrong')
  })
})

/** Written by the command `lz4 -BX --content-size`: all three checksums, and the size of the content. */
const ofTheCommandLine = Buffer.from(
  '04224d187c402b00000000000000a9130000009f6f64726164656b2c2009000a50726164656b3ab739de0000000067972f55',
  'hex',
)
const BLOCK_CHECKSUM_AT = 38
