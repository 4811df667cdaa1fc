import { describe, expect, it, vi } from 'vitest'
import { confirmed, lost, sendEach } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const NOT_ENOUGH_REPLICAS = 19
const OUT_OF_ORDER = 45

describe('a row of sequences that ends', () => {
  it('R7: an identity that one partition leaves is left by another only when it is idle', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    await confirmed(world)
    world.send('other', { partition: 1 })
    await turns()
    const other = world.next()
    // A refusal for good leaves a gap in partition 0: it needs a new epoch.
    world.send('refused')
    await turns()
    world.cluster.requests[1]?.answerOne({ errorCode: 87 })
    await turns()
    world.send('later', { partition: 1 })
    world.send('again')
    await turns()
    expect(
      world.cluster.requests.map(({ partitions, epoch, sequence }) => [partitions, epoch, sequence]),
    ).toEqual([
      [['t-1'], 0, 0],
      [['t-0'], 1, 0],
    ])
    other.answer()
    await turns()
    expect(
      world.cluster.requests.map(({ partitions, epoch, sequence }) => [partitions, epoch, sequence]),
    ).toEqual([
      [['t-0'], 1, 0],
      [['t-1'], 1, 0],
    ])
  })

  it('R7: a batch being sent again keeps its epoch although another partition has raised it', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('other', { partition: 1 })
    await turns()
    world.send('refused')
    await turns()
    world.cluster.requests[1]?.answerOne({ errorCode: 87 })
    world.cluster.requests[0]?.answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    expect(world.next().partitions).toEqual(['t-1'])
    expect([world.next().epoch, world.next().sequence]).toEqual([0, 0])
  })

  it('R7: two partitions that leave the same identity raise the epoch once', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('x')
    world.send('y', { partition: 1 })
    await turns()
    world.next().answer({ 't-0': { errorCode: 87 }, 't-1': { errorCode: 87 } })
    await turns()
    world.send('x2')
    world.send('y2', { partition: 1 })
    await turns()
    expect(world.next().batches.map(({ header }) => [header.producerEpoch, header.baseSequence])).toEqual([
      [1, 0],
      [1, 0],
    ])
  })

  it('R8: out of order behind a batch that has no outcome yet is sent again without a new epoch', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.next().fail(lost())
    await turns()
    world.next().answerOne({ errorCode: OUT_OF_ORDER })
    await world.pass(2_000)
    world.next().answer()
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 0, 2])
  })

  it('R8: out of order at the head, and certainly not in the log: sent again in a new epoch', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a')
    world.next().answerOne({ errorCode: OUT_OF_ORDER })
    await world.pass(2_000)
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['a'], 1, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
  })

  it('R8: out of order at the head, and perhaps in the log: the caller decides', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a')
    world.next().fail(lost())
    await world.pass(2_000)
    world.next().answerOne({ errorCode: OUT_OF_ORDER })
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: OUT_OF_ORDER_SEQUENCE_NUMBER'])
    expect(world.outcomes[1]?.error?.possiblyPersisted).toBe(true)
    await sendEach(world, 'b')
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
  })

  it('R9: a partition that metadata omit for once keeps its sequence', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a', { partition: 1 })
    await turns()
    world.next().answer()
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    world.cluster.setTopic('t', [
      [1, 0],
      [1, 0],
    ])
    world.send('b', { partition: 1 })
    await turns()
    expect([world.next().sequence, world.next().epoch]).toEqual([1, 0])
  })
})
