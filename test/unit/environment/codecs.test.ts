import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { configTable } from '../../../src/config/table.js'
import { codecNumbered, codecs } from '../../../src/environment/codecs.js'

const complete = Object.entries(codecs).filter(([, { compress }]) => compress !== null)

describe('the codecs', () => {
  it('are found by their number', () => {
    for (const codec of Object.values(codecs)) expect(codecNumbered(codec.number)).toBe(codec)
    expect(codecNumbered(5)).toBeUndefined()
  })

  it('are those of compression.type, and the supported ones are those that can compress', () => {
    const { values, supports } = configTable.compressionType
    expect(Object.keys(codecs)).toEqual(values)
    expect(['none', ...complete.map(([name]) => name)]).toEqual(supports)
  })

  it.each(complete)('%s decompresses what it compressed, up to the allowed size', async (_, codec) => {
    const { compress, decompress } = codec
    if (compress === null || decompress === null) throw new Error('half a codec')
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(100_000, 'odradek'), randomBytes(100_000)]) {
      const compressed = await compress(bytes, -1)
      const decompressed = decompress(compressed, 100_000)
      expect(decompressed).toBeInstanceOf(Buffer)
      // Vitest compares a hundred thousand bytes one by one.
      expect(decompressed.equals(bytes)).toBe(true)
      if (bytes.length > 0) expect(() => decompress(compressed, 99_999)).toThrow()
    }
    expect(() => decompress(randomBytes(100), 1_000)).toThrow()
  })
})
