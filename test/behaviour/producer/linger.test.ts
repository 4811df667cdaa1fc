import { describe, expect, it, vi } from 'vitest'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** The default; `undefined` means the same. */
const byDefault = { lingerMs: undefined }

/** The leader knows the producer, and no request is in flight. */
async function confirmed(world: World): Promise<World> {
  world.send('first')
  await world.pass(10)
  world.next().answer()
  await turns()
  return world
}

describe('lingerMs left to its default', () => {
  it('sends a lone record in the turn of its send', async () => {
    const world = await confirmed(await producerWorld(byDefault))
    for (const value of ['a', 'b', 'c']) {
      world.send(value)
      await turns(1)
      expect(world.next().values).toEqual([value])
      world.next().answer()
      await turns()
    }
  })

  it('takes one pass of the sender from the send to the request, and one behind the answer', async () => {
    const world = await confirmed(await producerWorld(byDefault))
    const asked = vi.spyOn(world.clock, 'soon')
    world.send('a')
    await turns()
    expect(world.cluster.requests).toHaveLength(1)
    expect(asked).toHaveBeenCalledTimes(1)
    world.next().answer()
    await turns()
    expect(world.told().at(-1)).toBe('a: ok')
    expect(asked).toHaveBeenCalledTimes(2)
  })

  it('sends the records of one turn together', async () => {
    const world = await confirmed(await producerWorld(byDefault))
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns(1)
    expect(world.next().values).toEqual(['a', 'b', 'c'])
  })

  it('keeps records while a request to the leader is in flight, and sends them when it is answered', async () => {
    const world = await confirmed(
      await producerWorld(byDefault, {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      }),
    )
    world.send('a')
    await turns()
    world.send('b')
    await world.pass(1)
    world.send('c', { partition: 1 })
    await world.pass(1)
    expect(world.cluster.requests).toHaveLength(1)
    world.next().answer()
    await turns()
    expect(world.next().partitions).toEqual(['t-0', 't-1'])
  })

  it('does not keep records for the response of another broker', async () => {
    const world = await confirmed(
      await producerWorld(byDefault, {
        leaders: [
          [1, 0],
          [2, 0],
        ],
      }),
    )
    world.send('a')
    await turns()
    world.send('b', { partition: 1 })
    await turns(1)
    expect(world.cluster.requests.map(({ partitions }) => partitions)).toEqual([['t-0'], ['t-1']])
  })

  it('keeps records for 5 ms at most', async () => {
    const world = await confirmed(await producerWorld(byDefault))
    world.send('a')
    await turns()
    world.send('b')
    await world.pass(4)
    expect(world.cluster.requests).toHaveLength(1)
    await world.pass(1)
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a'], ['b']])
  })

  it('sends a full batch at once, even if a request is in flight', async () => {
    const world = await confirmed(await producerWorld({ ...byDefault, batchSize: 512 }))
    world.send('a')
    await turns()
    for (const value of ['b', 'c', 'd']) world.send(value.repeat(200))
    await turns()
    expect(world.cluster.requests.map(({ values }) => values.length)).toEqual([1, 2])
  })

  it('sends every record at once on a flush', async () => {
    const world = await confirmed(await producerWorld(byDefault))
    world.send('a')
    await turns()
    world.send('b')
    void world.producer.flush()
    await turns()
    expect(world.cluster.requests).toHaveLength(2)
  })
})

describe('a given lingerMs', () => {
  it.each([5, 20])('of %i makes a lone record linger too, as in Java', async (lingerMs) => {
    const world = await producerWorld({ lingerMs })
    world.send('a')
    await world.pass(lingerMs - 1)
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(1)
    expect(world.next().values).toEqual(['a'])
  })

  it('of 0 sends every record at once, even if a request is in flight', async () => {
    const world = await confirmed(await producerWorld({ lingerMs: 0 }))
    for (const value of ['a', 'b']) {
      world.send(value)
      await turns()
    }
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a'], ['b']])
  })
})
