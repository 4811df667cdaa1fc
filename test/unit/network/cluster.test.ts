import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthorizationError, InvalidTopicError, type KafkaError, TimeoutError } from '../../../src/errors.js'
import type { Cluster } from '../../../src/network/cluster.js'
import type { TopicMetadata } from '../../../src/network/topic-metadata.js'
import { metadataResponse, metadataTopic, topicError } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { turns } from '../../support/turns.js'

const idA = 'AAAAAAAAAAAAAAAAAAAAAQ'
const idB = 'AAAAAAAAAAAAAAAAAAAAAg'

let fake: MetadataWorld
let cluster: Cluster

beforeEach(() => {
  fake = new MetadataWorld()
  fake.addBroker(1)
  fake.addBroker(2)
  fake.topics.set('orders', metadataTopic('orders', idA, [1, 2]))
  fake.topics.set('payments', metadataTopic('payments', idB, [2]))
  cluster = fake.client()
})

afterEach(async () => {
  cluster.close()
  await turns()
  expect(fake.clock.pending).toBe(0)
  expect(fake.network.open).toEqual([])
})

async function pass(ms: number, steps = 1): Promise<void> {
  for (let i = 0; i < steps; i++) {
    fake.clock.advance(ms / steps)
    await turns(12)
  }
}

function known(name: string, partition?: number): Promise<TopicMetadata> {
  return cluster.waitForTopic(name, fake.clock.now() + 60_000, partition)
}

const failure = (promise: Promise<unknown>): Promise<KafkaError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  )

