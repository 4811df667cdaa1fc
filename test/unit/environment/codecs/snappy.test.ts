import { describe, expect, it } from 'vitest'
import { snappyCompressed, snappyDecompressed } from '../../../../src/environment/codecs/snappy.js'

const HEADER = '82534e41505059000000000100000001'
/** One block of Snappy: a literal of "odradek, " and a copy of it. */
const BLOCK = '19206f64726164656b2c203e0900'
const TEXT = 'odradek, odradek, odradek'

function decompressed(hex: string): string {
  return snappyDecompressed(Buffer.from(hex, 'hex'), 100).toString()
}

describe('snappy', () => {
  it("has the framing of Java's clients, with a block for each 64 KiB", () => {
    const framed = snappyCompressed(Buffer.alloc(150_000, 'odradek, '))
    expect(framed.subarray(0, 16).toString('hex')).toBe(HEADER)
    const sizes: number[] = []
    for (let at = 16; at < framed.length; at += 4 + framed.readUInt32BE(at))
      sizes.push(framed.readUInt32BE(at))
    expect(sizes).toHaveLength(3)
    expect(snappyCompressed(Buffer.alloc(0)).toString('hex')).toBe(HEADER)
  })

  it.each([
    ['one block without framing, as other clients write it', BLOCK],
    ['a frame', `${HEADER}0000000e${BLOCK}`],
    ['a frame of a later version', `82534e41505059000000000200000001 0000000e${BLOCK}`.replace(' ', '')],
    ['a frame of no version', `82534e41505059000000000080000000 0000000e${BLOCK}`.replace(' ', '')],
    ['a frame with a second header', `${HEADER}${HEADER}0000000e${BLOCK}`],
    ['a frame with a rest that is no size', `${HEADER}0000000e${BLOCK}0000`],
  ])('reads %s', (_, hex) => {
    expect(decompressed(hex)).toBe(TEXT)
  })

  it('reads literals with lengths of one to four bytes, and copies with offsets of one, two and four', () => {
    const letters = 'x'.repeat(61)
    const bytes = Buffer.from(letters).toString('hex')
    for (const tag of ['f03c', 'f43c00', 'f83c0000', 'fc3c000000'])
      expect(decompressed(`3d${tag}${bytes}`)).toBe(letters)
    for (const tag of ['0101', '0e0100', '0f01000000']) expect(decompressed(`050061${tag}`)).toBe('aaaaa')
  })

  it.each([
    ['no bytes', ''],
    ['a size without an end', 'ffffffffff'],
    ['a size that is too high for 32 bits', 'ffffffff7f'],
    ['fewer bytes than their size', '050061'],
    ['more bytes than their size', '01046161'],
    ['a literal beyond the end', '05106161'],
    ['a literal without its length', '3df0'],
    ['a copy beyond the size', '0300610e0100'],
    ['a copy from before the start', '0500610102'],
    ['a copy of nothing', '0500610100'],
    ['a copy without its offset', '05006102'],
    ['a block beyond the end', `${HEADER}0000000f${BLOCK}`],
  ])('refuses %s', (_, hex) => {
    expect(() => decompressed(hex)).toThrow(/Snappy/)
  })

  it('tells what it had read before a fault', () => {
    const whole = Buffer.from(`${HEADER}0000000e${BLOCK}00000001ff`, 'hex')
    expect(() => snappyDecompressed(whole, 100)).toThrow(
      expect.objectContaining({ decoded: Buffer.from(TEXT) }),
    )
  })
})
