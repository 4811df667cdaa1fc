import { beforeEach, describe, expect, it } from 'vitest'
import { metadataTopic } from '../../support/fake-broker.js'
import { turns } from '../../support/turns.js'
import { failure, idA, TwoTopics } from '../../support/two-topics.js'

const world = new TwoTopics()

describe('updates', () => {
  it('on request cover all topics, and come no more often than the backoff allows', async () => {
    await world.known('orders')
    await world.known('payments')
    for (let i = 0; i < 100; i++) {
      world.cluster.requestUpdate()
      await world.pass(10)
    }
    const full = world.fake.metadataRequests().slice(2)
    expect(full.length).toBeGreaterThan(0)
    expect(full.length).toBeLessThanOrEqual(6)
    for (const names of full) expect(new Set(names)).toEqual(new Set(['orders', 'payments']))
  })

  it('have a bounded rate if `retry.backoff.ms` is 0', async () => {
    world.cluster = world.fake.client({ retryBackoffMs: 0, retryBackoffMaxMs: 0 })
    const missing = failure(world.cluster.waitForTopic('missing', 10_000))
    await world.pass(10_000, 1_000)
    expect(await missing).toMatchObject({ phase: 'metadata' })
    expect(world.fake.metadataRequests().length).toBeGreaterThan(10)
    expect(world.fake.metadataRequests().length).toBeLessThan(25)
  })

  it('start by themselves when metadata is old', async () => {
    await world.known('orders')
    await world.pass(299_999)
    expect(world.fake.metadataRequests()).toHaveLength(1)
    await world.pass(1)
    expect(world.fake.metadataRequests()).toHaveLength(2)
  })

  it('take a newer epoch and ignore an older one', async () => {
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 7))
    await world.known('orders')
    world.fake.log.length = 0
    world.fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 6))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
    expect(world.fake.log).not.toContain('metadata')
    world.fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 8))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 8 })
    expect(world.fake.log).toContain('metadata')
  })

  it.each([
    ['no brokers', () => []],
    ['an invalid port', () => [{ nodeId: 1, host: '10.0.0.1', port: 99_999 }]],
    ['a negative node id', () => [{ nodeId: -4, host: '10.0.0.1', port: 9092 }]],
    [
      'more brokers than any cluster has',
      () => Array.from({ length: 10_001 }, (_, nodeId) => ({ nodeId, host: 'x', port: 1 })),
    ],
  ])('with %s are refused and tried again', async (_, brokers) => {
    const good = world.fake.advertised
    world.fake.advertised = brokers()
    const topic = world.known('orders')
    await turns(20)
    expect(world.cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([-1])
    world.fake.advertised = good
    await world.pass(1_000)
    expect(await topic).toMatchObject({ name: 'orders' })
  })

  it('that fail for an unforeseen reason report the reason', async () => {
    world.fake.topics.set('orders', metadataTopic('orders', idA, [9]))
    await world.known('orders')
    world.fake.inUse.has = () => {
      throw new RangeError('out of thin air')
    }
    await world.pass(1_000)
    const waiting = failure(world.cluster.waitForTopic('orders', world.fake.clock.now() + 50, 7))
    await turns(12)
    await world.pass(50)
    const { message, cause } = await waiting
    expect(message).toBe(
      'topic orders has no partition 7 after 50 ms, only 0 to 0: a metadata update failed: out of thin air',
    )
    expect(cause).toMatchObject({ cause: new RangeError('out of thin air') })
  })

  it('do not count as requests in flight', async () => {
    await world.known('orders')
    const node = await world.cluster.ready(1_000)
    world.cluster.requestUpdate()
    const inFlight = node.inFlight
    await world.pass(200)
    expect(inFlight).toBe(0)
  })

  it('come even if connections become idle and end within each throttle time', async () => {
    const broker = world.fake.brokers.get(1)
    if (broker === undefined) throw new Error('there is no broker 1')
    world.cluster = world.fake.client({ connectionsMaxIdleMs: 1_000, requestTimeoutMs: 1_000 })
    broker.throttleTimeMs = 5_000
    const found = world.cluster.waitForTopic('orders', world.fake.clock.now() + 600_000)
    await world.pass(60_000, 600)
    broker.throttleTimeMs = 0
    await world.pass(20_000, 200)
    expect(world.fake.metadataRequests()).not.toEqual([])
    expect((await found).name).toBe('orders')
  })
})

describe('a leader hint', () => {
  beforeEach(async () => {
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 5))
    await world.known('orders')
  })

  it('is taken if its epoch is newer and its node is known', () => {
    const before = world.cluster.topic('orders')
    expect(world.cluster.applyLeaderHint('orders', 0, 2, 6)).toBe(true)
    const after = world.cluster.topic('orders')
    expect(after?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 6 })
    expect(after).not.toBe(before)
    expect(after?.partitions[1]).toBe(before?.partitions[1])
    expect(before?.partitions[0]).toMatchObject({ leaderId: 1, leaderEpoch: 5 })
  })

  it('is refused otherwise', () => {
    expect(world.cluster.applyLeaderHint('orders', 0, 2, 5)).toBe(false)
    expect(world.cluster.applyLeaderHint('orders', 0, -1, 6)).toBe(false)
    expect(world.cluster.applyLeaderHint('orders', 0, 3, 6)).toBe(false)
    expect(world.cluster.applyLeaderHint('orders', 9, 2, 6)).toBe(false)
    expect(world.cluster.applyLeaderHint('nothing', 0, 2, 6)).toBe(false)
  })

  it('may bring the address of a new node', () => {
    const address = { nodeId: 3, host: '10.0.0.3', port: 9092 }
    expect(world.cluster.applyLeaderHint('orders', 0, 3, 6, address)).toBe(true)
    expect(world.cluster.node(3)?.description).toBe('10.0.0.3:9092 (node 3)')
  })
})
