import { describe, expect, it } from 'vitest'
import type { Producer } from '../../../src/producer/producer.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const TOO_LARGE = 'x'.repeat(2_000_000)

type Wait = (producer: Producer) => Promise<void>
const waits: readonly [string, Wait][] = [
  ['flush', (producer) => producer.flush()],
  ['close', (producer) => producer.close()],
  ['close within no time', (producer) => producer.close({ timeoutMs: 0 })],
]

describe('the outcome of a refused record', () => {
  it.each(waits)('comes before the end of %s', async (_, wait) => {
    const { producer } = await producerWorld()
    const heard: unknown[] = []
    producer.on('deliveryError', (error) => heard.push(error.code))
    producer.send({ topic: 't', value: TOO_LARGE }, (error) => heard.push(error?.code))
    producer.produce({ topic: 't', value: TOO_LARGE })
    expect(heard).toEqual([])
    await wait(producer)
    expect(heard).toEqual(['RECORD_TOO_LARGE', 'RECORD_TOO_LARGE'])
  })

  it.each(waits)('is a warning before the end of %s, if nobody listens', async (_, wait) => {
    const world = await producerWorld()
    world.producer.produce({ topic: 't', value: TOO_LARGE })
    await wait(world.producer)
    await turns()
    expect(world.warnings).toHaveLength(1)
  })

  it('does not keep a flush from ending if each outcome sends another such record', async () => {
    const { producer } = await producerWorld()
    let count = 0
    const again = (): void => {
      if (count++ < 1_000) producer.send({ topic: 't', value: TOO_LARGE }, again)
    }
    again()
    await producer.flush()
    expect(count).toBeLessThan(10)
  })
})

describe('the record of a deliveryError', () => {
  it.each([
    ['that waits for metadata', { maxBlockMs: 100 }, []],
    ['that is refused', { maxRequestSize: 70 }, [[1, 0]]],
  ] as const)('%s has the bytes with which it was sent', async (_, config, leaders) => {
    const world = await producerWorld(config, { leaders })
    const heard: unknown[] = []
    world.producer.on('deliveryError', (_error, { value }) => heard.push(String(value)))
    const value = Buffer.from('one')
    const record = { topic: 't', partition: 0, key: 'k', value }
    for (const text of ['one', 'two', 'six']) {
      value.write(text)
      world.producer.produce(record)
    }
    value.write('???')
    await world.pass(200)
    expect(heard).toEqual(['one', 'two', 'six'])
  })

  it('has the fields of the caller, and those only', async () => {
    const world = await producerWorld({ maxBlockMs: 100 }, { leaders: [] })
    const heard: unknown[] = []
    world.producer.on('deliveryError', (_error, record) => heard.push(record))
    const record = { topic: 't', value: 'v', headers: { a: 'b' }, note: 'the caller knows why' }
    world.producer.produce(record)
    world.producer.produce({ topic: 't', key: null, value: null })
    await world.pass(200)
    expect(heard).toEqual([
      { topic: 't', value: 'v', headers: [['a', 'b']], note: 'the caller knows why' },
      { topic: 't', value: null },
    ])
  })
})

describe('bytes that the caller gives to another thread while the record is taken in', () => {
  const givenAway = (value: Uint8Array<ArrayBuffer>): void => {
    structuredClone(value.buffer, { transfer: [value.buffer] })
  }

  it.each([10, 60])('by its iterable of headers are an error (%i bytes)', async (size) => {
    const { producer, cluster } = await producerWorld()
    const value = new Uint8Array(size).fill(65)
    const headers = {
      *[Symbol.iterator](): Iterator<[string, string]> {
        givenAway(value)
        yield ['a', 'b']
      },
    }
    await expect(producer.send({ topic: 't', value, headers })).rejects.toMatchObject({
      code: 'SERIALIZATION',
    })
    await turns()
    expect(cluster.requests).toEqual([])
  })

  it.each([10, 60])('by its partitioner are an error (%i bytes)', async (size) => {
    const value = new Uint8Array(size).fill(65)
    const partitioner = (): number => {
      givenAway(value)
      return 0
    }
    const { producer, cluster } = await producerWorld({ partitioner })
    await expect(producer.send({ topic: 't', value })).rejects.toMatchObject({ code: 'SERIALIZATION' })
    await turns()
    expect(cluster.requests).toEqual([])
  })
})