describe('a topic', () => {
  it('is fetched when it is wanted, and known from then on', async () => {
    expect(cluster.topic('orders')).toBeUndefined()
    expect(fake.network.dialled).toEqual([])
    const topic = await known('orders')
    expect(topic).toMatchObject({ name: 'orders', topicId: idA })
    expect(topic.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 2])
    expect(cluster.topic('orders')).toBe(topic)
    expect(await known('orders')).toBe(topic)
    expect(fake.metadataRequests()).toEqual([['orders']])
    expect(cluster.clusterId).toBe('cluster')
    expect(cluster.controller()?.nodeId).toBe(1)
    expect(cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([1, 2])
  })

  it('is asked for once, however many wait for it', async () => {
    await Promise.all([known('orders'), known('orders', 1), known('payments')])
    expect(
      fake
        .metadataRequests()
        .flat()
        .filter((name) => name === 'orders'),
    ).toHaveLength(1)
  })

  it('that is new is asked for alone and at once, in spite of the backoff', async () => {
    await known('orders')
    await known('payments')
    expect(fake.clock.now()).toBe(0)
    expect(fake.metadataRequests()).toEqual([['orders'], ['payments']])
  })

  it('waits its turn while another request is under way', async () => {
    const first = known('orders')
    const broker = fake.brokers.get(1)
    if (broker === undefined) throw new Error('no broker')
    broker.metadata = () => null
    await turns(12)
    expect(broker.waiting).toHaveLength(1)
    const second = known('payments')
    await turns(12)
    expect(broker.metadataRequests).toEqual([['orders']])
    cluster.close()
    await expect(first).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    await expect(second).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('that appears late is found within the deadline', async () => {
    const late = known('late')
    await pass(5_000, 50)
    fake.topics.set('late', metadataTopic('late', idB, [1]))
    await pass(1_000, 10)
    expect(await late).toMatchObject({ name: 'late' })
    const asked = fake.metadataRequests().length
    // The backoff grows to a second, so six seconds cannot see many requests.
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(12)
  })

  it('that does not appear fails with the reason at the deadline', async () => {
    const missing = failure(cluster.waitForTopic('missing', 10_000))
    await pass(10_000, 20)
    const error = await missing
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ phase: 'metadata', topic: 'missing', retriable: true })
    expect(error.message).toMatch('topic missing is not in the metadata after 10000 ms')
    expect(error.message).toMatch('UNKNOWN_TOPIC_OR_PARTITION')
    expect(error.message).toMatch('10.0.0.')
  })

  it('is waited for until it has the partition', async () => {
    const third = known('orders', 2)
    await pass(1_000, 10)
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2, 1]))
    await pass(1_000, 10)
    expect((await third).partitions).toHaveLength(3)
    const tenth = failure(cluster.waitForTopic('orders', fake.clock.now() + 2_000, 9))
    await pass(2_000, 10)
    expect((await tenth).message).toMatch('topic orders has no partition 9 after 2000 ms, only 0 to 2')
  })

  it.each([
    [29, AuthorizationError, 'TOPIC_AUTHORIZATION_FAILED'],
    [17, InvalidTopicError, 'INVALID_TOPIC_EXCEPTION'],
  ])('that is refused with code %i fails at once, and alone', async (code, type, name) => {
    fake.topics.set('secret', topicError('secret', code))
    const others = known('orders')
    const error = await failure(known('secret'))
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code: name, topic: 'secret' })
    await others
    expect(fake.clock.now()).toBe(0)
  })

  it('that nobody asked for is ignored', async () => {
    for (const broker of fake.brokers.values())
      broker.metadata = () =>
        metadataResponse(fake.advertised, [
          metadataTopic('orders', idA, [1]),
          metadataTopic('uninvited', idB, [1]),
          metadataTopic('__proto__', idB, [1]),
        ])
    await known('orders')
    expect(cluster.topic('uninvited')).toBeUndefined()
    expect(cluster.topic('__proto__')).toBeUndefined()
  })

  it('is kept when a broker leaves it out or does not know it', async () => {
    const before = await known('orders')
    fake.topics.delete('orders')
    fake.inUse.add('orders')
    for (let i = 0; i < 5; i++) {
      cluster.requestUpdate()
      await pass(1_000)
    }
    expect(cluster.topic('orders')).toBe(before)
    expect(cluster.topicError('orders')).toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  it('that was created anew is taken, and a broker from behind does not bring the old one back', async () => {
    await known('orders')
    fake.topics.set('orders', metadataTopic('orders', idB, [2], 0))
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.topic('orders')).toMatchObject({ topicId: idB, partitions: [{ leaderId: 2 }] })
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 3))
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.topic('orders')).toMatchObject({ topicId: idB })
  })

  it('expires when it was not used for long, unless records wait', async () => {
    await Promise.all([known('orders'), known('payments')])
    fake.inUse.add('payments')
    for (let i = 0; i < 4; i++) await pass(300_000)
    expect(cluster.topic('orders')).toBeUndefined()
    expect(cluster.topic('payments')).toBeDefined()
    expect(fake.log.filter((line) => line.startsWith('expired'))).toEqual(['expired orders'])
    fake.inUse.clear()
    for (let i = 0; i < 4; i++) {
      cluster.touchTopic('payments')
      await pass(300_000)
    }
    expect(cluster.topic('payments')).toBeDefined()
    expect(await known('orders')).toMatchObject({ name: 'orders' })
  })

  it('that has expired is asked for again, at once, when it is touched', async () => {
    await Promise.all([known('orders'), known('payments')])
    for (let i = 0; i < 4; i++) {
      cluster.touchTopic('payments')
      await pass(300_000)
    }
    expect(cluster.topic('orders')).toBeUndefined()
    fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 7))
    const asked = fake.metadataRequests().length
    const now = fake.clock.now()
    cluster.touchTopic('orders')
    cluster.touchTopic('orders')
    await turns(12)
    expect(fake.clock.now()).toBe(now)
    expect(fake.metadataRequests().slice(asked)).toEqual([['orders']])
    expect(cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 7 })
    expect(cluster.applyLeaderHint('orders', 0, 1, 8)).toBe(true)
    fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 9))
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 9 })
  })

  it('that is touched and then waited for is asked for once', async () => {
    await known('orders')
    cluster.touchTopic('payments')
    await known('payments')
    await pass(10_000, 10)
    expect(fake.metadataRequests()).toEqual([['orders'], ['payments']])
  })

  it('is not asked for when it is touched after the end', async () => {
    cluster.close()
    cluster.touchTopic('orders')
    await turns()
    expect(fake.network.dialled).toEqual([])
  })

  it.each([
    ['', 'it is empty'],
    ['a/b', '"a/b" has "/" at index 1'],
    ['x'.repeat(40_000), 'it has 40000 characters'],
    [undefined as unknown as string, 'a string is needed, got undefined'],
    [{} as unknown as string, 'a string is needed, got object'],
  ])('of the name %s fails its own waiter and nobody else', async (name, reason) => {
    await known('orders')
    const others = known('payments')
    const error = await failure(known(name))
    expect(error).toBeInstanceOf(InvalidTopicError)
    expect(error.message).toMatch(`invalid topic name: ${reason}`)
    cluster.touchTopic(name)
    await others
    cluster.requestUpdate()
    await pass(10_000, 10)
    expect(new Set(fake.metadataRequests().flat())).toEqual(new Set(['orders', 'payments']))
  })

  it.each([-1, 0.5, Number.NaN])('has no partition %s, and nobody waits for it', async (partition) => {
    const error = await failure(known('orders', partition))
    expect(error).toMatchObject({ code: 'INVALID_RECORD', topic: 'orders' })
    expect(error.message).toBe(`a partition must be a whole number, 0 or more, got ${partition}`)
    expect(fake.network.dialled).toEqual([])
  })

  it.each([
    ['is not among the brokers', [9, 2]],
    ['is unknown without an error', [-1, 2]],
  ])('in use whose leader %s is asked for until it has one', async (_, leaders) => {
    const leaderless = metadataTopic('orders', idA, leaders, 3)
    const partitions = leaderless.partitions.map((partition) => ({ ...partition, errorCode: 0 }))
    fake.topics.set('orders', { ...leaderless, partitions })
    fake.inUse.add('orders')
    await known('orders')
    await pass(20_000, 100)
    const asked = fake.metadataRequests().length
    // Never in a storm: the backoff grows to a second.
    expect(asked).toBeGreaterThan(15)
    expect(asked).toBeLessThan(35)
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 4))
    await pass(2_000, 10)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
    const settled = fake.metadataRequests().length
    await pass(20_000, 20)
    expect(fake.metadataRequests()).toHaveLength(settled)
  })

  it('without a leader that nobody uses is left alone', async () => {
    fake.topics.set('orders', metadataTopic('orders', idA, [9, 2], 3))
    await known('orders')
    await pass(20_000, 20)
    expect(fake.metadataRequests()).toHaveLength(1)
  })
})

