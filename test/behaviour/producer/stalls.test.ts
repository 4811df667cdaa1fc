import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { InitProducerIdResponse } from '../../../src/protocol/init-producer-id.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** Durations of a blocked event loop or a suspended process, longer than any timeout. */
const STALLS = [5_000, 60_000]
const quick = { requestTimeoutMs: 2_000, deliveryTimeoutMs: 3_000, maxBlockMs: 3_000 }
/** Memory for two batches of one record each; further records wait. */
const narrow = { batchSize: 512, bufferMemory: 1_024 }
const large = 'x'.repeat(400)

/** The process stalls. When it goes on, the late timers fire first, and the network is read after them. */
async function stall(world: World, ms: number, arrives: () => void = () => {}): Promise<void> {
  world.clock.block(ms)
  world.clock.advance(0)
  setImmediate(arrives)
  await turns()
}

/** Answers every request from now on. */
async function answerAll(world: World): Promise<void> {
  for (let i = 0; i < 10; i++) {
    for (const request of [...world.cluster.requests]) request.answer()
    await world.pass(40)
  }
}

describe.each(STALLS)('a process that stalls for %i ms', (ms) => {
  it('reads the responses before it judges deadlines', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    await stall(world, ms, () => world.next().answer())
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends records that were sent just before', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await stall(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends records that lingered', async () => {
    const world = await producerWorld({ ...quick, lingerMs: 100 })
    world.send('a')
    await turns()
    await stall(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends records that waited for a request in flight', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    world.send('b')
    await turns()
    await stall(world, ms, () => world.next().answer())
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
  })

  it('retries batches that were in backoff', async () => {
    const world = await producerWorld({ ...quick, retryBackoffMs: 500 })
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await world.pass(100)
    await stall(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('finds memory for records that waited for it', async () => {
    const world = await producerWorld({ ...quick, ...narrow })
    for (const value of ['a', 'b', 'c']) world.send(value, { value: large })
    await turns()
    await stall(world, ms, () => world.next().answer())
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok', 'b: ok', 'c: ok'])
  })

  it('notices the stall, whenever it began', async () => {
    // The stall ends just before the records time out, or just after.
    for (const left of [1, -1, -100, -499]) {
      const world = await producerWorld(quick)
      world.send('a')
      await turns()
      world.send('b')
      await world.pass(40)
      await stall(world, 2_960 - left, () => world.next().answer())
      await answerAll(world)
      expect(world.told()).toEqual(['a: ok', 'b: ok'])
    }
  })

  it('gives up later by no more than the stall', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await world.pass(1_000)
    await stall(world, ms)
    await world.pass(1_400)
    expect(world.told()).toEqual([])
    await world.pass(700)
    expect(world.told()).toEqual(['a: TIMEOUT'])
  })

  it('waits no longer for records that are sent afterwards', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await stall(world, ms)
    world.send('b')
    await world.pass(2_400)
    expect(world.told()).toEqual([])
    await world.pass(700)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
  })

  it('delivers the responses before flush and close time out', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    const flushed = world.producer.flush({ timeoutMs: 1_000 }).then(() => 'flushed')
    const closed = world.producer.close({ timeoutMs: 1_000 })
    await turns()
    await stall(world, ms, () => world.next().answer())
    expect(world.told()).toEqual(['a: ok'])
    expect(await flushed).toBe('flushed')
    await closed
    expect(world.clock.pending).toBe(0)
  })

  it('requests a producer id for connect even if its timeout passed while it connected', async () => {
    const world = await producerWorld(quick)
    let connect: () => void = () => {}
    world.cluster.whenReady = () =>
      new Promise((resolve) => {
        connect = resolve
      })
    const connected = world.producer.connect().then(
      () => 'connected',
      (error: unknown) => error,
    )
    await turns()
    await stall(world, ms, () => {
      world.cluster.whenReady = () => Promise.resolve()
      connect()
    })
    expect(await connected).toBe('connected')
  })

  it('delivers the producer id before connect times out', async () => {
    const world = await producerWorld(quick)
    let give: (response: InitProducerIdResponse) => void = () => {}
    world.cluster.answerProducerId = () =>
      new Promise((resolve) => {
        give = resolve
      })
    const connected = world.producer.connect().then(
      () => 'connected',
      (error: unknown) => error,
    )
    await turns()
    await stall(world, ms, () =>
      give({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: 0 }),
    )
    expect(await connected).toBe('connected')
  })
})

it('a process that stalls again and again has its full timeouts in between', async () => {
  const world = await producerWorld(quick)
  world.send('a')
  for (let i = 0; i < 3; i++) {
    await world.pass(100)
    await stall(world, 8_000)
  }
  await answerAll(world)
  expect(world.told()).toEqual(['a: ok'])
})

it('a process that always stalls gives up expired records all the same', async () => {
  const world = await producerWorld(quick)
  world.send('a')
  await turns()
  for (let i = 0; i < 5; i++) await stall(world, 5_000)
  expect(world.told()).toEqual([])
  for (let i = 0; i < 2; i++) await stall(world, 5_000)
  expect(world.told()).toEqual(['a: TIMEOUT'])
})

it('a record that begins to wait for a partition at the end of a stall has its full timeout', async () => {
  const world = await producerWorld({ maxBlockMs: 60_000 }, { leaders: [] })
  world.send('a', { partition: 7 })
  await turns()
  world.clock.block(5_000)
  // The event comes before the stall is noticed.
  world.cluster.setTopic('t', [[1, 0]])
  await turns()
  await world.pass(59_000)
  expect(world.told()).toEqual([])
  await world.pass(2_000)
  expect(world.told()).toEqual(['a: TIMEOUT'])
})
