// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { InitProducerIdResponse } from '../../../src/protocol/init-producer-id.js'
import { lost } from '../../support/producer-scenes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

async function confirmed(): Promise<World> {
  const world = await producerWorld({ retryBackoffMs: 10 })
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
  return world
}

function stampOf(world: World) {
  const { producerId, producerEpoch, baseSequence } = world.next().batch.header
  return [producerId, producerEpoch, baseSequence]
}

/**
 * A producer id has a meaning only in its cluster. In another one the same number belongs to another
 * producer.
 */
describe('a producer whose brokers suddenly belong to another cluster', () => {
  it('requests a producer id there', async () => {
    const world = await confirmed()
    world.cluster.listener.clusterReplaced()
    world.send('a')
    await turns()
    expect(stampOf(world)).toEqual([1001n, 0, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
    expect(world.cluster.producerIdRequests).toBe(2)
  })

  it('starts at sequence 0 even if the id happens to be the same', async () => {
    const world = await confirmed()
    world.cluster.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: 1000n,
      producerEpoch: 0,
    })
    world.cluster.listener.clusterReplaced()
    world.send('a')
    await turns()
    expect(stampOf(world)).toEqual([1000n, 0, 0])
  })

  it('sends it the records that are certainly not in the old cluster', async () => {
    const world = await confirmed()
    world.send('a')
    await turns()
    world.cluster.listener.clusterReplaced()
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await world.pass(100)
    expect(stampOf(world)).toEqual([1001n, 0, 0])
    expect(world.next().values).toEqual(['a'])
  })

  it('R5: fails records that may be in the old cluster, so that the caller decides', async () => {
    const world = await confirmed()
    world.send('a')
    await turns()
    world.send('b')
    await turns()
    world.node(1).disconnect(lost())
    world.cluster.listener.clusterReplaced()
    world.node(1).reconnect()
    world.send('c')
    await world.pass(100)
    expect(world.told().slice(1)).toEqual(['a: INCONSISTENT_CLUSTER_ID', 'b: INCONSISTENT_CLUSTER_ID'])
    expect(world.outcomes[1]?.error?.message).toContain('may have reached the log of the old one')
    expect(world.outcomes.slice(1).map(({ error }) => error?.possiblyPersisted)).toEqual([true, true])
    expect([world.next().values, stampOf(world)]).toEqual([['c'], [1001n, 0, 0]])
  })

  it('ignores a producer id that the old cluster sends late', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    let answer: (response: InitProducerIdResponse) => void = () => {}
    world.cluster.answerProducerId = () =>
      new Promise((resolve) => {
        answer = resolve
      })
    world.send('a')
    await turns()
    const late = answer
    world.cluster.listener.clusterReplaced()
    await turns()
    expect(world.cluster.producerIdRequests).toBe(2)
    late({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: 0 })
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    answer({ throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 8n, producerEpoch: 0 })
    await turns()
    expect(stampOf(world)).toEqual([8n, 0, 0])
  })

  it('does not make connect wait for an id of the old cluster', async () => {
    const world = await producerWorld()
    world.cluster.answerProducerId = () => new Promise(() => {})
    let isConnected = false
    void world.producer.connect().then(() => {
      isConnected = true
    })
    await turns()
    world.cluster.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: 8n,
      producerEpoch: 0,
    })
    world.cluster.listener.clusterReplaced()
    await turns()
    expect(isConnected).toBe(true)
  })

  it('goes on without idempotence', async () => {
    const world = await producerWorld({ enableIdempotence: false })
    world.send('a')
    await turns()
    world.cluster.listener.clusterReplaced()
    world.next().answer()
    world.send('b')
    await turns()
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
  })
})
