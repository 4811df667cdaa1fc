import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const three = {
  leaders: [
    [1, 0],
    [1, 0],
    [1, 0],
  ] as const,
}

describe('a batch is sent', () => {
  it('after linger.ms, and not before', async () => {
    const world = await producerWorld({ lingerMs: 100 })
    world.send('a')
    await world.pass(80)
    world.send('b')
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(20)
    expect(world.next().values).toEqual(['a', 'b'])
  })

  it('at once when it is full, and the rest lingers', async () => {
    const world = await producerWorld({ lingerMs: 100, batchSize: 512 })
    for (const value of ['a', 'b', 'c']) world.send(value.repeat(200))
    await turns()
    expect(world.next().values.map(([first]) => first)).toEqual(['a', 'b'])
    world.next().answer()
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(100)
    expect(world.next().values.map(([first]) => first)).toEqual(['c'])
  })

  it('with one record at a batch.size of 0', async () => {
    const world = await producerWorld({ batchSize: 0 })
    for (const value of ['a', 'b']) world.send(value)
    await turns()
    world.next().answer()
    await turns()
    expect(world.cluster.sent.map(({ values }) => values)).toEqual([['a'], ['b']])
  })

  it('together with those of other partitions, up to max.request.size', async () => {
    const world = await producerWorld({ batchSize: 400, maxRequestSize: 800 }, three)
    for (const partition of [0, 1, 2]) world.send('x'.repeat(250), { partition })
    await turns()
    expect(world.cluster.requests.map(({ partitions }) => partitions)).toEqual([['t-0', 't-1'], ['t-2']])
  })

  it('while fewer requests than max.in.flight are in flight, and the partitions take turns', async () => {
    const world = await producerWorld(
      { maxInFlightRequestsPerConnection: 1, maxRequestSize: 400, batchSize: 400 },
      three,
    )
    for (let round = 0; round < 2; round++) {
      for (const partition of [0, 1, 2]) world.send('x'.repeat(250), { partition })
    }
    const order: string[] = []
    for (let i = 0; i < 6; i++) {
      await turns()
      expect(world.cluster.requests).toHaveLength(1)
      order.push(...world.next().partitions)
      world.next().answer()
    }
    expect(order).toEqual(['t-0', 't-1', 't-2', 't-0', 't-1', 't-2'])
  })

  it('after the throttle time of the broker', async () => {
    const world = await producerWorld()
    world.node(1).throttle(true)
    world.send('a')
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    world.node(1).throttle(false)
    await turns()
    expect(world.next().values).toEqual(['a'])
  })

  it('once its leader has a connection, which is made again when it is lost', async () => {
    const world = await producerWorld()
    world.node(1).isReady = false
    world.send('a')
    await turns()
    const before = world.node(1).connects
    expect(before).toBeGreaterThan(0)
    world.node(1).disconnect()
    await turns()
    expect(world.node(1).connects).toBeGreaterThan(before)
    world.node(1).reconnect()
    // The broker could not give a producer id either, which is requested again after a pause.
    await world.pass(200)
    expect(world.next().values).toEqual(['a'])
  })

  it('once metadata names a leader for its partition', async () => {
    const world = await producerWorld({}, { leaders: [[-1, 0]] })
    world.send('a')
    await turns()
    expect(world.cluster.updateRequests).toBeGreaterThan(0)
    world.cluster.setTopic('t', [[2, 1]])
    await turns()
    expect(world.next().node.nodeId).toBe(2)
  })

  it('without a response at acks 0, and succeeds with an unknown offset when the bytes are written', async () => {
    const world = await producerWorld({ acks: 0 })
    world.send('a', { timestamp: 5 })
    await turns()
    expect(world.next().message.acks).toBe(0)
    expect(world.next().batch.header).toMatchObject({ producerId: -1n, producerEpoch: -1, baseSequence: -1 })
    world.next().answer()
    await turns()
    expect(world.outcomes[0]?.metadata).toMatchObject({ offset: -1n, timestamp: 5, serializedValueSize: 1 })
  })

  it('again at acks 0 if its bytes were not written', async () => {
    const world = await producerWorld({ acks: 0, retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().fail(new NetworkError('lost'))
    await world.pass(100)
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })

  it('after one in backoff, without idempotence and with one request in flight', async () => {
    const world = await producerWorld({
      enableIdempotence: false,
      maxInFlightRequestsPerConnection: 1,
      retryBackoffMs: 100,
    })
    world.send('a')
    await turns()
    world.send('b')
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(200)
    expect(world.next().values).toEqual(['a'])
    world.next().answer()
    await turns()
    expect(world.next().values).toEqual(['b'])
  })
})

describe('a retry', () => {
  it('waits longer with every failure, up to retry.backoff.max.ms', async () => {
    const world = await producerWorld({ retryBackoffMs: 100, retryBackoffMaxMs: 400 })
    world.send('a')
    await turns()
    const waits: number[] = []
    for (let i = 0; i < 4; i++) {
      world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
      await turns()
      let waited = 0
      for (; world.cluster.requests.length === 0 && waited < 5_000; waited += 20) await world.pass(20)
      waits.push(waited)
    }
    expect(waits).toEqual([100, 200, 400, 400])
  })

  it('ends after `retries` failures', async () => {
    const world = await producerWorld({ retries: 2, retryBackoffMs: 10 })
    world.send('a')
    for (let i = 0; i < 3; i++) {
      await world.pass(100)
      world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    }
    await world.pass(100)
    expect(world.told()).toEqual(['a: NOT_ENOUGH_REPLICAS'])
    expect(world.outcomes[0]?.error?.attempts).toBe(3)
    expect(world.cluster.sent).toHaveLength(3)
  })

  it('goes at once to the leader that the response names', async () => {
    const world = await producerWorld({ retryBackoffMs: 1_000 })
    world.send('a')
    await turns()
    const { topicId } = world.next().batch
    const currentLeader = { leaderId: 3, leaderEpoch: 5 }
    world.next().respond({
      topics: [
        {
          name: 't',
          topicId,
          partitions: [
            {
              index: 0,
              errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
              baseOffset: -1n,
              logAppendTimeMs: -1n,
              logStartOffset: -1n,
              recordErrors: [],
              errorMessage: null,
              currentLeader,
            },
          ],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [{ nodeId: 3, host: 'broker', port: 9095, rack: null }],
    })
    await turns()
    expect(world.next().node.nodeId).toBe(3)
  })

  it('goes at once when metadata names another leader during the backoff', async () => {
    const world = await producerWorld({ retryBackoffMs: 1_000 })
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await turns()
    expect(world.cluster.updateRequests).toBe(1)
    world.cluster.setTopic('t', [[2, 1]])
    await turns()
    expect(world.next().node.nodeId).toBe(2)
  })

  it('of everything in flight keeps the order after a lost connection', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    for (const value of ['a', 'b', 'c', 'd']) {
      world.send(value)
      await turns()
      if (value === 'a') world.next().answer()
      await turns()
    }
    expect(world.cluster.requests).toHaveLength(3)
    world.node(1).disconnect()
    await turns()
    world.node(1).reconnect()
    for (let i = 0; i < 3; i++) {
      await world.pass(100)
      world.next().answer()
    }
    await turns()
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2, 3, 1, 2, 3])
    expect(world.told()).toEqual(['a: ok', 'b: ok', 'c: ok', 'd: ok'])
  })
})
