import { describe, expect, it, vi } from 'vitest'
import { type KafkaError, NetworkError, TimeoutError } from '../../../src/errors.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const NOT_LEADER = 6
const NOT_ENOUGH_REPLICAS = 19
const INVALID_RECORD = 87
const OUT_OF_ORDER = 45
const lost = (): NetworkError => new NetworkError('the connection was lost', { possiblyPersisted: true })

/** Sends one record and sees it acknowledged, so that the leader knows the producer. */
async function confirmed(world: World): Promise<void> {
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
}

/** Sends each value in a batch of its own. */
async function sendEach(world: World, ...values: string[]): Promise<void> {
  for (const value of values) {
    world.send(value)
    await turns()
  }
}

describe('the order of a partition', () => {
  it('R1: sequences follow each other in the order of the sends, each given once', async () => {
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

  it('R2: a retry is the same bytes, whatever was sent meanwhile', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const { bytes } = world.next().batch
    world.send('b')
    world.next().answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
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
    // What a broker never looks at, and a second writing would put right.
    live[0] = 0x55
    world.next().answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    expect(world.next().batch.live[0]).toBe(0x55)
  })

  it('R3: one request is out until the leader has acknowledged something, and then several', async () => {
    const world = await producerWorld()
    await sendEach(world, 'a', 'b', 'c')
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().answer()
    await turns()
    expect(world.next().values).toEqual(['b', 'c'])
    await sendEach(world, 'd')
    expect(world.cluster.requests).toHaveLength(2)
  })

  it('R3: after a change of leader one request is out again until the first acknowledgement', async () => {
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

  it('R3: the same broker elected anew counts as another leader', async () => {
    const world = await producerWorld()
    await confirmed(world)
    world.cluster.setTopic('t', [[1, 1]])
    await sendEach(world, 'a', 'b')
    expect(world.cluster.requests).toHaveLength(1)
  })

  it('R3: a leader that has acknowledged nothing for a minute may have forgotten the producer', async () => {
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

  it('R3: a leader whose connection was lost may have started again, and have forgotten the producer', async () => {
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

  it('R3: the connection of another broker is no concern of a partition', async () => {
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
    'R3: under a new %s one request is out again until the first acknowledgement',
    async (_what, firstEpoch, identity) => {
      // Each record in a batch of its own, also those that wait.
      const world = await producerWorld({ batchSize: 1 })
      let give = (): void => {}
      world.cluster.answerProducerId = () => ({
        throttleTimeMs: 0,
        errorCode: 0,
        producerId: 7n,
        producerEpoch: firstEpoch,
      })
      await confirmed(world)
      world.cluster.answerProducerId = () =>
        new Promise((resolve) => {
          give = () => resolve({ throttleTimeMs: 0, errorCode: 0, producerId: 1000n, producerEpoch: 0 })
        })
      await sendEach(world, 'refused for good')
      for (const value of ['a', 'b', 'c', 'd']) world.send(value)
      world.next().answerOne({ errorCode: INVALID_RECORD })
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

  it('R3: what is sent again goes alone, and nothing overtakes it', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.next().answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
    await turns()
    world.next().answerOne({ errorCode: OUT_OF_ORDER })
    await sendEach(world, 'c')
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(2_000)
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().answer()
    await turns()
    // The leader is confirmed by now, so what comes next may follow at once.
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['b'], ['c']])
    world.next().answer()
    await turns()
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 1, 2, 3])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
  })

  it('R4: nothing goes to a new leader while a request to the old one is out', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.cluster.setTopic('t', [[2, 1]])
    await sendEach(world, 'c')
    expect(world.cluster.requests.map(({ node }) => node.nodeId)).toEqual([1, 1])
    world.next().answerOne({ errorCode: NOT_LEADER })
    await turns()
    expect(world.cluster.requests.map(({ node }) => node.nodeId)).toEqual([1])
    world.next().answerOne({ errorCode: NOT_LEADER })
    await world.pass(2_000)
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['a']]])
  })

  const ends: readonly (readonly [string, () => KafkaError])[] = [
    ['a request timeout', () => new TimeoutError('no answer', 'request', { possiblyPersisted: true })],
    ['a dead connection', lost],
  ]
  it.each(ends)(
    'R4: a new leader gets nothing before the request to the old one is over, by %s',
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
      // What had been sent goes before what had not, each as it was, and both before the third.
      expect(world.next().batch.bytes).toEqual(stamps[1])
      for (let i = 0; i < 2; i++) {
        world.cluster.requests[0]?.answer()
        await turns()
      }
      expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
    },
  )

  it('R4: an answer of the old leader confirms nothing at the new one', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    world.cluster.setTopic('t', [[2, 1]])
    world.next().answer()
    await turns()
    await sendEach(world, 'b', 'c')
    expect(world.cluster.requests.map(({ node, values }) => [node.nodeId, values])).toEqual([[2, ['b']]])
  })

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

  it('a partition in backoff keeps none of its neighbours waiting', async () => {
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
    world.next().answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
    await turns()
    world.send('b', { partition: 1 })
    await turns()
    expect(world.next().partitions).toEqual(['t-1'])
  })
})
