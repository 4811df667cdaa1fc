// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

async function acknowledged(world: World, value: string, topic = 't'): Promise<void> {
  world.send(value, { topic })
  await turns()
  world.next().answer()
  await turns()
}

const stampOf = (world: World) => [world.next().partitions, world.next().epoch, world.next().sequence]

describe('a topic that was not used for long', () => {
  it('R9: is forgotten with its sequences, and comes back under another epoch', async () => {
    const world = await producerWorld()
    await acknowledged(world, 'a')
    await acknowledged(world, 'b')
    world.cluster.expireTopic('t')
    expect(world.producer.traffic.topics).toBe(0)
    world.send('c')
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    expect(stampOf(world)).toEqual([['t-0'], 1, 0])
    // The leader does not know the new epoch, so one request is in flight at a time.
    world.send('d')
    await turns()
    expect(world.cluster.requests).toHaveLength(1)
  })

  it('R7: makes the other topics follow to the new epoch, each when it is idle', async () => {
    const world = await producerWorld()
    world.cluster.setTopic('steady', [[1, 0]])
    await acknowledged(world, 'a')
    await acknowledged(world, 'b', 'steady')
    world.send('c', { topic: 'steady' })
    await turns()
    world.cluster.expireTopic('t')
    world.send('d', { topic: 'steady' })
    await turns()
    expect(world.cluster.requests.map(({ epoch, sequence }) => [epoch, sequence])).toEqual([[0, 1]])
    world.next().answer()
    await turns()
    expect(stampOf(world)).toEqual([['steady-0'], 1, 0])
  })

  it('raises the epoch once, and not at all if no record was sent under it', async () => {
    const world = await producerWorld()
    for (const topic of ['u', 'v', 'w']) world.cluster.setTopic(topic, [[1, 0]])
    for (const topic of ['t', 'u', 'v']) await acknowledged(world, 'a', topic)
    await world.producer.partitionsFor('w')
    world.cluster.expireTopic('w')
    await acknowledged(world, 'b')
    expect(world.cluster.sent.at(-1)?.epoch).toBe(0)
    for (const topic of ['u', 'v']) world.cluster.expireTopic(topic)
    await acknowledged(world, 'c')
    expect(world.cluster.sent.at(-1)?.epoch).toBe(1)
  })

  it('is kept while one of its records is in flight', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    expect(world.cluster.listener.isTopicInUse('t')).toBe(true)
    world.cluster.expireTopic('t')
    expect(world.producer.traffic.topics).toBe(1)
    world.next().answer()
    await turns()
    world.send('b')
    await turns()
    expect(stampOf(world)).toEqual([['t-0'], 0, 1])
  })

  it('releases its state, so that sending to more and more topics needs no more memory', async () => {
    const world = await producerWorld({ enableIdempotence: false })
    for (let i = 0; i < 200; i++) {
      world.cluster.setTopic(`topic-${i}`, [[1, 0]])
      await acknowledged(world, 'a', `topic-${i}`)
      world.cluster.expireTopic(`topic-${i}`)
    }
    expect(world.producer.traffic.topics).toBe(0)
    expect(new Set(world.told())).toEqual(new Set(['a: ok']))
  })
})
