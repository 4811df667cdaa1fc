import { describe, expect, it } from 'vitest'
import { AuthorizationError, type KafkaError } from '../../../src/errors.js'
import type { SendOptions } from '../../../src/producer/producer-options.js'
import type { ProducerRecord } from '../../../src/producer/record.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** A value that the types forbid, for a caller that uses plain JavaScript. */
function wrong<T>(value: unknown): T {
  return value as T
}

function failure(promise: Promise<unknown>): Promise<KafkaError> {
  return promise.then(
    () => {
      throw new Error('it did not fail')
    },
    (error: KafkaError) => error,
  )
}

describe('a callback that sends again', () => {
  it('after each refusal of its topic does not stop the event loop', async () => {
    const world = await producerWorld({}, { leaders: [] })
    let calls = 0
    const again = (): void => {
      if (++calls < 1_000) world.producer.send({ topic: 't', value: 'again' }, again)
    }
    world.producer.send({ topic: 't', value: 'first' }, again)
    await turns()
    world.cluster.refuseTopics(new AuthorizationError('no', { code: 'TOPIC_AUTHORIZATION_FAILED' }))
    await turns(2)
    expect(calls).toBeGreaterThan(0)
    expect(calls).toBeLessThan(10)
  })
})

describe('a callback that sends another record after each failure', () => {
  /** Sends again after every failure, and counts the failures. */
  function persistent(world: World): () => number {
    let failures = 0
    const again = (): void => {
      if (++failures < 1_000) world.producer.send({ topic: 't', partition: 0, value: 'again' }, again)
    }
    world.producer.send({ topic: 't', partition: 0, value: 'first' }, again)
    return () => failures
  }

  it('does not stop the event loop if delivery.timeout.ms is 0', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 0, requestTimeoutMs: 0 })
    world.node(1).isThrottled = true
    const failures = persistent(world)
    await turns(20)
    world.clock.advance(0)
    await turns(20)
    expect(failures()).toBeGreaterThan(0)
    expect(failures()).toBeLessThan(50)
  })

  it('does not stop the event loop if max.block.ms is 0 and no memory is free', async () => {
    const world = await producerWorld({ maxBlockMs: 0, batchSize: 512, bufferMemory: 1_024 })
    for (const value of ['a', 'b']) world.send(value.padEnd(440, '.'))
    const failures = persistent(world)
    await turns(20)
    expect(failures()).toBeGreaterThan(0)
    expect(failures()).toBeLessThan(50)
  })
})

describe('a record with getters or fields of other types', () => {
  it('is read once', async () => {
    const world = await producerWorld()
    const reads = { topic: 0, partition: 0 }
    const record: ProducerRecord = {
      get topic() {
        return reads.topic++ === 0 ? 't' : 'other'
      },
      get partition() {
        return reads.partition++ === 0 ? 7 : -7
      },
      value: 'v',
    }
    world.producer.send(record, () => {})
    await turns()
    expect(reads).toEqual({ topic: 1, partition: 1 })
  })

  it('fails like any other if a getter throws an object that cannot be printed', async () => {
    const world = await producerWorld()
    const unprintable: unknown = Object.create(null)
    const record = wrong<ProducerRecord>({
      topic: 't',
      get value() {
        throw unprintable
      },
    })
    const told: (KafkaError | null)[] = []
    world.producer.send(record, (error) => told.push(error))
    await turns()
    expect(told).toMatchObject([{ code: 'UNEXPECTED', cause: unprintable }])
  })

  it.each([
    ['partition', Symbol('p')],
    ['partition', Object.create(null)],
    ['timestamp', Symbol('t')],
    ['timestamp', Number.NaN],
  ])('is an invalid record with a %s of another kind', async (key, value) => {
    const world = await producerWorld()
    const error = await failure(world.producer.send(wrong({ topic: 't', value: 'v', [key]: value })))
    expect(error.code).toBe('INVALID_RECORD')
    expect(error.message).toContain(key)
  })

  it('is not sent as empty when its buffer was detached', async () => {
    const world = await producerWorld()
    const bytes = new Uint8Array([1, 2, 3])
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    const asValue = await failure(world.producer.send({ topic: 't', value: bytes }))
    expect(asValue.code).toBe('SERIALIZATION')
    expect(asValue.message).toContain('detached')
    const asHeader = await failure(world.producer.send({ topic: 't', value: 'v', headers: { h: bytes } }))
    expect(asHeader.code).toBe('SERIALIZATION')
  })

  it.each([
    ['a pair without a value', [['name']]],
    ['three in a pair', [['name', 'value', 'more']]],
    ['a date', new Date(0)],
    ['a number', 5],
  ])('is refused with headers that are %s', async (_, headers) => {
    const world = await producerWorld()
    const error = await failure(world.producer.send(wrong({ topic: 't', value: 'v', headers })))
    expect(error.code).toBe('SERIALIZATION')
    expect(error.message).toContain('topic t')
  })
})

