// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../../support/producer-world.js'
import { turns } from '../../../support/turns.js'

const OLD = '00000000-0000-0000-0000-00000000000a'
const NEW = '00000000-0000-0000-0000-00000000000b'

/** Answers the oldest request with a hint at another leader. */
function pointTo(world: World, leaderId: number, leaderEpoch: number): void {
  world.node(leaderId)
  world
    .next()
    .answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId, leaderEpoch } })
}

describe('a leader that a Produce response names', () => {
  it('gets the batch at once, and so does the next one', async () => {
    const world = await producerWorld({ retryBackoffMs: 1_000 })
    world.send('a')
    await turns()
    pointTo(world, 2, 1)
    await turns()
    pointTo(world, 3, 2)
    await turns()
    expect(world.next().node.nodeId).toBe(3)
  })

  it('gets the batch after a pause when the brokers name each other again and again', async () => {
    const world = await producerWorld({ retryBackoffMs: 100, retryBackoffMaxMs: 1_000 })
    world.send('a')
    for (let epoch = 1; epoch < 100; epoch++) {
      await turns()
      if (world.cluster.requests.length > 0) pointTo(world, 1 + (epoch % 2), epoch)
    }
    expect(world.cluster.sent.length).toBeGreaterThan(1)
    expect(world.cluster.sent.length).toBeLessThan(6)
    await world.pass(2_000)
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })

  it('gets all batches that the former leader refuses at once, in order', async () => {
    const world = await producerWorld({ retryBackoffMs: 1_000 })
    for (const value of ['first', 'a', 'b']) {
      world.send(value)
      await turns()
      if (value === 'first') world.next().answer()
      await turns()
    }
    expect(world.cluster.requests).toHaveLength(2)
    pointTo(world, 2, 1)
    pointTo(world, 2, 1)
    await turns()
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['a']]])
    world.next().answer()
    await turns()
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['b']]])
  })

  it('gets several batches after a pause, too, when the brokers name each other again and again', async () => {
    const world = await producerWorld({ retryBackoffMs: 100, retryBackoffMaxMs: 1_000 })
    world.send('first')
    await turns()
    world.next().answer()
    await turns()
    for (const value of ['a', 'b', 'c', 'd']) {
      world.send(value)
      await turns()
    }
    for (let epoch = 1; epoch < 100; epoch++) {
      for (let left = world.cluster.requests.length; left > 0; left--)
        pointTo(world, 1 + (epoch % 2), epoch * 10 - left)
      await turns()
    }
    expect(world.cluster.sent.length).toBeLessThan(20)
  })

  it('R9: is not taken for the leader of a topic that was created again meanwhile, with other epochs', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.cluster.setTopic('t', [[1, 56]], OLD)
    world.send('a')
    await turns()
    world.cluster.setTopic('t', [[3, 0]], NEW)
    pointTo(world, 2, 57)
    await turns()
    world.send('b')
    await turns()
    expect([world.next().node.nodeId, world.next().values]).toEqual([3, ['b']])
    expect(world.cluster.topic('t')?.partitions[0]).toMatchObject({ leaderId: 3, leaderEpoch: 0 })
  })
})
