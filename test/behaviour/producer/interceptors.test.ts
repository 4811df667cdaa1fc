import { AsyncLocalStorage } from 'node:async_hooks'
import { describe, expect, it } from 'vitest'
import type { ProducerInterceptor } from '../../../src/config/interceptor.js'
import type { KafkaError } from '../../../src/errors.js'
import type { ProducerRecord, RecordMetadata } from '../../../src/producer/record.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { NotingLogger } from '../../support/noting-logger.js'
import { producerWorld, type World, type WorldOptions } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** Outcomes as an interceptor hears them, shortened. */
interface Heard {
  readonly place: string
  readonly code: string | null
  readonly headers: unknown
}

/** An interceptor that changes nothing and keeps what it hears. */
function listener(): ProducerInterceptor & { readonly sent: ProducerRecord[]; readonly heard: Heard[] } {
  const sent: ProducerRecord[] = []
  const heard: Heard[] = []
  return {
    sent,
    heard,
    onSend(record) {
      sent.push(record)
      return record
    },
    onAcknowledgement({ topic, partition, offset }, error, headers) {
      heard.push({ place: `${topic}-${partition}@${offset}`, code: error?.code ?? null, headers })
    },
  }
}

function intercepted(
  interceptors: readonly ProducerInterceptor[],
  config: Parameters<typeof producerWorld>[0] = {},
  options: WorldOptions = {},
): Promise<World> {
  return producerWorld({ interceptors, ...config }, options)
}

/** Adds a header of its own to every record. */
const adding = (name: string): ProducerInterceptor => ({
  onSend: (record) => ({ ...record, headers: [...record.headers, [name, 'yes']] }),
})

