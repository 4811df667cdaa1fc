import { expect, it } from 'vitest'
import { murmur2 } from '../../src/producer/partitioner/murmur2.js'
import { javaMurmur2 } from '../support/kafka/murmur2/java-murmur2.js'
import { seededRandom } from '../support/seeded-random.js'

const KEYS = 100_000

it(`murmur2 of ${KEYS} random keys of 0 to 300 bytes is the same as Kafka's own`, async () => {
  const random = seededRandom(21)
  const keys = Array.from({ length: KEYS }, (_, i) =>
    Uint8Array.from({ length: i % 301 }, () => Math.floor(random() * 256)),
  )
  const java = await javaMurmur2(keys)
  expect(java).toHaveLength(KEYS)
  const differing = keys.filter((key, i) => (murmur2(key) & 0x7fffffff) !== java[i])
  expect(differing).toEqual([])
})
