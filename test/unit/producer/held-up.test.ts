import { describe, expect, it, vi } from 'vitest'
import { HoldUps } from '../../../src/producer/hold-ups.js'
import type { InitProducerIdResponse } from '../../../src/protocol/init-producer-id.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

/** How long the event loop is blocked, or the process suspended: longer than any timeout. */
const HOLD_UPS = [5_000, 60_000]
const quick = { requestTimeoutMs: 2_000, deliveryTimeoutMs: 3_000, maxBlockMs: 3_000 }
/** Memory for two batches of one record each; others wait. */
const narrow = { batchSize: 512, bufferMemory: 1_024 }
const large = 'x'.repeat(400)

/** The process stands still; when it goes on, what is late fires first, and the network is read behind it. */
async function holdUp(world: World, ms: number, arrives: () => void = () => {}): Promise<void> {
  world.clock.block(ms)
  world.clock.advance(0)
  setImmediate(arrives)
  await turns()
}

/** Answers whatever is asked from now on. */
async function answerAll(world: World): Promise<void> {
  for (let i = 0; i < 10; i++) {
    for (const request of [...world.cluster.requests]) request.answer()
    await world.pass(40)
  }
}

describe.each(HOLD_UPS)('a process that is held up for %i ms', (ms) => {
  it('hears the answers before it judges', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    await holdUp(world, ms, () => world.next().answer())
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends what was sent just before', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await holdUp(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends what lingered', async () => {
    const world = await producerWorld({ ...quick, lingerMs: 100 })
    world.send('a')
    await turns()
    await holdUp(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('sends what stood behind a request', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    world.send('b')
    await turns()
    await holdUp(world, ms, () => world.next().answer())
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
  })

  it('sends again what was backing off', async () => {
    const world = await producerWorld({ ...quick, retryBackoffMs: 500 })
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: 19 })
    await world.pass(100)
    await holdUp(world, ms)
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('finds room for what waited for it', async () => {
    const world = await producerWorld({ ...quick, ...narrow })
    for (const value of ['a', 'b', 'c']) world.send(value, { value: large })
    await turns()
    await holdUp(world, ms, () => world.next().answer())
    await answerAll(world)
    expect(world.told()).toEqual(['a: ok', 'b: ok', 'c: ok'])
  })

  it('notices it whenever it began', async () => {
    // Held up until just before the records are out of time, or just behind that.
    for (const left of [1, -1, -100, -499]) {
      const world = await producerWorld(quick)
      world.send('a')
      await turns()
      world.send('b')
      await world.pass(40)
      await holdUp(world, 2_960 - left, () => world.next().answer())
      await answerAll(world)
      expect(world.told()).toEqual(['a: ok', 'b: ok'])
    }
  })

  it('gives up later by no more than that', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await world.pass(1_000)
    await holdUp(world, ms)
    await world.pass(1_400)
    expect(world.told()).toEqual([])
    await world.pass(700)
    expect(world.told()).toEqual(['a: TIMEOUT'])
  })

  it('waits no longer for what is sent afterwards', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await holdUp(world, ms)
    world.send('b')
    await world.pass(2_400)
    expect(world.told()).toEqual([])
    await world.pass(700)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
  })

  it('flush and close hear the answers before their time is over', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    const flushed = world.producer.flush({ timeoutMs: 1_000 }).then(() => 'flushed')
    const closed = world.producer.close({ timeoutMs: 1_000 })
    await turns()
    await holdUp(world, ms, () => world.next().answer())
    expect(world.told()).toEqual(['a: ok'])
    expect(await flushed).toBe('flushed')
    await closed
    expect(world.clock.pending).toBe(0)
  })

  it('connect asks for a producer id although its time passed while it connected', async () => {
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
    await holdUp(world, ms, () => {
      world.cluster.whenReady = () => Promise.resolve()
      connect()
    })
    expect(await connected).toBe('connected')
  })

  it('connect hears of the producer id before its time is over', async () => {
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
    await holdUp(world, ms, () => give({ throttleTimeMs: 0, errorCode: 0, producerId: 7n, producerEpoch: 0 }))
    expect(await connected).toBe('connected')
  })
})

it('a process that is held up again and again has as much time in between', async () => {
  const world = await producerWorld(quick)
  world.send('a')
  for (let i = 0; i < 3; i++) {
    await world.pass(100)
    await holdUp(world, 8_000)
  }
  await answerAll(world)
  expect(world.told()).toEqual(['a: ok'])
})

it('a process that is always held up gives up what is out of time all the same', async () => {
  const world = await producerWorld(quick)
  world.send('a')
  await turns()
  for (let i = 0; i < 5; i++) await holdUp(world, 5_000)
  expect(world.told()).toEqual([])
  for (let i = 0; i < 2; i++) await holdUp(world, 5_000)
  expect(world.told()).toEqual(['a: TIMEOUT'])
})

it('a record that comes to wait for a partition at the end of a hold-up has that time all the same', async () => {
  const world = await producerWorld({ maxBlockMs: 60_000 }, { leaders: [] })
  world.send('a', { partition: 7 })
  await turns()
  world.clock.block(5_000)
  // Heard before anybody has noticed that the process stood still.
  world.cluster.setTopic('t', [[1, 0]])
  await turns()
  await world.pass(59_000)
  expect(world.told()).toEqual([])
  await world.pass(2_000)
  expect(world.told()).toEqual(['a: TIMEOUT'])
})

describe('hold-ups', () => {
  it('count from half a second after the last pass, and for what was under way', () => {
    const holdUps = new HoldUps()
    holdUps.mayGoOn(7_000, 7_200, 10_000)
    holdUps.mayGoOn(15_000, 15_500, 20_000)
    const since = [0, 7_500, 8_500, 10_000, 15_500, 19_000, 20_000]
    expect(since.map((ms) => holdUps.since(ms))).toEqual([7_000, 7_000, 6_000, 4_500, 4_500, 1_000, 0])
  })

  it('are none where a pass is merely late, or was never due', () => {
    const holdUps = new HoldUps()
    expect(holdUps.mayGoOn(0, 0, 500)).toBe(false)
    expect(holdUps.mayGoOn(0, 990, 1_000)).toBe(true)
    expect(holdUps.since(0)).toBe(0)
  })

  it('all count, of many thousands the last', () => {
    const holdUps = new HoldUps()
    // Every second half a second.
    for (let i = 1; i <= 1_000; i++) holdUps.mayGoOn(i * 1_000 - 1_000, i * 1_000 - 500, i * 1_000)
    for (let ms = 0; ms <= 1_000_000; ms += 1_000) expect(holdUps.since(ms)).toBe(500_000 - ms / 2)
    for (let i = 1_001; i <= 20_000; i++) holdUps.mayGoOn(i * 1_000 - 1_000, i * 1_000 - 500, i * 1_000)
    expect(holdUps.since(0)).toBe(5_000_000)
  })
})
