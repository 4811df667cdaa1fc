// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { type KafkaError, TimeoutError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmed, lost, sendEach } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('the confirmation of a leader', () => {
  it("R3: one request is in flight until the leader's first acknowledgement, and then several", async () => {
    const world = await producerWorld()
    await sendEach(world, 'a', 'b', 'c')
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().answer()
    await turns()
    expect(world.next().values).toEqual(['b', 'c'])
    await sendEach(world, 'd')
    expect(world.cluster.requests).toHaveLength(2)
  })

  it('R3: after a change of leader one request is in flight until the first acknowledgement', async () => {
    const world = await producerWorld()
    await confirmed(world)
    world.cluster.setTopic('t', [[2, 1]])
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['a']]])
    world.next().answer()
    await sendEach(world, 'c')
    expect(world.cluster.requests).toHaveLength(1)
    await sendEach(world, 'd')
    expect(world.cluster.requests).toHaveLength(2)
  })

  it('R3: the same broker counts as another leader after a new election', async () => {
    const world = await producerWorld()
    await confirmed(world)
    world.cluster.setTopic('t', [[1, 1]])
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests).toHaveLength(1)
  })

  it('R3: a leader without an acknowledgement for a minute may have forgotten the producer', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await world.pass(59_000)
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests).toHaveLength(2)
    world.next().answer()
    world.next().answer()
    await turns()
    await world.pass(60_000)
    await sendEach(world, 'c', 'd')
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['c']])
    world.next().answer()
    await turns()
    await sendEach(world, 'e')
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['d'], ['e']])
  })

  it('R3: an acknowledgement a minute after its request does not confirm the leader', async () => {
    const world = await producerWorld()
    await sendEach(world, 'first')
    await world.pass(60_000)
    world.next().answer()
    await sendEach(world, 'a', 'b')
    expect(world.told()).toEqual(['first: ok'])
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
  })

  it('R3: a leader may have restarted and forgotten the producer if its connection was lost', async () => {
    const world = await producerWorld()
    await confirmed(world)
    world.node(1).disconnect()
    await turns()
    world.node(1).reconnect()
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().answer()
    await sendEach(world, 'c')
    expect(world.cluster.requests).toHaveLength(1)
    await sendEach(world, 'd')
    expect(world.cluster.requests).toHaveLength(2)
  })

  it('R3: an acknowledgement that comes together with the end of its connection does not confirm the next one', async () => {
    const world = await producerWorld()
    await sendEach(world, 'first')
    world.next().answer()
    world.node(1).disconnect(lost())
    await turns()
    world.node(1).reconnect()
    await sendEach(world, 'a', 'b')
    expect(world.told()).toEqual(['first: ok'])
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
  })

  it('R3: a lost connection to another broker does not affect a partition', async () => {
    const world = await producerWorld()
    await confirmed(world)
    world.node(2).disconnect()
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests).toHaveLength(2)
  })

  it.each([
    ['producer id', 32_767, [1000n, 0]],
    ['epoch', 5, [7n, 6]],
  ] as const)(
    'R3: under a new %s one request is in flight until the first acknowledgement',
    async (_what, firstEpoch, identity) => {
      // Each record is a batch, including those that wait.
      const world = await producerWorld({ batchSize: 1 })
      let give = (): void => {}
      world.cluster.answerProducerId = () => ({
        throttleTimeMs: 0,
        errorCode: ErrorCode.NONE,
        producerId: 7n,
        producerEpoch: firstEpoch,
      })
      await confirmed(world)
      world.cluster.answerProducerId = () =>
        new Promise((resolve) => {
          give = () =>
            resolve({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 1000n, producerEpoch: 0 })
        })
      await sendEach(world, 'refused for good')
      for (const value of ['a', 'b', 'c', 'd']) world.send(value)
      world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
      await turns()
      give()
      await turns()
      expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
      const { producerId, producerEpoch, baseSequence } = world.next().batch.header
      expect([producerId, producerEpoch, baseSequence]).toEqual([...identity, 0])
      // Time alone changes nothing, nor do further records.
      await world.pass(1_000)
      await sendEach(world, 'e')
      expect(world.cluster.requests).toHaveLength(1)
      world.next().answer()
      await turns()
      expect(world.cluster.requests.map(({ values, sequence }) => [...values, sequence])).toEqual([
        ['b', 1],
        ['c', 2],
        ['d', 3],
        ['e', 4],
      ])
    },
  )

  it('R3: a retry is alone in flight, and no batch overtakes it', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await sendEach(world, 'c')
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(2_000)
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().answer()
    await turns()
    // The leader is confirmed by now, so the next batches may follow at once.
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['b'], ['c']])
    world.next().answer()
    await turns()
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 1, 2, 3])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
  })

  it('R4: a new leader gets no request while one to the old leader is in flight', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.cluster.setTopic('t', [[2, 1]])
    await sendEach(world, 'c')
    expect(world.cluster.requests.map(({ node }) => node.nodeId)).toEqual([1, 1])
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await turns()
    expect(world.cluster.requests.map(({ node }) => node.nodeId)).toEqual([1])
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await world.pass(2_000)
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['a']]])
  })

  const ends: readonly (readonly [string, () => KafkaError])[] = [
    ['a request timeout', () => new TimeoutError('no answer', 'request', { possiblyPersisted: true })],
    ['a dead connection', lost],
  ]

  it.each(ends)(
    'R4: a new leader gets no request before the one to the old leader has ended by %s',
    async (_what, error) => {
      const world = await producerWorld({ retryBackoffMs: 10 })
      await confirmed(world)
      await sendEach(world, 'a', 'b')
      const stamps = world.cluster.requests.map(({ batch }) => batch.bytes)
      world.cluster.setTopic('t', [[2, 1]])
      await sendEach(world, 'c')
      await world.pass(10_000)
      expect(world.cluster.sent.map(({ node }) => node.nodeId)).toEqual([1, 1, 1])
      world.node(1).disconnect(error())
      await world.pass(1_000)
      expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['a']]])
      expect(world.next().batch.bytes).toEqual(stamps[0])
      world.next().answer()
      await turns()
      // The retry goes first, unchanged, then the batch that was never sent, then the third.
      expect(world.next().batch.bytes).toEqual(stamps[1])
      for (let i = 0; i < 2; i++) {
        world.cluster.requests[0]?.answer()
        await turns()
      }
      expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
    },
  )

  it('R4: a response of the old leader does not confirm the new one', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    world.cluster.setTopic('t', [[2, 1]])
    world.next().answer()
    await turns()
    await sendEach(world, 'b', 'c')
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['b']]])
  })
})
