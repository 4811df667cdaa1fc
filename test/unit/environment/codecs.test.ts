import { describe, expect, it } from 'vitest'
import { configTable } from '../../../src/config/table.js'
import { type CompressionType, codecNumbered, codecs } from '../../../src/environment/codecs.js'
import { payloads } from '../../support/payloads.js'

const names = ['gzip', 'snappy', 'lz4', 'zstd'] as const satisfies CompressionType[]

/** The levels of each codec between its ends, as the table of settings has them. */
function levelsOf(name: (typeof names)[number]): readonly number[] {
  const levels = { gzip: [-1, 1, 6, 9], snappy: [0], lz4: [9], zstd: [3, -131_072, -5, 0, 1, 9, 22] }
  return levels[name]
}

describe('the codecs', () => {
  it('are found by their number', () => {
    for (const codec of Object.values(codecs)) expect(codecNumbered(codec.number)).toBe(codec)
    expect(codecNumbered(5)).toBeUndefined()
  })

  it('are those of compression.type, and all of them are here', () => {
    expect(Object.keys(codecs)).toEqual(configTable.compressionType.values)
    expect(Object.values(codecs).map((codec) => codec.missing())).toEqual([null, null, null, null, null])
  })

  it.each(names)('%s decompresses what it compressed, at every level', async (name) => {
    const { compress, decompress } = codecs[name]
    for (const bytes of payloads(300)) {
      for (const level of levelsOf(name).slice(0, bytes.length > 10_000 ? 2 : undefined)) {
        const compressed = await compress(bytes, level)
        if (!decompress(compressed, Math.max(bytes.length, 1)).equals(bytes))
          expect.fail(`${name} ${level}: ${bytes.length} bytes`)
      }
    }
  })

  it.each(names)('%s leaves its input as it was, and gives output of its own', async (name) => {
    const { compress, decompress } = codecs[name]
    const inputs = payloads(40)
    const before = inputs.map((bytes) => Buffer.from(bytes))
    const level = levelsOf(name)[0] ?? 0
    const compressed = await Promise.all(inputs.map((bytes) => compress(bytes, level)))
    expect(inputs).toEqual(before)
    for (const [index, bytes] of compressed.entries())
      expect(decompress(bytes, 1 << 21).equals(before[index] as Buffer)).toBe(true)
  })

  it.each(names)('%s makes repetition small', async (name) => {
    const bytes = Buffer.alloc(100_000, 'odradek')
    expect((await codecs[name].compress(bytes, levelsOf(name)[0] ?? 0)).length).toBeLessThan(8_000)
  })

  it.each(names)('%s does not decompress to more than the allowed size', async (name) => {
    const { compress, decompress } = codecs[name]
    const compressed = await compress(Buffer.alloc(300_000, 'odradek'), levelsOf(name).at(-1) ?? 0)
    expect(() => decompress(compressed, 299_999)).toThrow(
      expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
    )
  })

  it.each(names)('%s refuses what was damaged, or gives no more than the allowed size', async (name) => {
    const { compress, decompress } = codecs[name]
    expect(() => decompress(Buffer.alloc(0), 1_000)).toThrow()
    expect(() => decompress(Buffer.alloc(100, 0xfe), 1_000)).toThrow()
    for (const bytes of payloads(60).filter(({ length }) => length > 20 && length < 5_000)) {
      const compressed = Buffer.from(await compress(bytes, levelsOf(name)[0] ?? 0))
      expect(() => decompress(compressed.subarray(0, compressed.length - 3), 1 << 20)).toThrow()
      for (let at = 0; at < compressed.length; at += 7) {
        const damaged = Buffer.from(compressed)
        damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at)
        expect(outcomeOf(() => decompress(damaged, 10_000))).toBeLessThanOrEqual(10_000)
      }
    }
  })
})

/** The size of the result; 0 for an error. */
function outcomeOf(run: () => Buffer): number {
  try {
    return run().length
  } catch (error) {
    expect(error).toBeInstanceOf(Error)
    return 0
  }
}
