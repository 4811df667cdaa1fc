import { describe, expect, it, vi } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { valuesOf } from '../../support/scripted-produce.js'
import { seededRandom } from '../../support/seeded-random.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

/** Memory for 16 batches of one record each, and 5 records more may wait. */
const narrow = { batchSize: 512, bufferMemory: 8_192, maxBlockMs: 1_000 }
const large = 'x'.repeat(400)

describe('records that wait for memory', () => {
  it('go in order once there is some', async () => {
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

  it('fail after max.block.ms, with what to do about it', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 17; i++) world.send(large)
    await world.pass(1_000)
    expect(world.told()).toEqual([`${large}: BUFFER_EXHAUSTED`])
    expect(world.outcomes[0]?.error).toMatchObject({ phase: 'buffer', topic: 't' })
    expect(world.outcomes[0]?.error?.message).toContain('max.block.ms=1000')
  })

  it('are refused at once when too many wait', async () => {
    const world = await producerWorld(narrow)
    for (let i = 0; i < 23; i++) world.send(large)
    await turns()
    expect(world.told()).toEqual([`${large}: BUFFER_EXHAUSTED`, `${large}: BUFFER_EXHAUSTED`])
  })

  describe('in great number', () => {
    const wide = { batchSize: 1_048_576, bufferMemory: 4_194_304, maxRequestSize: 2_097_152 }

    /** Its memory is full of four records of partition 0, with no room beside them. */
    const fullWorld = async (): Promise<World> => {
      const world = await producerWorld(wide)
      for (let i = 0; i < 4; i++) {
        world.send(`large ${i}`, { value: 'x'.repeat(1_048_500) })
        await turns()
      }
      return world
    }

    const finish = async (world: World): Promise<void> => {
      for (let i = 0; i < 12; i++) {
        world.cluster.requests[0]?.answer()
        await turns()
      }
    }

    const ok = (values: readonly string[]): string[] => values.map((value) => `${value}: ok`)
    const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => `${i}`)
    const largeOnes = Array.from({ length: 4 }, (_, i) => `large ${i}`)

    it('are refused at once, however small they are', async () => {
      const world = await fullWorld()
      for (const value of numbers(2_048)) world.send(value)
      await turns()
      expect(world.told()).toEqual([])
      world.send('one more')
      await turns()
      expect(world.told()).toEqual(['one more: BUFFER_EXHAUSTED'])
      const [refused] = world.outcomes
      expect(refused?.error).toMatchObject({ phase: 'buffer', topic: 't', possiblyPersisted: false })
      expect(refused?.error?.message).toContain('2048 records wait for memory')
      world.next().answer()
      await turns()
      world.send('now')
      await finish(world)
      expect(world.told().slice(1)).toEqual(ok([...largeOnes, ...numbers(2_048), 'now']))
    })

    it('are not refused once they are taken in: those that waited for something else first', async () => {
      const world = await fullWorld()
      for (const value of numbers(3_000)) world.send(value, { partition: 1 })
      await turns()
      world.cluster.setTopic('t', [
        [1, 0],
        [1, 0],
      ])
      await turns()
      world.send('more')
      await finish(world)
      world.send('now')
      await finish(world)
      expect(world.told().filter((line) => !line.endsWith('ok'))).toEqual([])
      const at = world.cluster.sent.flatMap(({ batches }) => batches).filter((batch) => batch.partition === 1)
      expect(at.flatMap(valuesOf)).toEqual(numbers(3_000))
      expect(world.told().at(-1)).toBe('now: ok')
    })

    it('are none of a caller who heeds what send returns, whatever they have waited for before', async () => {
      const partitions = 40
      const world = await producerWorld({ ...wide, bufferMemory: 8_388_608 }, { leaders: [] })
      let hasRoom = true
      let sent = 0
      const codes = new Set<string | undefined>()
      world.producer.on('drain', () => {
        hasRoom = true
      })
      const sendWhileThereIsRoom = (upTo: number): void => {
        for (; hasRoom && sent < upTo; sent++)
          hasRoom = world.producer.send(
            { topic: 't', partition: sent % partitions, value: 'x' },
            (error) => void codes.add(error?.code),
          )
      }
      sendWhileThereIsRoom(3_500)
      expect(sent).toBeGreaterThan(1_000)
      world.cluster.setTopic(
        't',
        Array.from({ length: partitions }, () => [1, 0] as const),
      )
      for (let i = 0; i < 2_000 && world.producer.traffic.heldBytes + 6_000 - sent > 0; i++) {
        sendWhileThereIsRoom(6_000)
        await turns()
        sendWhileThereIsRoom(6_000)
        world.cluster.requests[0]?.answer()
      }
      expect([sent, [...codes]]).toEqual([6_000, [undefined]])
    })

    it('make room for others whatever becomes of them', async () => {
      const world = await fullWorld()
      const controller = new AbortController()
      const aborted = numbers(2_047).map((value) =>
        world.producer
          .send({ topic: 't', partition: 0, value }, { signal: controller.signal })
          .catch(({ code }: KafkaError) => code),
      )
      await turns()
      controller.abort()
      expect(new Set(await Promise.all(aborted))).toEqual(new Set(['ABORTED']))
      for (const value of numbers(2_048)) world.send(value)
      world.send('one more')
      await turns()
      expect(world.told()).toEqual(['one more: BUFFER_EXHAUSTED'])
    })
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

  it('send asks to wait above half, and drain comes once below a quarter', async () => {
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

  it('a full memory makes half-empty batches go at once', async () => {
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

  it('without a key do not all wait for the same partition', async () => {
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

  it('one record alone may wait however large it is', async () => {
    const world = await producerWorld({ ...narrow, maxBlockMs: 1_000 }, { leaders: [] })
    world.send('7 kB', { value: 'y'.repeat(7_000) })
    world.send('one more')
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['one more: BUFFER_EXHAUSTED', '7 kB: ok'])
  })

  it('an aborted record makes room for those behind it, and its bytes are let go', async () => {
    const world = await producerWorld({ ...narrow, bufferMemory: 4_096 }, { leaders: [] })
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
