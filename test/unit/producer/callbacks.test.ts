import { describe, expect, it, vi } from 'vitest'
import { NetworkError } from '../../../src/errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

/** What nobody caught meanwhile; the test runner does not hear of it. */
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
  it('that throw keep nobody else from its outcome, and the error is thrown in a turn of its own', async () => {
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

  it('a logger that throws keeps nobody from an outcome either', async () => {
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

  it('records without one report their failure as an event, or to the log if nobody listens', async () => {
    const errors: string[] = []
    const quiet = (): void => {}
    const logger = {
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: (message: string) => {
        errors.push(message)
        throw new Error('a logger that throws')
      },
    }
    const world = await producerWorld({ logger, retries: 1, retryBackoffMs: 1 })
    world.producer.produce({ topic: 't', value: 'silent', key: 'k', headers: { h: 'v' } })
    world.send('a')
    await turns()
    const surprises = await uncaughtDuring(async () => {
      world.next().answerOne({ errorCode: 87 })
      await turns()
    })
    expect(world.told()).toEqual(['a: INVALID_RECORD'])
    expect(errors).toHaveLength(1)
    expect(surprises).toMatchObject([{ message: 'a logger that throws' }])
    const undelivered: unknown[] = []
    world.producer.on('deliveryError', (error, record) => undelivered.push(error.code, record))
    world.producer.produce({ topic: 't', value: 'heard', timestamp: 5 })
    await turns()
    world.next().fail(new NetworkError('no', { retriable: false }))
    await turns()
    expect(undelivered).toMatchObject(['NETWORK', { topic: 't', partition: 0, timestamp: 5, key: null }])
  })
})
