// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { AuthorizationError, type KafkaError } from '../../../../src/errors.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../../support/producer-world.js'
import { valuesOf } from '../../../support/scripted-produce.js'
import { turns } from '../../../support/turns.js'

const refusal = (errorCode: number) => () => ({
  throttleTimeMs: 0,
  errorCode,
  producerId: -1n,
  producerEpoch: -1,
})
const given = (producerId: bigint, producerEpoch: number) => () => ({
  throttleTimeMs: 0,
  errorCode: ErrorCode.NONE,
  producerId,
  producerEpoch,
})

async function stamp(world: World, value: string): Promise<[bigint, number, number]> {
  world.send(value)
  await turns()
  const { producerId, producerEpoch, baseSequence } = world.next().batch.header
  return [producerId, producerEpoch, baseSequence]
}

describe('the producer id', () => {
  it('is requested once, with the first record', async () => {
    const world = await producerWorld()
    expect(world.cluster.producerIdRequests).toBe(0)
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    expect(world.cluster.producerIdRequests).toBe(1)
  })

  it('is requested again after a pause, and records wait for it', async () => {
    const world = await producerWorld({ retryBackoffMs: 100 })
    world.cluster.answerProducerId = refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    world.send('a')
    await turns()
    world.cluster.answerProducerId = given(7n, 0)
    await world.pass(80)
    expect(world.cluster.requests).toHaveLength(0)
    await world.pass(40)
    expect(world.next().batch.header.producerId).toBe(7n)
  })

  it('that is refused for good fails the waiting records, and later records request it again', async () => {
    const world = await producerWorld({ retryBackoffMs: 100 })
    world.cluster.answerProducerId = refusal(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
    world.send('a')
    world.send('b')
    await turns()
    expect(world.told()).toEqual(['a: CLUSTER_AUTHORIZATION_FAILED', 'b: CLUSTER_AUTHORIZATION_FAILED'])
    const [{ error } = { error: null }] = world.outcomes
    expect(error).toBeInstanceOf(AuthorizationError)
    expect(error).toMatchObject({ topic: 't', partition: 0, attempts: 0, possiblyPersisted: false })
    expect(error?.cause).toBeInstanceOf(AuthorizationError)
    world.cluster.answerProducerId = given(7n, 0)
    world.send('c')
    await world.pass(200)
    expect(world.next().values).toEqual(['c'])
  })

  it('that is refused for good does not fail records that a callback sends meanwhile, to any partition', async () => {
    const leaders: [number, number][] = [
      [1, 0],
      [1, 0],
    ]
    const world = await producerWorld({ retryBackoffMs: 100, batchSize: 512 }, { leaders })
    world.cluster.answerProducerId = refusal(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
    world.producer.send({ topic: 't', value: 'x'.repeat(400), partition: 0 }, () => {
      world.send('same partition')
      world.send('next partition', { partition: 1 })
    })
    // One batch is behind that one, one is of the other partition, and both are still open.
    world.send('a', { value: 'x'.repeat(200) })
    world.send('b', { partition: 1 })
    await turns()
    expect(world.told()).toEqual(['a: CLUSTER_AUTHORIZATION_FAILED', 'b: CLUSTER_AUTHORIZATION_FAILED'])
    world.cluster.answerProducerId = given(7n, 0)
    await world.pass(200)
    expect(world.next().batches.flatMap(valuesOf)).toEqual(['same partition', 'next partition'])
  })

  it('that is refused for good fails batches before they are compressed', async () => {
    let compressed = 0
    const compress = (): Promise<Uint8Array> => {
      compressed++
      return new Promise(() => {})
    }
    const world = await producerWorld({ compressionType: 'gzip' }, { compress })
    world.cluster.answerProducerId = refusal(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
    world.send('a')
    await turns()
    expect(world.told()).toEqual(['a: CLUSTER_AUTHORIZATION_FAILED'])
    expect(compressed).toBe(0)
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it.each([
    [-1n, 0],
    [5n, -1],
  ])('%d with epoch %d is refused: no batch would be idempotent', async (producerId, epoch) => {
    const world = await producerWorld({ retryBackoffMs: 100 })
    world.cluster.answerProducerId = given(producerId, epoch)
    world.send('a')
    await world.pass(500)
    expect(world.cluster.sent).toHaveLength(0)
    expect(world.told()).toEqual(['a: PROTOCOL'])
  })

  it('R10: is replaced after epoch 32767', async () => {
    const world = await producerWorld()
    world.cluster.answerProducerId = given(7n, 32_766)
    expect(await stamp(world, 'a')).toEqual([7n, 32_766, 0])
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    expect(await stamp(world, 'b')).toEqual([7n, 32_767, 0])
    world.cluster.answerProducerId = given(8n, 0)
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    expect(await stamp(world, 'c')).toEqual([8n, 0, 0])
    expect(world.cluster.producerIdRequests).toBe(2)
  })

  it('that the broker does not accept any more is replaced, and the batch is sent again', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.cluster.answerProducerId = given(7n, 0)
    await stamp(world, 'a')
    world.cluster.answerProducerId = given(8n, 0)
    world.next().answerOne({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH })
    await world.pass(100)
    expect(world.next().batch.header).toMatchObject({ producerId: 8n, producerEpoch: 0, baseSequence: 0 })
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })

  it('makes connect wait, and a retriable failure does not end the wait', async () => {
    const world = await producerWorld({ retryBackoffMs: 100 })
    world.cluster.answerProducerId = refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    const connected = world.producer.connect().then(() => 'connected')
    await world.pass(50)
    world.cluster.answerProducerId = given(7n, 0)
    await world.pass(200)
    expect(await connected).toBe('connected')
    await turns()
    expect(world.clock.pending).toBe(0)
  })

  it('that cannot be had makes connect fail with the reason', async () => {
    const world = await producerWorld({ retryBackoffMs: 100, maxBlockMs: 1_000 })
    world.cluster.answerProducerId = refusal(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
    const failed = world.producer.connect().catch((error: KafkaError) => error)
    await world.pass(1_000)
    expect(await failed).toMatchObject({ code: 'TIMEOUT', phase: 'metadata' })
    expect((await failed)?.message).toContain('COORDINATOR_LOAD_IN_PROGRESS')
    await turns()
    expect(world.clock.pending).toBe(0)
  })
})
