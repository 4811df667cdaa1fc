import { describe, expect, it } from 'vitest'
import { AuthorizationError, InvalidTopicError, TimeoutError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { metadataResponse, metadataTopic, topicError } from '../../support/fake-broker.js'
import { turns } from '../../support/turns.js'
import { failure, idA, idB, TwoTopics } from '../../support/two-topics.js'

const world = new TwoTopics()

describe('a topic', () => {
  it('is fetched when it is needed, and known from then on', async () => {
    expect(world.cluster.topic('orders')).toBeUndefined()
    expect(world.fake.network.dialled).toEqual([])
    const topic = await world.known('orders')
    expect(topic).toMatchObject({ name: 'orders', topicId: idA })
    expect(topic.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 2])
    expect(world.cluster.topic('orders')).toBe(topic)
    expect(await world.known('orders')).toBe(topic)
    expect(world.fake.metadataRequests()).toEqual([['orders']])
    expect(world.cluster.clusterId).toBe('cluster')
    expect(world.cluster.controller()?.nodeId).toBe(1)
    expect(world.cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([1, 2])
  })

  it('is requested once, however many callers wait for it', async () => {
    await Promise.all([world.known('orders'), world.known('orders', 1), world.known('payments')])
    expect(
      world.fake
        .metadataRequests()
        .flat()
        .filter((name) => name === 'orders'),
    ).toHaveLength(1)
  })

  it('that is new is requested alone and at once, in spite of the backoff', async () => {
    await world.known('orders')
    await world.known('payments')
    expect(world.fake.clock.now()).toBe(0)
    expect(world.fake.metadataRequests()).toEqual([['orders'], ['payments']])
  })

  it('waits its turn while another request is under way', async () => {
    const first = world.known('orders')
    const broker = world.fake.brokers.get(1)
    if (broker === undefined) throw new Error('no broker')
    broker.metadata = () => null
    await turns(12)
    expect(broker.waiting).toHaveLength(1)
    const second = world.known('payments')
    await turns(12)
    expect(broker.metadataRequests).toEqual([['orders']])
    world.cluster.close()
    await expect(first).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
    await expect(second).rejects.toMatchObject({ code: 'CLIENT_CLOSED' })
  })

  it('that appears late is found within the deadline', async () => {
    const late = world.known('late')
    await world.pass(5_000, 50)
    world.fake.topics.set('late', metadataTopic('late', idB, [1]))
    await world.pass(1_000, 10)
    expect(await late).toMatchObject({ name: 'late' })
    const asked = world.fake.metadataRequests().length
    // The backoff grows to a second, so six seconds have few requests.
    expect(asked).toBeGreaterThan(5)
    expect(asked).toBeLessThan(12)
  })

  it('that does not appear fails with the reason at the deadline', async () => {
    const missing = failure(world.cluster.waitForTopic('missing', 10_000))
    await world.pass(10_000, 20)
    const error = await missing
    expect(error).toBeInstanceOf(TimeoutError)
    expect(error).toMatchObject({ phase: 'metadata', topic: 'missing', retriable: true })
    expect(error.message).toMatch('topic missing is not in the metadata after 10000 ms')
    expect(error.message).toMatch('UNKNOWN_TOPIC_OR_PARTITION')
    expect(error.message).toMatch('10.0.0.')
  })

  it('is waited for until it has the partition', async () => {
    const third = world.known('orders', 2)
    await world.pass(1_000, 10)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2, 1]))
    await world.pass(1_000, 10)
    expect((await third).partitions).toHaveLength(3)
    const tenth = failure(world.cluster.waitForTopic('orders', world.fake.clock.now() + 2_000, 9))
    await world.pass(2_000, 10)
    expect((await tenth).message).toMatch('topic orders has no partition 9 after 2000 ms, only 0 to 2')
  })

  it.each([
    [29, AuthorizationError, 'TOPIC_AUTHORIZATION_FAILED'],
    [17, InvalidTopicError, 'INVALID_TOPIC_EXCEPTION'],
  ])('that is refused with code %i fails at once, and alone', async (code, type, name) => {
    world.fake.topics.set('secret', topicError('secret', code))
    const others = world.known('orders')
    const error = await failure(world.known('secret'))
    expect(error).toBeInstanceOf(type)
    expect(error).toMatchObject({ code: name, topic: 'secret' })
    await others
    expect(world.fake.clock.now()).toBe(0)
  })

  it('that was not requested is ignored', async () => {
    for (const broker of world.fake.brokers.values())
      broker.metadata = () =>
        metadataResponse(world.fake.advertised, [
          metadataTopic('orders', idA, [1]),
          metadataTopic('uninvited', idB, [1]),
          metadataTopic('__proto__', idB, [1]),
        ])
    await world.known('orders')
    expect(world.cluster.topic('uninvited')).toBeUndefined()
    expect(world.cluster.topic('__proto__')).toBeUndefined()
  })

  it('is kept when a broker omits it or does not know it', async () => {
    const before = await world.known('orders')
    world.fake.topics.delete('orders')
    world.fake.inUse.add('orders')
    for (let i = 0; i < 5; i++) {
      world.cluster.requestUpdate()
      await world.pass(1_000)
    }
    expect(world.cluster.topic('orders')).toBe(before)
    const missing = failure(world.cluster.waitForTopic('orders', world.fake.clock.now() + 100, 7))
    await world.pass(100)
    expect((await missing).cause).toMatchObject({ code: 'UNKNOWN_TOPIC_OR_PARTITION' })
  })

  it('that was created again replaces the old one, and a broker that is behind does not bring that back', async () => {
    await world.known('orders')
    world.fake.topics.set('orders', metadataTopic('orders', idB, [2], 0))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')).toMatchObject({ topicId: idB, partitions: [{ leaderId: 2 }] })
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 3))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')).toMatchObject({ topicId: idB })
  })

  it('expires when it was not used for long, unless records wait', async () => {
    await Promise.all([world.known('orders'), world.known('payments')])
    world.fake.inUse.add('payments')
    for (let i = 0; i < 4; i++) await world.pass(300_000)
    expect(world.cluster.topic('orders')).toBeUndefined()
    expect(world.cluster.topic('payments')).toBeDefined()
    expect(world.fake.log.filter((line) => line.startsWith('expired'))).toEqual(['expired orders'])
    world.fake.inUse.clear()
    for (let i = 0; i < 4; i++) {
      world.cluster.touchTopic('payments')
      await world.pass(300_000)
    }
    expect(world.cluster.topic('payments')).toBeDefined()
    expect(await world.known('orders')).toMatchObject({ name: 'orders' })
  })

  it('that has expired is requested again at once when it is touched', async () => {
    await Promise.all([world.known('orders'), world.known('payments')])
    for (let i = 0; i < 4; i++) {
      world.cluster.touchTopic('payments')
      await world.pass(300_000)
    }
    expect(world.cluster.topic('orders')).toBeUndefined()
    world.fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 7))
    const asked = world.fake.metadataRequests().length
    const now = world.fake.clock.now()
    world.cluster.touchTopic('orders')
    world.cluster.touchTopic('orders')
    await turns(12)
    expect(world.fake.clock.now()).toBe(now)
    expect(world.fake.metadataRequests().slice(asked)).toEqual([['orders']])
    expect(world.cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 7 })
    expect(world.cluster.applyLeaderHint('orders', 0, 1, 8)).toBe(true)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [2, 1], 9))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 2, leaderEpoch: 9 })
  })

  it('that is touched and then waited for is requested once', async () => {
    await world.known('orders')
    world.cluster.touchTopic('payments')
    await world.known('payments')
    await world.pass(10_000, 10)
    expect(world.fake.metadataRequests()).toEqual([['orders'], ['payments']])
  })

  it('is not requested when it is touched after the client is closed', async () => {
    world.cluster.close()
    world.cluster.touchTopic('orders')
    await turns()
    expect(world.fake.network.dialled).toEqual([])
  })

  it.each([
    ['', 'it is empty'],
    ['a/b', '"a/b" has "/" at index 1'],
    ['x'.repeat(40_000), 'it has 40000 characters'],
    [undefined as unknown as string, 'a string is needed, got undefined'],
    [{} as unknown as string, 'a string is needed, got object'],
  ])('of the name %s fails only its own waiter', async (name, reason) => {
    await world.known('orders')
    const others = world.known('payments')
    const error = await failure(world.known(name))
    expect(error).toBeInstanceOf(InvalidTopicError)
    expect(error.message).toMatch(`invalid topic name: ${reason}`)
    world.cluster.touchTopic(name)
    await others
    world.cluster.requestUpdate()
    await world.pass(10_000, 10)
    expect(new Set(world.fake.metadataRequests().flat())).toEqual(new Set(['orders', 'payments']))
  })

  it.each([-1, 0.5, Number.NaN])('has no partition %s, so a wait for it fails at once', async (partition) => {
    const error = await failure(world.known('orders', partition))
    expect(error).toMatchObject({ code: 'INVALID_RECORD', topic: 'orders' })
    expect(error.message).toBe(`a partition must be a whole number, 0 or more, got ${partition}`)
    expect(world.fake.network.dialled).toEqual([])
  })

  it.each([
    ['is not among the brokers', [9, 2]],
    ['is unknown without an error', [-1, 2]],
  ])('in use whose leader %s is requested until it has one', async (_, leaders) => {
    const leaderless = metadataTopic('orders', idA, leaders, 3)
    const partitions = leaderless.partitions.map((partition) => ({ ...partition, errorCode: ErrorCode.NONE }))
    world.fake.topics.set('orders', { ...leaderless, partitions })
    world.fake.inUse.add('orders')
    await world.known('orders')
    await world.pass(20_000, 100)
    const asked = world.fake.metadataRequests().length
    // The backoff grows to a second and bounds the requests.
    expect(asked).toBeGreaterThan(15)
    expect(asked).toBeLessThan(35)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 4))
    await world.pass(2_000, 10)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
    const settled = world.fake.metadataRequests().length
    await world.pass(20_000, 20)
    expect(world.fake.metadataRequests()).toHaveLength(settled)
  })

  it('without a leader is not requested if no record waits for it', async () => {
    world.fake.topics.set('orders', metadataTopic('orders', idA, [9, 2], 3))
    await world.known('orders')
    await world.pass(20_000, 20)
    expect(world.fake.metadataRequests()).toHaveLength(1)
  })
})