describe('updates', () => {
  it('that are requested are about all topics, and no more often than the backoff allows', async () => {
    await known('orders')
    await known('payments')
    for (let i = 0; i < 100; i++) {
      cluster.requestUpdate()
      await pass(10)
    }
    const full = fake.metadataRequests().slice(2)
    expect(full.length).toBeGreaterThan(0)
    expect(full.length).toBeLessThanOrEqual(6)
    for (const names of full) expect(new Set(names)).toEqual(new Set(['orders', 'payments']))
  })

  it('are no storm where `retry.backoff.ms` is 0', async () => {
    cluster = fake.client({ retryBackoffMs: 0, retryBackoffMaxMs: 0 })
    const missing = failure(cluster.waitForTopic('missing', 10_000))
    await pass(10_000, 1_000)
    expect(await missing).toMatchObject({ phase: 'metadata' })
    expect(fake.metadataRequests().length).toBeGreaterThan(10)
    expect(fake.metadataRequests().length).toBeLessThan(25)
  })

  it('come by themselves when metadata is old', async () => {
    await known('orders')
    await pass(299_999)
    expect(fake.metadataRequests()).toHaveLength(1)
    await pass(1)
    expect(fake.metadataRequests()).toHaveLength(2)
  })

  it('take a newer epoch and ignore an older one', async () => {
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 7))
    await known('orders')
    fake.log.length = 0
    fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 6))
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
    expect(fake.log).not.toContain('metadata')
    fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 8))
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 8 })
    expect(fake.log).toContain('metadata')
  })

  it('can be waited for', async () => {
    await known('orders')
    const updated = cluster.waitForUpdate(fake.clock.now() + 5_000)
    await pass(1_000)
    await updated
    expect(fake.metadataRequests()).toHaveLength(2)
  })

  it.each([
    ['no brokers', () => []],
    ['a port that is none', () => [{ nodeId: 1, host: '10.0.0.1', port: 99_999 }]],
    ['a negative node id', () => [{ nodeId: -4, host: '10.0.0.1', port: 9092 }]],
    [
      'more brokers than anybody has',
      () => Array.from({ length: 10_001 }, (_, nodeId) => ({ nodeId, host: 'x', port: 1 })),
    ],
  ])('with %s are refused and tried again', async (_, brokers) => {
    const good = fake.advertised
    fake.advertised = brokers()
    const topic = known('orders')
    await turns(20)
    expect(cluster.nodes()).toEqual([])
    fake.advertised = good
    await pass(1_000)
    expect(await topic).toMatchObject({ name: 'orders' })
  })

  it('that go wrong in an unforeseen way say how', async () => {
    fake.topics.set('orders', metadataTopic('orders', idA, [9]))
    await known('orders')
    fake.inUse.has = () => {
      throw new RangeError('out of thin air')
    }
    await pass(1_000)
    const waiting = failure(cluster.waitForUpdate(fake.clock.now() + 50))
    await turns(12)
    await pass(50)
    const { message, cause } = await waiting
    expect(message).toBe('no metadata after 50 ms: a metadata update failed: out of thin air')
    expect(cause).toMatchObject({ cause: new RangeError('out of thin air') })
  })

  it('do not take a place in flight', async () => {
    await known('orders')
    const node = await cluster.ready(1_000)
    cluster.requestUpdate()
    const inFlight = node.inFlight
    await pass(200)
    expect(inFlight).toBe(0)
  })
})

