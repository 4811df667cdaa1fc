import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('the traffic figures of a producer', () => {
  it('count requests, their batches and records, and retries', async () => {
    const world = await producerWorld(
      { retryBackoffMs: 10 },
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a')
    world.send('b', { partition: 1 })
    await turns()
    expect(world.producer.traffic).toMatchObject({ requests: 1, batches: 2, records: 2, requestsInFlight: 1 })
    const refused = { errorCode: ErrorCode.NOT_ENOUGH_REPLICAS }
    world.next().answer({ 't-0': refused, 't-1': refused })
    await world.pass(100)
    expect(world.producer.traffic).toMatchObject({ requests: 2, batches: 4, records: 4, retries: 2 })
    world.next().answer()
    await turns()
    expect(world.producer.traffic).toMatchObject({
      requestsInFlight: 0,
      failedRecords: 0,
      heldBytes: 0,
      topics: 1,
    })
  })

  it('count batches that were split, and records that failed', async () => {
    const world = await producerWorld({ lingerMs: 10 })
    for (const value of ['a', 'b']) world.send(value)
    await world.pass(20)
    world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    await turns()
    expect(world.producer.traffic).toMatchObject({ splits: 1, failedRecords: 0 })
    world.next().answerOne({ errorCode: ErrorCode.INVALID_TIMESTAMP })
    await turns()
    expect(world.told()).toEqual(['a: INVALID_TIMESTAMP'])
    expect(world.producer.traffic.failedRecords).toBe(1)
  })

  it('count how often records of a partition began to wait for memory', async () => {
    const world = await producerWorld({ batchSize: 512, bufferMemory: 512 })
    for (const value of ['a', 'b', 'c']) world.send(value.repeat(400))
    await turns()
    expect(world.producer.traffic.memoryWaits).toBe(1)
  })
})