describe('onSend', () => {
  it('is called in the order of the list, each with what the one before returned', async () => {
    const last = listener()
    const world = await intercepted([
      adding('first'),
      {
        onSend: (record) => ({
          ...record,
          value: `${record.value}!`,
          partition: 0,
          headers: { second: 'x' },
        }),
      },
      last,
    ])
    const record = { topic: 't', value: 'v', headers: [['own', null]] as [string, null][] }
    world.producer.send(record, () => {})
    await turns()
    expect(world.next().values).toEqual(['v!'])
    expect(last.sent).toEqual([{ topic: 't', value: 'v!', partition: 0, headers: [['second', 'x']] }])
    expect(record).toEqual({ topic: 't', value: 'v', headers: [['own', null]] })
  })

  it('sees a record before the partitioner does, and may send it elsewhere', async () => {
    const keys: unknown[] = []
    const world = await intercepted([{ onSend: (record) => ({ ...record, topic: 'u', key: 'given' }) }], {
      partitioner: ({ topic, key }) => {
        keys.push([topic, key])
        return 0
      },
    })
    world.cluster.setTopic('u', [[1, 0]])
    world.producer.send({ topic: 't', value: 'v' }, () => {})
    await turns()
    expect(keys).toEqual([['u', 'given']])
    expect(world.next().partitions).toEqual(['u-0'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a promise', () => Promise.reject(new Error('broken'))],
    ['gives headers that cannot be sent', (record: ProducerRecord) => ({ ...record, headers: 5 })],
    ['changes its argument', (record: ProducerRecord) => Object.assign(record, { value: 'changed' })],
  ])('that %s is passed over: the last good record goes on', async (_, onSend) => {
    const logger = new NotingLogger()
    const last = listener()
    // The types forbid some of these; JavaScript does not.
    const broken = { onSend } as unknown as ProducerInterceptor
    const world = await intercepted([adding('good'), broken, adding('later'), last], { logger })
    for (let i = 0; i < 10; i++) world.send(`v${i}`)
    await turns()
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(Array.from({ length: 10 }, (_value, i) => `v${i}: ok`))
    expect(last.sent[0]?.headers).toEqual([
      ['good', 'yes'],
      ['later', 'yes'],
    ])
    const warnings = logger.lines.filter((line) => line.includes('interceptors[1]'))
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/onSend of interceptors\[1\] failed for a record for topic t: /)
  })

  it('is not called for what is no record, nor for one with headers that cannot be sent', async () => {
    const all = listener()
    const world = await intercepted([all])
    const { producer } = world
    expect(() => producer.send(5 as unknown as ProducerRecord, () => {})).toThrow(TypeError)
    const codes: unknown[] = []
    const note = (error: KafkaError | null): void => void codes.push(error?.code)
    producer.send({ topic: 't', value: 'v', header: {} } as ProducerRecord, note)
    producer.send({ topic: 't', value: 'v', headers: 5 } as unknown as ProducerRecord, note)
    await turns()
    expect(codes).toEqual(['INVALID_RECORD', 'SERIALIZATION'])
    expect([all.sent, all.heard]).toEqual([[], []])
  })
})

describe('onAcknowledgement', () => {
  it('comes before the callback, in order, with headers that are copies', async () => {
    const order: string[] = []
    const bytes = Buffer.from('abc')
    const headers: unknown[] = []
    const world = await intercepted([
      adding('added'),
      { onAcknowledgement: ({ offset }) => void order.push(`first ${offset}`) },
      {
        onAcknowledgement(metadata, _error, given) {
          order.push(`second ${metadata.offset}`)
          headers.push(...given)
        },
      },
    ])
    world.producer.send({ topic: 't', value: 'v', headers: { own: bytes } }, (_error, metadata) => {
      order.push(`callback ${metadata?.offset}`)
    })
    bytes.fill(0)
    await turns()
    world.next().answerOne({ baseOffset: 7n })
    await turns()
    expect(order).toEqual(['first 7', 'second 7', 'callback 7'])
    expect(headers).toEqual([
      ['own', Buffer.from('abc')],
      ['added', 'yes'],
    ])
  })

  it('is called once for every form of sending', async () => {
    const all = listener()
    const world = await intercepted([all])
    const sent = world.producer.send({ topic: 't', value: 'promise' })
    const signalled = world.producer.send(
      { topic: 't', value: 's' },
      { signal: new AbortController().signal },
    )
    world.producer.send({ topic: 't', value: 'callback' }, () => {})
    world.producer.produce({ topic: 't', value: 'produce' })
    await turns()
    world.next().answerOne({ baseOffset: 3n })
    await Promise.all([sent, signalled])
    expect(all.heard.map(({ place, code }) => [place, code])).toEqual([
      ['t-0@3', null],
      ['t-0@4', null],
      ['t-0@5', null],
      ['t-0@6', null],
    ])
  })

  it('has the sizes and the timestamp of a record of produce, whose success nobody asked for', async () => {
    const metadata: RecordMetadata[] = []
    const world = await intercepted([{ onAcknowledgement: (one) => void metadata.push(one) }])
    world.producer.produce({ topic: 't', key: 'ab', value: 'abc', timestamp: 99 })
    await turns()
    world.next().answerOne({ baseOffset: 3n })
    await turns()
    expect(metadata[0]).toMatchObject({
      serializedKeySize: 2,
      serializedValueSize: 3,
      timestamp: 99,
      offset: 3n,
    })
  })

  it('tells a failure in a batch with the partition, and the event deliveryError follows', async () => {
    const order: unknown[] = []
    const world = await intercepted([
      { onAcknowledgement: (metadata, error) => void order.push({ ...metadata, code: error?.code }) },
    ])
    world.producer.on('deliveryError', (error, record) => order.push([error.code, record.topic]))
    world.producer.produce({ topic: 't', value: 'v' })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_TIMESTAMP })
    await turns()
    const nowhere = { offset: -1n, timestamp: -1, serializedKeySize: -1, serializedValueSize: -1 }
    expect(order).toEqual([
      { topic: 't', partition: 0, ...nowhere, code: 'INVALID_TIMESTAMP' },
      ['INVALID_TIMESTAMP', 't'],
    ])
  })

  it('hears of refused records on a later turn, also if their callers do not', async () => {
    const all = listener()
    const world = await intercepted([all])
    const value = 'x'.repeat(2_000_000)
    const rejected = world.producer.send({ topic: 't', value }).catch(({ code }: KafkaError) => code)
    world.producer.send({ topic: 't', value, partition: 5 }, () => {})
    world.producer.produce({ topic: 't', value })
    expect(all.heard).toEqual([])
    await turns()
    expect(await rejected).toBe('RECORD_TOO_LARGE')
    expect(all.heard.map(({ place, code }) => `${place} ${code}`)).toEqual([
      't--1@-1 RECORD_TOO_LARGE',
      't-5@-1 RECORD_TOO_LARGE',
      't--1@-1 RECORD_TOO_LARGE',
    ])
  })

  it('hears of records that wait in vain', async () => {
    const all = listener()
    const world = await intercepted([all], { maxBlockMs: 100 }, { leaders: [] })
    world.producer.send({ topic: 't', value: 'v' }, () => {})
    world.producer.produce({ topic: 't', value: 'v' })
    await world.pass(200)
    expect(all.heard.map(({ place, code }) => `${place} ${code}`)).toEqual([
      't--1@-1 TIMEOUT',
      't--1@-1 TIMEOUT',
    ])
  })

  it('hears of an aborted record once: at once if it waited, else what became of it', async () => {
    const all = listener()
    const world = await intercepted([all])
    const controllers = [new AbortController(), new AbortController()] as const
    const options = controllers.map(({ signal }) => ({ signal }))
    const inBatch = world.producer.send({ topic: 't', value: 'v' }, options[0]).catch((error) => error.code)
    const waiting = world.producer.send({ topic: 'u', value: 'v' }, options[1]).catch((error) => error.code)
    for (const controller of controllers) controller.abort()
    expect(await Promise.all([inBatch, waiting])).toEqual(['ABORTED', 'ABORTED'])
    expect(all.heard.map(({ place, code }) => `${place} ${code}`)).toEqual(['u--1@-1 ABORTED'])
    await turns()
    world.next().answerOne({ baseOffset: 1n })
    await turns()
    expect(all.heard.map(({ place, code }) => `${place} ${code}`)).toEqual(['u--1@-1 ABORTED', 't-0@1 null'])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken')
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])(
    'that %s keeps neither the others nor the callbacks from their outcomes',
    async (_, onAcknowledgement) => {
      const logger = new NotingLogger()
      const all = listener()
      const broken = { onAcknowledgement } as ProducerInterceptor
      const world = await intercepted([broken, all], { logger })
      for (let i = 0; i < 5; i++) world.send(`v${i}`)
      await turns()
      world.next().answer()
      await turns()
      expect(all.heard).toHaveLength(5)
      expect(world.told()).toEqual(Array.from({ length: 5 }, (_value, i) => `v${i}: ok`))
      const warnings = logger.lines.filter((line) => line.includes('onAcknowledgement of interceptors[0]'))
      expect(warnings).toHaveLength(1)
    },
  )

  it('runs in the async context of its own send, in every form', async () => {
    const storage = new AsyncLocalStorage<string>()
    const stores: unknown[] = []
    const world = await intercepted([{ onAcknowledgement: () => void stores.push(storage.getStore()) }])
    const { producer } = world
    storage.run('callback', () => producer.send({ topic: 't', value: 'v' }, () => {}))
    storage.run('produce', () => producer.produce({ topic: 't', value: 'v' }))
    const promise = storage.run('promise', () => producer.send({ topic: 't', value: 'v' }))
    storage.run('refused', () => producer.produce({ topic: 't', value: 'x'.repeat(2_000_000) }))
    await turns()
    storage.run('the answer', () => world.next().answer())
    await promise
    await turns()
    expect(stores.sort()).toEqual(['callback', 'produce', 'promise', 'refused'])
  })
})

