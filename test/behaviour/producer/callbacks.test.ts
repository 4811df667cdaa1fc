import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

/** The uncaught errors meanwhile, which the test runner does not see. */
async function uncaughtDuring(run: () => Promise<void>): Promise<unknown[]> {
  const uncaught: unknown[] = []
  const keep = (error: unknown): number => uncaught.push(error)
  const listeners = process.listeners('uncaughtException')
  process.removeAllListeners('uncaughtException')
  process.on('uncaughtException', keep)
  await run()
  process.removeListener('uncaughtException', keep)
  for (const listener of listeners) process.on('uncaughtException', listener)
  return uncaught
}

describe('callbacks', () => {
  it('that throw do not stop other callbacks, and their error is thrown in a turn of its own', async () => {
    const world = await producerWorld()
    world.producer.send({ topic: 't', value: 'x' }, () => {
      throw new Error('from a callback')
    })
    world.send('a')
    await turns()
    const surprises = await uncaughtDuring(async () => {
      world.next().answer()
      await turns()
    })
    expect(surprises).toMatchObject([{ message: 'from a callback' }])
    expect(world.told()).toEqual(['a: ok'])
  })

  it('run even if the logger throws', async () => {
    const fail = (message: string): never => {
      throw new Error(message)
    }
    const world = await producerWorld({ logger: { debug: fail, info: fail, warn: fail, error: fail } })
    world.send('a')
    await turns()
    const { topicId } = world.next().batch
    const partitions = [resultOf(7, {}), resultOf(0, { baseOffset: 5n })]
    const surprises = await uncaughtDuring(async () => {
      world.next().respond({
        topics: [{ name: 't', topicId, partitions }],
        throttleTimeMs: 0,
        nodeEndpoints: [],
      })
      await turns()
    })
    expect(surprises).toMatchObject([{ message: expect.stringContaining('not asked for') }])
    expect(world.told()).toEqual(['a: ok'])
  })

  it('may send and flush', async () => {
    const world = await producerWorld()
    let flushed = false
    world.producer.send({ topic: 't', value: 'x' }, () => {
      world.send('from a callback')
      void world.producer.flush().then(() => {
        flushed = true
      })
    })
    await turns()
    world.next().answer()
    await turns()
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['from a callback: ok'])
    expect(flushed).toBe(true)
  })

  it('are optional: without one the failure of a record is an event', async () => {
    const world = await producerWorld()
    const undelivered: unknown[] = []
    world.producer.on('deliveryError', (error, record) => undelivered.push(error.code, record))
    world.producer.produce({ topic: 't', value: 'heard', timestamp: 5 })
    await turns()
    world.next().fail(new NetworkError('no', { retriable: false }))
    await turns()
    expect(undelivered).toMatchObject(['NETWORK', { topic: 't', partition: 0, timestamp: 5, key: null }])
    expect(world.warnings).toEqual([])
  })

  it('are optional: without one and without a listener a failure is a process warning, with any logger', async () => {
    const world = await producerWorld({ retries: 1, retryBackoffMs: 1 })
    for (const value of ['a', 'b', 'c']) world.producer.produce({ topic: 't', partition: 0, value })
    world.producer.produce({ topic: '', value: 'x' })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    expect(world.warnings).toEqual([
      expect.stringMatching(
        /^1 record sent by produce\(\) failed with INVALID_TOPIC_EXCEPTION, and nobody listens to 'deliveryError'. The first: invalid topic name: it is empty$/,
      ),
      expect.stringMatching(
        /^3 records sent by produce\(\) failed with INVALID_RECORD, and nobody listens to 'deliveryError'. The first: .*t-0/,
      ),
    ])
  })
})
