import { describe, expect, it, vi } from 'vitest'
import { type KafkaError, NetworkError } from '../../../src/errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const NOT_ENOUGH_REPLICAS = 19

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

describe('flush', () => {
  it('ends lingering, and ends with the last record sent before it', async () => {
    const world = await producerWorld({ lingerMs: 1_000 })
    world.send('a')
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    const flushed = world.producer.flush().then(() => 'flushed')
    await turns()
    world.send('b')
    world.next().answer()
    expect(await flushed).toBe('flushed')
    expect(world.told()).toEqual(['a: ok'])
    expect(world.cluster.requests).toHaveLength(0)
  })

  it('with nothing to wait for ends at once', async () => {
    const world = await producerWorld()
    await world.producer.flush({ timeoutMs: 0 })
    expect(world.clock.pending).toBe(0)
  })

  it('covers records that wait for metadata and for memory', async () => {
    const world = await producerWorld({ batchSize: 1_024, bufferMemory: 2_048 }, { leaders: [] })
    let isOver = false
    world.send('x'.repeat(200))
    world.send('y'.repeat(200))
    void world.producer.flush().then(() => {
      isOver = true
    })
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    expect(isOver).toBe(false)
    world.next().answer()
    await turns()
    expect(isOver).toBe(true)
    expect(world.told()).toHaveLength(2)
  })

  it('R13: follows a batch into its pieces', async () => {
    const world = await producerWorld()
    let isOver = false
    world.send('a')
    world.send('b')
    void world.producer.flush().then(() => {
      isOver = true
    })
    await turns()
    world.next().answerOne({ errorCode: 10 })
    await turns()
    expect(world.next().values).toEqual(['a'])
    world.next().answer()
    await turns()
    expect(isOver).toBe(false)
    expect([world.next().values, world.next().sequence]).toEqual([['b'], 1])
    world.next().answer()
    await turns()
    expect(isOver).toBe(true)
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
  })

  it('leaves no timer and no listener behind, however it ends', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 2_000, requestTimeoutMs: 1_000 })
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    world.send('a')
    await turns()
    const before = world.clock.pending
    const timedOut = world.producer.flush({ timeoutMs: 100 }).catch((error: KafkaError) => error)
    const aborted = world.producer
      .flush({ timeoutMs: 500, signal: controller.signal })
      .catch((error: KafkaError) => error)
    controller.abort('enough')
    expect(await aborted).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    await world.pass(100)
    expect(await timedOut).toMatchObject({ code: 'TIMEOUT', phase: 'flush' })
    expect(world.clock.pending).toBe(before)
    expect(remove).toHaveBeenCalledOnce()
    world.next().answer()
    await turns()
    expect(world.clock.pending).toBe(0)
  })
})

describe('close', () => {
  it('sends what lingers, waits for what is out and retries, and leaves no timer', async () => {
    const world = await producerWorld({ lingerMs: 60_000 })
    world.send('a')
    await turns()
    const closed = world.producer.close()
    await turns()
    world.next().answerOne({ errorCode: NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    world.next().answer()
    await closed
    await turns()
    expect(world.told()).toEqual(['a: ok'])
    expect(world.cluster.isClosed).toBe(true)
    expect(world.clock.pending).toBe(0)
  })

  it('refuses what comes after it, and a second close waits for the same end', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const closed = world.producer.close()
    world.send('b')
    const again = world.producer.close()
    await expect(world.producer.send({ topic: 't', value: 'c' })).rejects.toMatchObject({
      code: 'PRODUCER_CLOSED',
    })
    await turns()
    expect(world.told()).toEqual(['b: PRODUCER_CLOSED'])
    world.next().answer()
    await Promise.all([closed, again])
    expect(world.told()).toEqual(['b: PRODUCER_CLOSED', 'a: ok'])
    await expect(world.producer.partitionsFor('t')).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' })
    await expect(world.producer.connect()).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' })
    await world.producer.close()
  })

  it('after its time fails what is left, each record with what is known of it', async () => {
    const world = await producerWorld(
      { lingerMs: 0, deliveryTimeoutMs: 60_000 },
      {
        leaders: [
          [1, 0],
          [2, 0],
        ],
      },
    )
    world.node(2).isReady = false
    world.send('out')
    world.send('in', { partition: 1 })
    world.send('unknown', { topic: 'unknown' })
    await turns()
    const closed = world.producer.close({ timeoutMs: 500 })
    await turns()
    await world.pass(500)
    await closed
    const known = world.outcomes.map(({ value, error }) => [value, error?.code, error?.possiblyPersisted])
    expect(known.sort()).toEqual([
      ['in', 'PRODUCER_CLOSED', false],
      ['out', 'PRODUCER_CLOSED', true],
      ['unknown', 'PRODUCER_CLOSED', false],
    ])
    expect(world.outcomes.find(({ value }) => value === 'out')?.error?.message).toContain('may be in the log')
    await turns()
    expect(world.clock.pending).toBe(0)
  })

  it('with no time sends nothing more', async () => {
    const world = await producerWorld({ lingerMs: 100 })
    world.send('a')
    await world.producer.close({ timeoutMs: 0 })
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
    expect(world.outcomes[0]?.error?.possiblyPersisted).toBe(false)
    expect(world.cluster.sent).toHaveLength(0)
    await turns()
    expect(world.clock.pending).toBe(0)
  })

  it('R13: what a callback sends to a partition that was closed already is refused as well', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.node(1).isThrottled = true
    world.send('a')
    world.producer.send({ topic: 't', value: 'b', partition: 1 }, () => world.send('late'))
    await turns()
    await world.producer.close({ timeoutMs: 0 })
    await turns()
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED', 'late: PRODUCER_CLOSED'])
  })

  it('R13: what a callback sends while it closes is refused, not forgotten', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    const codes: (string | undefined)[] = []
    world.node(1).isThrottled = true
    for (const partition of [0, 1]) {
      world.producer.send({ topic: 't', value: 'x', partition }, (error) => {
        codes.push(error?.code)
        world.producer.send({ topic: 't', value: 'y', partition: 0 }, (again) => codes.push(again?.code))
        void world.producer.close({ timeoutMs: 0 })
      })
    }
    await turns()
    await world.producer.close({ timeoutMs: 0 })
    await turns()
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'PRODUCER_CLOSED'))
    await world.producer.flush()
  })

  it('R13: from a callback in the middle of a batch, every record hears once', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 })
    world.node(1).isThrottled = true
    world.producer.send({ topic: 't', value: 'first' }, () => void world.producer.close({ timeoutMs: 0 }))
    for (const value of ['a', 'b']) world.send(value)
    await world.pass(1_000)
    world.node(1).throttle(false)
    await turns()
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
    expect(world.clock.pending).toBe(0)
  })

  it('an answer that comes in the end changes nothing', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const request = world.next()
    await world.producer.close({ timeoutMs: 0 })
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
    request.answer()
    await turns()
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
  })
})

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
