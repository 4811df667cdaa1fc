import { describe, expect, it } from 'vitest'
import type { PartitionerFunction } from '../../../../src/config/partitioner-function.js'
import { InvalidRecordError } from '../../../../src/errors.js'
import { murmur2 } from '../../../../src/producer/partitioner/murmur2.js'
import { askPartitioner, topicPartitioner } from '../../../../src/producer/partitioner/partitioner.js'
import { ANY_PARTITION } from '../../../../src/producer/partitioner/sticky-partitioner.js'

const metadata = {
  partitions: [1, -1, 3, 1].map((leaderId, partition) => ({ partition, leaderId })),
}
const key = Buffer.from('..order-17..')

describe('the default partitioner', () => {
  const partitioner = topicPartitioner('default', false)

  it('uses the hash of the key over all partitions, including those without a leader', () => {
    expect(partitioner.choose(metadata, key, 2, 10)).toBe(
      (murmur2(Buffer.from('order-17')) & 0x7fffffff) % metadata.partitions.length,
    )
    const chosen = new Set(
      Array.from({ length: 100 }, (_, i) => partitioner.choose(metadata, Buffer.from(`key-${i}`), 0, 6)),
    )
    expect([...chosen].sort()).toEqual([0, 1, 2, 3])
  })

  it('hashes an empty key like any other', () => {
    expect(partitioner.choose(metadata, key, 3, 3)).toBe(275646681 % 4)
  })

  it('leaves a record without a key to the sticky partitioner', () => {
    expect(partitioner.choose(metadata, null, 0, 0)).toBe(ANY_PARTITION)
  })

  it('leaves every record to the sticky partitioner when keys are ignored', () => {
    expect(topicPartitioner('default', true).choose(metadata, key, 0, 12)).toBe(ANY_PARTITION)
  })
})

describe('the partitioner round-robin', () => {
  it('takes partitions with a leader in turn, whatever the key', () => {
    const partitioner = topicPartitioner('round-robin', false)
    const chosen = Array.from({ length: 7 }, (_, i) => partitioner.choose(metadata, i % 2 ? key : null, 0, 5))
    expect(chosen).toEqual([0, 2, 3, 0, 2, 3, 0])
  })

  it('takes all in turn when none has a leader', () => {
    const leaderless = { partitions: [0, 1].map((partition) => ({ partition, leaderId: -1 })) }
    const partitioner = topicPartitioner('round-robin', false)
    expect([0, 0, 0].map(() => partitioner.choose(leaderless, null, 0, 0))).toEqual([0, 1, 0])
  })

  it('has a counter for each topic', () => {
    const first = topicPartitioner('round-robin', false)
    first.choose(metadata, null, 0, 0)
    expect(topicPartitioner('round-robin', false).choose(metadata, null, 0, 0)).toBe(0)
  })
})

describe('the partitioner crc32-consistent', () => {
  const partitioner = topicPartitioner('crc32-consistent', false)

  it('uses the unsigned CRC-32 of the key', () => {
    // 1525286420 and 3421780262 (above 2^31) are the CRC-32 of the two keys.
    expect(partitioner.choose({ partitions: many(1000) }, key, 2, 10)).toBe(420)
    expect(partitioner.choose({ partitions: many(1000) }, Buffer.from('123456789'), 0, 9)).toBe(262)
  })

  it('leaves a record without a key, or with an empty one, to the sticky partitioner', () => {
    expect(partitioner.choose(metadata, null, 0, 0)).toBe(ANY_PARTITION)
    expect(partitioner.choose(metadata, key, 4, 4)).toBe(ANY_PARTITION)
  })
})

describe("a partitioner of the user's own", () => {
  const record = {
    topic: 'orders',
    key: 'k',
    keyBytes: Buffer.from('k'),
    value: 'v',
    valueBytes: Buffer.from('v'),
    partitions: metadata.partitions,
  }

  it('gets the record and chooses its partition', () => {
    const seen: unknown[] = []
    const chosen = askPartitioner((given) => {
      seen.push(given)
      return given.partitions.length - 1
    }, record)
    expect(chosen).toBe(3)
    expect(seen).toEqual([record])
  })

  it.each([
    [4, '4'],
    [-1, '-1'],
    [1.5, '1.5'],
    [Number.NaN, 'NaN'],
    ['1', 'the string "1"'],
    [undefined, 'undefined'],
    [Promise.resolve(1), 'a promise'],
  ])('may not return %s', (returned, shown) => {
    // The types forbid most of these; JavaScript does not.
    const partitioner = (() => returned) as PartitionerFunction
    const error = caught(() => askPartitioner(partitioner, record))
    expect(error).toBeInstanceOf(InvalidRecordError)
    expect(error).toMatchObject({
      topic: 'orders',
      message: `the partitioner returned ${shown} for a record to topic orders: it must return a whole number from 0 to 3`,
    })
  })

  it('fails the record when it throws', () => {
    const cause = new Error('no idea')
    const error = caught(() =>
      askPartitioner(() => {
        throw cause
      }, record),
    )
    expect(error).toBeInstanceOf(InvalidRecordError)
    expect(error).toMatchObject({ topic: 'orders', cause })
  })
})

function many(count: number) {
  return Array.from({ length: count }, (_, partition) => ({ partition, leaderId: 1 }))
}

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