describe('a leader hint', () => {
  beforeEach(async () => {
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 5))
    await known('orders')
  })

  it('is taken if its epoch is newer and its node known', () => {
    const before = cluster.topic('orders')
    expect(cluster.applyLeaderHint('orders', 0, 2, 6)).toBe(true)
    const after = cluster.topic('orders')
    expect(after?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 6 })
    expect(after).not.toBe(before)
    expect(after?.partitions[1]).toBe(before?.partitions[1])
    expect(before?.partitions[0]).toMatchObject({ leaderId: 1, leaderEpoch: 5 })
  })

  it('is refused otherwise', () => {
    expect(cluster.applyLeaderHint('orders', 0, 2, 5)).toBe(false)
    expect(cluster.applyLeaderHint('orders', 0, -1, 6)).toBe(false)
    expect(cluster.applyLeaderHint('orders', 0, 3, 6)).toBe(false)
    expect(cluster.applyLeaderHint('orders', 9, 2, 6)).toBe(false)
    expect(cluster.applyLeaderHint('nothing', 0, 2, 6)).toBe(false)
  })

  it('may bring the address of a new node', () => {
    const address = { nodeId: 3, host: '10.0.0.3', port: 9092 }
    expect(cluster.applyLeaderHint('orders', 0, 3, 6, address)).toBe(true)
    expect(cluster.node(3)?.description).toBe('10.0.0.3:9092 (node 3)')
  })
})

describe('brokers', () => {
  it('are connected to when one is needed', async () => {
    const node = await cluster.ready(1_000)
    expect(node.nodeId).toBe(-1)
    await known('orders')
    const named = cluster.ready(1_000)
    await turns(12)
    expect((await named).nodeId).toBeGreaterThan(0)
    expect(cluster.leastLoadedNode()).toBe(await named)
  })

  it('are not connected to over the bootstrap list once they are known', async () => {
    await known('orders')
    await turns()
    expect(fake.network.open).toEqual([])
  })

  it('are tried one beside the other when the first one takes long', async () => {
    fake.network.on('10.0.0.7:9092', 'hang')
    fake.network.on('10.0.0.8:9092', 'hang')
    cluster = fake.client({
      bootstrapServers: [7, 8, 1].map((id) => ({ host: `10.0.0.${id}`, port: 9092 })),
    })
    const ready = cluster.ready(20_000)
    await turns(12)
    expect(fake.network.dialled).toHaveLength(1)
    await pass(2_000, 2)
    expect((await ready).host).toBe('10.0.0.1')
  })

  it('that cannot be reached are all named, with the reasons', async () => {
    cluster = fake.client({
      bootstrapServers: [
        { host: '10.0.0.8', port: 9092 },
        { host: 'nowhere', port: 9093 },
      ],
    })
    const error = failure(cluster.ready(5_000))
    const topic = failure(cluster.waitForTopic('orders', 5_000))
    await pass(5_000, 50)
    for (const { message } of [await error, await topic]) {
      expect(message).toMatch('after 5000 ms: no broker can be reached: ')
      expect(message).toMatch('10.0.0.8:9092: TCP connect: ')
      expect(message).toMatch('connection refused: nothing listens there (ECONNREFUSED)')
      expect(message).toMatch('nowhere: the name cannot be resolved (ENOTFOUND)')
    }
    // Two servers, each tried at most once per backoff, which grows to a second.
    expect(fake.network.dialled.length).toBeLessThan(15)
  })

  it('that move are looked for at the new address', async () => {
    await known('orders')
    cluster.node(2)?.connect()
    await turns(12)
    fake.advertised = [
      { nodeId: 1, host: '10.0.0.1', port: 9092 },
      { nodeId: 2, host: '10.0.0.7', port: 9092 },
    ]
    const node = cluster.node(2)
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.node(2)).toBe(node)
    expect(node?.host).toBe('10.0.0.7')
    expect(fake.log).toContain('disconnected 2')
  })

  it('that leave the cluster are forgotten, but not while they owe an answer', async () => {
    await known('orders')
    fake.advertised = fake.advertised.slice(0, 1)
    cluster.requestUpdate()
    await pass(1_000)
    expect(cluster.node(2)).toBeUndefined()
    expect(cluster.node(1)).toBeDefined()
  })
})

