// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import type { RecordMetadata } from '../../../src/producer/record.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const two = {
  leaders: [
    [1, 0],
    [1, 0],
  ] as const,
}

async function acknowledgeAll(world: World): Promise<void> {
  for (let i = 0; i < 500; i++) {
    world.cluster.requests[0]?.answer()
    await turns(2)
  }
}

describe('a partition that may not send does not hold up the others of its broker', () => {
  it('R6: while it waits for the outcome of a batch that was given up', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }, two)
    for (const partition of [0, 1]) world.send('first', { partition })
    await turns()
    world.next().answer()
    await turns()
    world.send('a')
    await world.pass(1_000)
    // The batch is in flight and given up, so partition 0 has no sequence for the next one.
    for (const value of ['b', 'c', 'd']) {
      for (const partition of [0, 1]) world.send(value, { partition })
      await turns()
    }
    expect(world.cluster.requests.map(({ partitions, values }) => [partitions, values])).toEqual([
      [['t-0'], ['a']],
      [['t-1'], ['b']],
      [['t-1'], ['c']],
      [['t-1'], ['d']],
    ])
  })

  it('R7: while it waits to leave its epoch', async () => {
    const world = await producerWorld({}, two)
    for (const partition of [0, 1]) world.send('first', { partition })
    await turns()
    world.next().answer()
    await turns()
    world.send('slow')
    await turns()
    world.send('refused', { partition: 1 })
    await turns()
    world.cluster.requests[1]?.answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    for (const partition of [0, 1]) world.send('next', { partition })
    await turns()
    expect(world.cluster.requests.map(({ partitions, epoch }) => [partitions, epoch])).toEqual([
      [['t-0'], 0],
      [['t-1'], 1],
    ])
  })

  it('while it has no leader, or one without a connection', async () => {
    const leaders = [
      [-1, 0],
      [2, 0],
      [1, 0],
    ] as const
    const world = await producerWorld({}, { leaders })
    world.node(2).isReady = false
    for (const partition of [0, 1, 2]) world.send('a', { partition })
    await turns()
    expect(world.cluster.requests.map(({ partitions }) => partitions)).toEqual([['t-2']])
  })

  it('while its batch is in backoff, however often it is retried', async () => {
    const world = await producerWorld({ retryBackoffMs: 50 }, two)
    world.send('a')
    await turns()
    for (let i = 0; i < 10; i++) {
      world.cluster.requests
        .find(({ partitions }) => partitions.includes('t-0'))
        ?.answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
      world.send(`b${i}`, { partition: 1 })
      await turns()
      expect(world.cluster.requests.map(({ partitions }) => partitions)).toEqual([['t-1']])
      world.next().answer()
      await world.pass(100)
    }
  })
})

describe('one huge record that waits for memory', () => {
  /** Memory for 256 small batches, and 32 kB for waiting records. */
  const narrow = { batchSize: 512, bufferMemory: 131_072, maxBlockMs: 60_000, maxRequestSize: 8_192 }

  it('neither starves the small records of other partitions nor is starved by them', async () => {
    const world = await producerWorld(narrow, two)
    const order: string[] = []
    const note =
      (name: string) =>
      (error: KafkaError | null, _metadata: RecordMetadata | null): number =>
        order.push(error === null ? name : `${name}: ${error.code}`)
    let small = 0
    const sendSmall = (): void => {
      const name = `small ${small++}`
      world.producer.send({ topic: 't', partition: 1, value: 'x'.repeat(400) }, (error) => {
        note(name)(error, null)
        // The number of open records stays the same.
        if (small < 400) sendSmall()
      })
    }
    for (let i = 0; i < 258; i++) sendSmall()
    world.producer.send({ topic: 't', partition: 0, value: 'y'.repeat(7_000) }, note('huge'))
    await turns()
    await acknowledgeAll(world)
    expect(order.filter((line) => line.includes(':'))).toEqual([])
    expect(order).toHaveLength(401)
    const place = order.indexOf('huge')
    // Half of the memory that comes free is set aside for the huge record, so small records go on.
    expect(place).toBeGreaterThan(20)
    expect(place).toBeLessThan(350)
  })
})

describe('a topic that is gone for good', () => {
  it('times its records out, and no others', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500, retryBackoffMs: 50 })
    world.cluster.setTopic('deleted', [[1, 0]])
    world.send('a', { topic: 'deleted' })
    await turns()
    for (let i = 0; i < 60; i++) {
      for (const request of [...world.cluster.requests])
        request.answer({ 'deleted-0': { errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION } })
      if (i % 10 === 0) world.send(`b${i}`)
      await world.pass(20)
    }
    expect(world.told()).toContain('a: TIMEOUT')
    const error = world.outcomes.find(({ value }) => value === 'a')?.error
    expect(error).toMatchObject({ possiblyPersisted: false, topic: 'deleted' })
    expect(error?.message).toContain('UNKNOWN_TOPIC_OR_PARTITION')
    expect(world.cluster.updateRequests).toBeGreaterThan(1)
    expect(world.told().filter((line) => line.endsWith(': ok'))).toHaveLength(6)
  })
})
