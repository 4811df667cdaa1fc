import { describe, expect, it } from 'vitest'
import { murmur2, partitionForKey } from '../../../../src/producer/partitioner/murmur2.js'
import { seededRandom } from '../../../support/seeded-random.js'

/** From Kafka's own UtilsTest. */
const vectors: readonly (readonly [string, number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
]

describe('murmur2', () => {
  it.each(vectors)('of %s is %i, as in Java', (text, hash) => {
    expect(murmur2(Buffer.from(text))).toBe(hash)
  })

  it('hashes a range like a copy of the range, for every length of the tail', () => {
    const random = seededRandom(1)
    const bytes = Uint8Array.from({ length: 64 }, () => Math.floor(random() * 256))
    for (let start = 0; start <= 8; start++) {
      for (let end = start; end <= bytes.length; end++) {
        expect(murmur2(bytes, start, end)).toBe(murmur2(bytes.slice(start, end)))
      }
    }
  })

  it('takes bytes above 127 as unsigned, and an empty key as a key', () => {
    // Computed by Kafka's Utils.murmur2.
    expect(murmur2(Uint8Array.of(255, 254, 128, 127, 200, 129, 255))).toBe(-698633512)
    expect(murmur2(new Uint8Array(0))).toBe(275646681)
  })

  it('gives the partition from the hash without its sign', () => {
    for (const [text, hash] of vectors) {
      expect(partitionForKey(7, Buffer.from(text))).toBe((hash & 0x7fffffff) % 7)
    }
    const padded = Buffer.from('..foobar..')
    expect(partitionForKey(1000, padded, 2, 8)).toBe(partitionForKey(1000, Buffer.from('foobar')))
  })
})