describe('starting again from the bootstrap list', () => {
  beforeEach(async () => {
    cluster = fake.client({ bootstrapServers: [{ host: 'bootstrap', port: 9092 }] })
    fake.names.set('bootstrap', ['10.0.0.1'])
    await known('orders')
  })

  /** The whole cluster comes back at other addresses. */
  function moveAway(): void {
    for (const id of [1, 2]) fake.network.on(`10.0.0.${id}:9092`, 'refuse')
    for (const peer of fake.network.open) peer.fail('ECONNRESET')
    fake.addBroker(8)
    fake.addBroker(9)
    fake.advertised = fake.advertised.slice(-2)
    fake.topics.set('orders', metadataTopic('orders', idA, [8, 9], 1))
    fake.names.set('bootstrap', ['10.0.0.8'])
  }

  it('happens when no known broker can be reached, with the name resolved anew', async () => {
    const before = cluster.topic('orders')
    moveAway()
    cluster.requestUpdate()
    await pass(1_000, 10)
    expect(cluster.topic('orders')).not.toBe(before)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
    expect(cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([8, 9])
  })

  it('does not happen if the user does not want it', async () => {
    cluster.close()
    cluster = fake.client({
      bootstrapServers: [{ host: 'bootstrap', port: 9092 }],
      metadataRecoveryStrategy: 'none',
    })
    await known('orders')
    moveAway()
    cluster.requestUpdate()
    await pass(5_000, 20)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
  })

  it('happens when a broker says so', async () => {
    const rebootstrapRequired = 129
    moveAway()
    for (const id of [1, 2]) fake.addBroker(id)
    fake.advertised = fake.advertised.slice(0, 2)
    for (const id of [1, 2]) {
      const broker = fake.brokers.get(id)
      if (broker !== undefined) broker.metadata = () => metadataResponse([], [], rebootstrapRequired)
    }
    cluster.requestUpdate()
    await pass(2_000, 20)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
  })

  it('happens when there was no metadata for too long', async () => {
    for (const broker of fake.brokers.values()) broker.isSilent = true
    fake.addBroker(8)
    fake.addBroker(9)
    fake.advertised = fake.advertised.slice(-2)
    fake.topics.set('orders', metadataTopic('orders', idA, [8, 9], 1))
    fake.names.set('bootstrap', ['10.0.0.8'])
    cluster.requestUpdate()
    await pass(310_000, 310)
    expect(cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
  })

  it('takes lower epochs from another cluster', async () => {
    fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 50))
    cluster.requestUpdate()
    await pass(1_000)
    moveAway()
    fake.clusterId = 'another'
    cluster.requestUpdate()
    await pass(2_000, 20)
    expect(cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 8, leaderEpoch: 1 })
    expect(fake.warnings.join()).toMatch('cluster another now, no longer to cluster')
    expect(fake.log.filter((line) => line === 'another cluster')).toHaveLength(1)
  })

  it('does not spin while nothing answers', async () => {
    moveAway()
    fake.network.on('10.0.0.8:9092', 'refuse')
    const dialled = fake.network.dialled.length
    cluster.requestUpdate()
    await pass(10_000, 100)
    // Three servers, each tried at most once per backoff, which grows to a second.
    expect(fake.network.dialled.length - dialled).toBeLessThan(50)
    expect(fake.network.dialled.length - dialled).toBeGreaterThan(10)
  })
})

describe('close', () => {
  it('rejects whatever waits, and what is asked later', async () => {
    fake.network.on('10.0.0.1:9092', 'hang')
    const waiting = [known('orders'), cluster.ready(60_000), cluster.waitForUpdate(60_000)].map(failure)
    await turns()
    cluster.close()
    cluster.close()
    for (const error of await Promise.all(waiting)) expect(error.code).toBe('CLIENT_CLOSED')
    expect((await failure(known('orders'))).code).toBe('CLIENT_CLOSED')
    expect((await failure(cluster.ready(1))).code).toBe('CLIENT_CLOSED')
    cluster.requestUpdate()
  })
})
