import { describe, expect, it, vi } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { valuesOf } from '../../support/scripted-produce.js'
import { seededRandom } from '../../support/seeded-random.js'
import { turns } from '../../support/turns.js'

/** Memory for 16 batches of one record each, and for 5 more records that wait. */
const narrow = { batchSize: 512, bufferMemory: 8_192, waitingMemory: 2_048, maxBlockMs: 1_000 }
const large = 'x'.repeat(400)

describe('records that wait for memory', () => {
  it('are sent in order once memory is free', async () => {
    const world = await producerWorld(narrow)
    const values = Array.from({ length: 21 }, (_, i) => `${i}${large}`)
    for (const value of values) world.send(value)
    await turns()
    for (let i = 0; i < 40; i++) {
      world.cluster.requests[0]?.answer()
      await turns()
    }
    expect(world.cluster.sent.flatMap((request) => request.values)).toEqual(values)
    expect(world.told()).toEqual(values.map((value) => `${value}: ok`))
  })

  it('fail after max.block.ms, with the remedy', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 17; i++) world.send(large)
    await world.pass(1_000)
    expect(world.told()).toEqual([`${large}: BUFFER_EXHAUSTED`])
    expect(world.outcomes[0]?.error).toMatchObject({ phase: 'buffer', topic: 't' })
    expect(world.outcomes[0]?.error?.message).toContain('max.block.ms=1000')
  })

  it('are refused at once above the limit for waiting records', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 23; i++) world.send(large)
    await turns()
    expect(world.told()).toEqual([`${large}: BUFFER_EXHAUSTED`, `${large}: BUFFER_EXHAUSTED`])
    expect(world.outcomes[0]?.error).toMatchObject({ phase: 'buffer', topic: 't', possiblyPersisted: false })
  })

  it('are refused with a remedy for the method that was called', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 21; i++) world.send(large)
    const record = { topic: 't', partition: 0, value: large }
    const messages = { produce: '', callback: '', promise: '' }
    world.producer.on('deliveryError', ({ message }) => {
      messages.produce = message
    })
    world.producer.produce(record)
    world.producer.send(record, (error) => {
      messages.callback = error?.message ?? ''
    })
    await world.producer.send(record).catch(({ message }: KafkaError) => {
      messages.promise = message
    })
    await turns()
    expect(messages).toEqual({
      produce: expect.stringContaining(
        "stop when produce returns false and go on at the event 'drain', or raise",
      ),
      callback: expect.stringContaining(
        "stop when send returns false and go on at the event 'drain', or raise",
      ),
      promise: expect.stringContaining('await the sends in pieces, such as a thousand at a time, or raise'),
    })
  })

  it('have 256 MiB by default, besides the free part of buffer.memory', async () => {
    const world = await producerWorld({ bufferMemory: 1_048_576 }, { leaders: [] })
    let refused = 0
    const send = (): void => {
      world.producer.send({ topic: 't', value }, (error) => {
        if (error !== null) refused++
      })
    }
    const value = 'x'.repeat(131_072)
    const count = (268_435_456 + 1_048_576) / 131_072
    for (let i = 0; i < count; i++) send()
    expect(world.producer.traffic.heldBytes).toBe(count * 131_072)
    await turns()
    expect(refused).toBe(0)
    send()
    await turns()
    expect(refused).toBe(1)
    await world.producer.close({ timeoutMs: 0 })
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('are all sent in order, however many were sent in one turn', async () => {
    const world = await producerWorld({ ...narrow, waitingMemory: 268_435_456, maxBlockMs: 60_000 })
    const values = Array.from({ length: 3_000 }, (_, i) => `${i}${large}`)
    for (const value of values) world.send(value)
    for (let i = 0; i < 3_100; i++) {
      world.cluster.requests[0]?.answer()
      await turns(2)
    }
    expect(world.told()).toEqual(values.map((value) => `${value}: ok`))
    expect(world.cluster.sent.flatMap((request) => request.values)).toEqual(values)
  })

  it('are not copied before they are refused', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 21; i++) world.send(large)
    const copy = vi.spyOn(Buffer, 'from')
    for (let i = 0; i < 10; i++) world.send('refused', { value: new Uint8Array(400) })
    expect(copy).not.toHaveBeenCalled()
    copy.mockRestore()
    await turns()
    expect(world.told()).toEqual(Array.from({ length: 10 }, () => 'refused: BUFFER_EXHAUSTED'))
  })

  it('make send ask the caller to wait above half, and drain comes below a quarter', async () => {
    const world = await producerWorld({ ...narrow, bufferMemory: 2_048 })
    let drains = 0
    world.producer.on('drain', () => drains++)
    const send = (): boolean => world.producer.produce({ topic: 't', partition: 0, value: large })
    expect([send(), send(), send()]).toEqual([true, true, false])
    await turns()
    for (let i = 0; i < 3; i++) {
      expect(drains).toBe(0)
      world.next().answer()
      await turns()
    }
    expect(drains).toBe(1)
  })

  it('make half-empty batches go at once', async () => {
    const world = await producerWorld(
      { ...narrow, bufferMemory: 1_024, lingerMs: 500 },
      {
        leaders: [
          [1, 0],
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a')
    world.send('b', { partition: 1 })
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    world.send('c', { partition: 2 })
    await turns()
    expect(world.next().partitions).toEqual(['t-0', 't-1'])
  })

  it('do not all wait for the same partition if they have no key', async () => {
    const random = seededRandom(1)
    const leaders = Array.from({ length: 4 }, () => [1, 0] as const)
    const world = await producerWorld(narrow, { leaders, random })
    for (let i = 0; i < 21; i++) world.producer.produce({ topic: 't', value: `${i + 100}${large}` })
    await turns()
    for (let i = 0; i < 40; i++) {
      world.cluster.requests[0]?.answer()
      await turns()
    }
    const batches = world.cluster.sent.flatMap((request) => request.batches)
    expect(batches).toHaveLength(21)
    const late = batches.filter((batch) => Number(valuesOf(batch)[0]?.slice(0, 3)) >= 116)
    expect(new Set(late.map(({ partition }) => partition)).size).toBeGreaterThan(1)
  })

  it('may always be one, whatever the limit for waiting records', async () => {
    const world = await producerWorld({ ...narrow, waitingMemory: 0 })
    for (let i = 0; i < 16; i++) world.send(large)
    world.send('7 kB', { value: 'y'.repeat(7_000) })
    world.send('one more')
    await turns()
    expect(world.told()).toEqual(['one more: BUFFER_EXHAUSTED'])
    for (let i = 0; i < 20; i++) {
      world.cluster.requests[0]?.answer()
      await turns()
    }
    expect(world.told().at(-1)).toBe('7 kB: ok')
  })

  it('make room for those behind them when they are aborted, and release their bytes', async () => {
    const world = await producerWorld({ ...narrow, bufferMemory: 1_024, waitingMemory: 0 }, { leaders: [] })
    const controller = new AbortController()
    const { signal } = controller
    const value = 'y'.repeat(600)
    const failure = world.producer
      .send({ topic: 't', value }, { signal })
      .catch((error: KafkaError) => error.code)
    world.send('refused: too many wait', { value })
    controller.abort()
    expect(await failure).toBe('ABORTED')
    world.send('accepted', { value })
    await turns()
    expect(world.told()).toEqual(['refused: too many wait: BUFFER_EXHAUSTED'])
  })
})