describe('options of a wrong type', () => {
  it.each([Number.NaN, -1, 'x', null])('timeoutMs %s is refused and fails nothing', async (timeoutMs) => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    expect(await failure(world.producer.close(wrong({ timeoutMs })))).toMatchObject({
      code: 'INVALID_CONFIG',
    })
    expect(await failure(world.producer.flush(wrong({ timeoutMs })))).toMatchObject({
      code: 'INVALID_CONFIG',
    })
    expect(world.told()).toEqual([])
    world.next().answerOne()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })

  it.each([5, null, 'x'])('%s instead of options is refused', async (options) => {
    const world = await producerWorld()
    expect(await failure(world.producer.close(wrong(options)))).toMatchObject({ code: 'INVALID_CONFIG' })
    expect(await failure(world.producer.flush(wrong(options)))).toMatchObject({ code: 'INVALID_CONFIG' })
  })

  it.each([null, {}, 'x'])('signal %s is refused', async (signal) => {
    const world = await producerWorld()
    const record = { topic: 't', value: 'v' }
    expect(await failure(world.producer.send(record, wrong<SendOptions>({ signal })))).toMatchObject({
      code: 'INVALID_CONFIG',
    })
  })

  it.each([undefined, 5, '', 'no/topic', Symbol('t')])(
    'partitionsFor(%s) is an invalid topic',
    async (name) => {
      const world = await producerWorld()
      expect(await failure(world.producer.partitionsFor(wrong(name)))).toMatchObject({
        code: 'INVALID_TOPIC_EXCEPTION',
      })
    },
  )
})

describe('the order in which records of a partition settle', () => {
  it('is that of the sends, in flight, in the queue and without memory', async () => {
    const world = await producerWorld({ batchSize: 512, bufferMemory: 1_024 })
    for (const value of ['a', 'b', 'c']) world.send(value.padEnd(400, '.'))
    await turns()
    await world.producer.close({ timeoutMs: 0 })
    await turns()
    expect(world.outcomes.map(({ value }) => value[0])).toEqual(['a', 'b', 'c'])
  })

  it('is that of the sends when a retried batch and one in flight time out together', async () => {
    const world = await producerWorld({
      deliveryTimeoutMs: 1_000,
      requestTimeoutMs: 900,
      enableIdempotence: false,
      retryBackoffMs: 900,
      retryBackoffMaxMs: 900,
    })
    world.send('a')
    await turns()
    world.send('b')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await world.pass(1_100)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
  })
})

describe('topics that do not exist', () => {
  it('are forgotten once no record waits for them', async () => {
    const world = await producerWorld({ maxBlockMs: 100 }, { leaders: [] })
    for (let i = 0; i < 50; i++) world.producer.produce({ topic: `unknown-${i}`, value: 'v' })
    await world.pass(200)
    expect(world.producer.traffic.topics).toBe(0)
    world.send('late')
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    world.next().answerOne()
    await turns()
    expect(world.told()).toEqual(['late: ok'])
  })
})
