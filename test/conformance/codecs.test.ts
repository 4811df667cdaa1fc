import lz4 from 'lz4js/lz4.js'
import { expect, it } from 'vitest'
import { lz4Decompressed } from '../../src/environment/codecs/lz4.js'
import { codecs } from '../../src/environment/codecs.js'
import { javaDecompressed } from '../support/kafka/codecs/java-decompressed.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { payloads } from '../support/payloads.js'

/** Each codec with the levels that are tried: the defaults, and the ends. */
const CASES = [
  ['gzip', [-1, 1, 9]],
  ['snappy', [0]],
  ['lz4', [9]],
  ['zstd', [3, -131_072, 1, 22]],
] as const

await describeWithKafkaJars('what the codecs make', () => {
  it.each(CASES)('%s is decompressed by Kafka to the same bytes', async (name, levels) => {
    const { compress, number } = codecs[name]
    const inputs = payloads(name === 'zstd' ? 700 : 2_000, 7)
    const compressed = await Promise.all(
      inputs.map(async (original, index) => {
        const bytes = await compress(original, levels[index % levels.length] as number)
        return { codec: number, original, compressed: Buffer.from(bytes) }
      }),
    )
    const verdicts = await javaDecompressed(compressed)
    expect(verdicts).toHaveLength(inputs.length)
    expect(verdicts.filter(({ verdict }) => verdict !== 'same')).toEqual([])
  })
})

await describeWithKafkaJars('the sizes of what the codecs make', () => {
  it.each(CASES)("%s: at most 5 %% above Java's", async (name, [level]) => {
    const { compress, number } = codecs[name]
    const inputs = payloads(300, 9).filter(({ length }) => length > 1_000)
    const compressed = await Promise.all(
      inputs.map(async (original) => ({
        codec: number,
        original,
        compressed: Buffer.from(await compress(original, level)),
      })),
    )
    const ours = compressed.reduce((sum, { compressed: { length } }) => sum + length, 0)
    const javas = (await javaDecompressed(compressed)).reduce((sum, { javaSize }) => sum + javaSize, 0)
    expect(ours / javas).toBeLessThan(1.05)
  })
})

await describeWithKafkaJars('blocks as lz4js makes them', () => {
  it('are refused by Kafka if they fill the frame, and our decoder refuses the same ones', async () => {
    const inputs = payloads(700, 8).filter(({ length }) => length === 65_536)
    const frames = inputs.map((original) => ({ codec: 3, original, compressed: asLz4jsDoes(original) }))
    const java = (await javaDecompressed(frames)).map(({ verdict }) => verdict === 'same')
    const ours = frames.map(({ original, compressed }) => isRead(original, compressed))
    expect(java.filter((same) => !same).length).toBeGreaterThan(0)
    expect(ours).toEqual(java)
  })
})

function asLz4jsDoes(block: Buffer): Buffer {
  const room = Buffer.alloc(block.length * 2 + 100)
  const size = lz4.compressBlock(block, room, 0, block.length, new Uint32Array(65_536))
  const isStored = size === 0 || size >= block.length
  const header = Buffer.alloc(4)
  header.writeUInt32LE(isStored ? block.length + 0x8000_0000 : size)
  const body = isStored ? block : room.subarray(0, size)
  return Buffer.concat([Buffer.from('04224d18604082', 'hex'), header, body, Buffer.alloc(4)])
}

function isRead(original: Buffer, compressed: Buffer): boolean {
  try {
    return lz4Decompressed(compressed, original.length).equals(original)
  } catch {
    return false
  }
}
