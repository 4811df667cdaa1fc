import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { NotingLogger } from '../../support/noting-logger.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('the log of a producer', () => {
  it('reports once that the records of a partition do not get through, and that they do again', async () => {
    const logger = new NotingLogger()
    const world = await producerWorld({ logger, retryBackoffMs: 1, retryBackoffMaxMs: 1 })
    world.send('a')
    await turns()
    for (let attempts = 1; attempts <= 7; attempts++) {
      world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
      await world.pass(200)
      expect(logger.lines).toHaveLength(attempts < 5 ? 0 : 1)
    }
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
    expect(logger.lines).toEqual([
      expect.stringMatching(
        /^warn: records for t-0 do not get through, after 5 attempts: .*NOT_ENOUGH_REPLICAS.*; trying again$/,
      ),
      'info: records for t-0 get through again',
    ])
    expect(logger.fields).toEqual([
      { topic: 't', partition: 0, attempts: 5, code: 'NOT_ENOUGH_REPLICAS' },
      { topic: 't', partition: 0 },
    ])
  })

  it('has no line for a record that is sent', async () => {
    const logger = new NotingLogger()
    const world = await producerWorld({ logger })
    world.send('a')
    await turns()
    world.next().answer()
    await turns()
    await world.producer.close()
    expect(logger.lines).toEqual([])
  })

  it('reports once that no producer id can be had, and that one came', async () => {
    const logger = new NotingLogger()
    const world = await producerWorld({ logger, retryBackoffMs: 1, retryBackoffMaxMs: 1 })
    const answer = world.cluster.answerProducerId
    world.cluster.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: ErrorCode.COORDINATOR_NOT_AVAILABLE,
      producerId: -1n,
      producerEpoch: -1,
    })
    world.send('a')
    await world.pass(200)
    expect(logger.lines).toEqual([
      expect.stringMatching(/^warn: no producer id: .*COORDINATOR_NOT_AVAILABLE.*; trying again$/),
    ])
    world.cluster.answerProducerId = answer
    await world.pass(200)
    expect(logger.lines.slice(1)).toEqual(['info: there is a producer id now'])
    expect(world.next().values).toEqual(['a'])
  })

  it('does not promise another attempt after a refused producer id', async () => {
    const logger = new NotingLogger()
    const world = await producerWorld({ logger, retryBackoffMs: 1, retryBackoffMaxMs: 1 })
    world.cluster.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
      producerId: -1n,
      producerEpoch: -1,
    })
    world.send('a')
    await world.pass(200)
    expect(logger.lines[0]).toMatch(/^warn: no producer id: .*CLUSTER_AUTHORIZATION_FAILED/)
    expect(logger.lines[0]).not.toContain('trying again')
  })
})
