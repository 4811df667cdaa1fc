// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { AuthorizationError, type KafkaError } from '../../../src/errors.js'
import { collectGarbage } from '../../support/collect-garbage.js'
import { producerWorld } from '../../support/producer-world.js'
import { valuesOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

/** Memory for 16 batches of one record each. */
const narrow = { batchSize: 512, bufferMemory: 8_192, maxBlockMs: 1_000 }
const large = 'x'.repeat(400)

describe('records that wait for metadata', () => {
  it('are copies, and do not keep the objects of the caller', async () => {
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

  it('are sent in the order of the sends', async () => {
    const world = await producerWorld({}, { leaders: [] })
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    world.send('d')
    await turns()
    expect(world.next().values).toEqual(['a', 'b', 'c', 'd'])
  })

  it('time out one by one, each after its own time', async () => {
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

  it('all fail with the error with which the cluster refuses the topic', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.send('a')
    world.send('b')
    await turns()
    world.cluster.refuseTopics(new AuthorizationError('no', { code: 'TOPIC_AUTHORIZATION_FAILED' }))
    await turns()
    expect(world.told()).toEqual(['a: TOPIC_AUTHORIZATION_FAILED', 'b: TOPIC_AUTHORIZATION_FAILED'])
  })

  it('R13: settle once and are not sent if their promise is aborted meanwhile', async () => {
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

  it('R13: settle once and are not sent if the partitioner aborts their promise', async () => {
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

  it('wait in order for a partition that does not exist yet', async () => {
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

  it('fail if their partition does not appear within max.block.ms', async () => {
    const world = await producerWorld({ maxBlockMs: 1_000 })
    world.send('a', { partition: 7 })
    await world.pass(1_000)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    expect(world.cluster.listener.isTopicInUse('t')).toBe(false)
  })

  it('stop requesting a partition that has appeared, even if no memory is free', async () => {
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

  it('are sent before records that a callback sends when the partition has just appeared', async () => {
    const world = await producerWorld({ ...narrow, bufferMemory: 65_536 })
    for (let i = 0; i < 100; i++) world.send(`${i}${large}`, { partition: 5 })
    world.send('early', { partition: 6 })
    expect(world.producer.send({ topic: 't', value: 'x' }, () => {})).toBe(false)
    // The event comes while the first waiting records enter their batches.
    world.producer.on('drain', () => {
      world.send('re-entrant', { partition: 5 })
      world.send('re-entrant', { partition: 6 })
    })
    await turns()
    world.cluster.setTopic(
      't',
      Array.from({ length: 7 }, () => [1, 0] as const),
    )
    for (let i = 0; i < 200; i++) {
      for (const request of [...world.cluster.requests]) request.answer()
      await turns(2)
    }
    const valuesAt = (partition: number): string[] =>
      world.cluster.sent.flatMap(({ batches }) =>
        batches.filter((batch) => batch.partition === partition).flatMap(valuesOf),
      )
    expect(valuesAt(5)).toEqual([...Array.from({ length: 100 }, (_, i) => `${i}${large}`), 're-entrant'])
    expect(valuesAt(6)).toEqual(['early', 're-entrant'])
  })

  it('may use the free part of buffer.memory besides their own limit', async () => {
    const world = await producerWorld({ ...narrow, waitingMemory: 2_048 }, { leaders: [] })
    for (let i = 0; i < 41; i++) world.send(`${i}`)
    await turns()
    // The room is 32 times 256 bytes of buffer.memory, and 8 times 256 of the own limit.
    expect(world.told()).toEqual(['40: BUFFER_EXHAUSTED'])
  })

  it('are sent in pieces with turns of the event loop between them, in order with later records', async () => {
    const world = await producerWorld({ batchSize: 1_000_000 }, { leaders: [] })
    const values = Array.from({ length: 10_000 }, (_, i) => `${i}`)
    for (const value of values) world.send(value)
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    world.send('meanwhile')
    await turns(1)
    const appended = world.cluster.sent.flatMap((request) => request.values).length
    expect(appended).toBeLessThan(10_000)
    for (let i = 0; i < 40; i++) {
      for (const request of [...world.cluster.requests]) request.answer()
      await turns(2)
    }
    expect(world.cluster.sent.flatMap((request) => request.values)).toEqual([...values, 'meanwhile'])
  })
})