describe('close', () => {
  it('is called once, after every outcome, in the order of the list', async () => {
    const order: string[] = []
    const logger = new NotingLogger()
    const world = await intercepted(
      [
        {
          onAcknowledgement: () => void order.push('outcome'),
          close() {
            order.push('first')
            throw new Error('broken')
          },
        },
        { onSend: (record) => record, close: () => void order.push('second') },
      ],
      { logger },
    )
    world.send('v')
    const closed = world.producer.close()
    await turns()
    world.next().answer()
    await closed
    await world.producer.close()
    expect(order).toEqual(['outcome', 'first', 'second'])
    expect(logger.lines.join('\n')).toContain('close of interceptors[0] failed: Error: broken')
  })

  it('is the end: a record that is sent later reaches no interceptor', async () => {
    const all = listener()
    const world = await intercepted([all])
    await world.producer.close()
    world.send('late')
    await turns()
    expect(world.told()).toEqual(['late: PRODUCER_CLOSED'])
    expect([all.sent, all.heard]).toEqual([[], []])
  })

  it('that fails records at once tells their outcome first', async () => {
    const all = listener()
    const world = await intercepted([all])
    world.send('v')
    await world.producer.close({ timeoutMs: 0 })
    expect(all.heard.map(({ place, code }) => `${place} ${code}`)).toEqual(['t-0@-1 PRODUCER_CLOSED'])
  })
})
