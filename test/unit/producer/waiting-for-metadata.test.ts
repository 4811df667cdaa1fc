import { describe, expect, it, vi } from 'vitest'
import { AuthorizationError, type KafkaError } from '../../../src/errors.js'
import { collectGarbage } from '../../support/collect-garbage.js'
import { producerWorld } from '../../support/producer-world.js'
import { valuesOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

/** Memory for 16 batches of one record each, and 5 records more may wait. */
const narrow = { batchSize: 512, bufferMemory: 8_192, maxBlockMs: 1_000 }
const large = 'x'.repeat(400)

describe('records that wait for metadata', () => {
  it('are copies: the caller own objects are not kept with them', async () => {
    const world = await producerWorld({}, { leaders: [] })
    const given = ((): WeakRef<object> => {
      const record = { topic: 't', value: Buffer.alloc(100_000) }
      world.producer.send(record, () => {})
      return new WeakRef(record)
    })()
    await turns()
    collectGarbage()
    expect(given.deref()).toBeUndefined()
    expect(world.producer.traffic.heldBytes).toBe(100_000)
  })

  it('go in the order in which they were sent', async () => {
    const world = await producerWorld({}, { leaders: [] })
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    world.send('d')
    await turns()
    expect(world.next().values).toEqual(['a', 'b', 'c', 'd'])
  })

  it('time out one by one, each at its own time', async () => {
    const world = await producerWorld({ maxBlockMs: 1_000 }, { leaders: [] })
    world.send('a')
    await world.pass(500)
    world.send('b')
    await world.pass(500)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    await world.pass(500)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
    expect(world.clock.pending).toBe(0)
  })

  it('all fail with what the cluster refuses the topic with', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.send('a')
    world.send('b')
    await turns()
    world.cluster.refuseTopics(new AuthorizationError('no', { code: 'TOPIC_AUTHORIZATION_FAILED' }))
    await turns()
    expect(world.told()).toEqual(['a: TOPIC_AUTHORIZATION_FAILED', 'b: TOPIC_AUTHORIZATION_FAILED'])
  })

  it('R13: a promise that is aborted meanwhile settles once, and its record is not sent', async () => {
    const world = await producerWorld({}, { leaders: [] })
    const controller = new AbortController()
    const aborted = world.producer.send({ topic: 't', value: 'a' }, { signal: controller.signal })
    const failure = aborted.catch((error: KafkaError) => error)
    world.send('b')
    controller.abort(new Error('enough'))
    expect(await failure).toMatchObject({ code: 'ABORTED', possiblyPersisted: false })
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    expect(world.next().values).toEqual(['b'])
  })

  it('R13: so does one that the partitioner itself aborts', async () => {
    const controller = new AbortController()
    const partitioner = (): number => {
      controller.abort()
      return 0
    }
    const world = await producerWorld({ partitioner }, { leaders: [] })
    const failure = world.producer
      .send({ topic: 't', value: 'a' }, { signal: controller.signal })
      .catch((error: KafkaError) => error)
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    expect(await failure).toMatchObject({ code: 'ABORTED', possiblyPersisted: false })
    await turns()
    expect([world.cluster.requests, world.producer.traffic.heldBytes]).toEqual([[], 0])
    await world.producer.flush({ timeoutMs: 1_000 })
  })

  it('a record for a partition that does not exist yet waits for it, in order', async () => {
    const world = await producerWorld()
    world.send('a', { partition: 1 })
    world.send('b', { partition: 1 })
    world.send('c')
    await turns()
    expect(world.next().values).toEqual(['c'])
    world.cluster.setTopic('t', [
      [1, 0],
      [1, 0],
    ])
    world.send('d', { partition: 1 })
    await turns()
    expect(world.cluster.requests[1]?.values).toEqual(['a', 'b', 'd'])
  })

  it('and fails when it does not come within max.block.ms', async () => {
    const world = await producerWorld({ maxBlockMs: 1_000 })
    world.send('a', { partition: 7 })
    await world.pass(1_000)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    expect(world.cluster.listener.isTopicInUse('t')).toBe(false)
  })

  it('a partition that comes while there is no memory does not keep anybody asking for it', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 16; i++) world.send(large)
    world.send('late', { partition: 1 })
    await turns()
    world.cluster.setTopic('t', [
      [1, 0],
      [1, 0],
    ])
    await turns()
    expect(world.cluster.topicRequests).toBeLessThan(10)
    world.next().answer()
    await turns()
    expect(world.cluster.requests.flatMap(({ partitions }) => partitions)).toContain('t-1')
  })

  it('what a callback sends to a partition that has just come goes behind what has waited for it', async () => {
    const world = await producerWorld({ ...narrow, bufferMemory: 65_536 })
    for (let i = 0; i < 20; i++) world.send(`${i}${large}`, { partition: 5 })
    world.send('early', { partition: 6 })
    expect(world.producer.send({ topic: 't', value: 'x' }, () => {})).toBe(false)
    // The event comes while the first of those that wait are being let in.
    world.producer.on('drain', () => {
      world.send('re-entrant', { partition: 5 })
      world.send('re-entrant', { partition: 6 })
    })
    await turns()
    world.cluster.setTopic(
      't',
      Array.from({ length: 7 }, () => [1, 0] as const),
    )
    for (let i = 0; i < 60; i++) {
      for (const request of [...world.cluster.requests]) request.answer()
      await turns(2)
    }
    const valuesAt = (partition: number): string[] =>
      world.cluster.sent.flatMap(({ batches }) =>
        batches.filter((batch) => batch.partition === partition).flatMap(valuesOf),
      )
    expect(valuesAt(5)).toEqual([...Array.from({ length: 20 }, (_, i) => `${i}${large}`), 're-entrant'])
    expect(valuesAt(6)).toEqual(['early', 're-entrant'])
  })
})
