// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmed, sendEach } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('the order of a partition', () => {
  it('R1: sequences are consecutive in the order of the sends, each used once', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b', 'c')
    expect(world.cluster.requests.map(({ sequence }) => sequence)).toEqual([1, 2, 3])
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a'], ['b'], ['c']])
  })

  it('R1: a batch takes as many sequences as it has records', async () => {
    const world = await producerWorld()
    await confirmed(world)
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    world.send('d')
    await turns()
    expect(world.cluster.requests.map(({ sequence, values }) => [sequence, values.length])).toEqual([
      [1, 3],
      [4, 1],
    ])
  })

  it('R2: a retry has the same bytes, whatever was sent meanwhile', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const { bytes } = world.next().batch
    world.send('b')
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(2_000)
    expect(world.next().batch.bytes.equals(bytes)).toBe(true)
    world.next().answer()
    await turns()
    expect(world.next().values).toEqual(['b'])
  })

  it('R2: the header is written once for a stamp, and not again for a retry', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const { live } = world.next().batch
    // The broker ignores this byte, and writing the header again would correct it.
    live[0] = 0x55
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    expect(world.next().batch.live[0]).toBe(0x55)
  })

  it('a partition in backoff does not hold up its neighbours', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    world.send('b', { partition: 1 })
    await turns()
    expect(world.next().partitions).toEqual(['t-1'])
  })
})
