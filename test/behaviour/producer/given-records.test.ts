import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { ProducerRecord } from '../../../src/index.js'
import { RecordReader } from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../../src/protocol/record-batch.js'
import { NotingLogger } from '../../support/noting-logger.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** The error for a record that the types do not allow. */
async function refusal(record: object): Promise<{ code: string; message: string }> {
  const world = await producerWorld()
  return world.producer.send({ topic: 't', value: 'v', ...record } as ProducerRecord).then(
    () => Promise.reject(new Error('it was sent')),
    (error) => error,
  )
}

describe('a value that cannot be sent is refused with its type and the remedy', () => {
  it.each<[unknown, string]>([
    [{ a: 1 }, 'an object: JSON.stringify it'],
    [[1], 'an array: JSON.stringify it'],
    [new Date(0), 'an object of class Date: JSON.stringify it'],
    [true, 'a boolean: JSON.stringify it'],
    [5, 'a number: String(...) makes it text'],
    [5n, 'a bigint: String(...) makes it text'],
    [new ArrayBuffer(2), 'an object of class ArrayBuffer: make it new Uint8Array(buffer)'],
    [
      new Float32Array(2),
      'an object of class Float32Array: make it new Uint8Array(data.buffer, data.byteOffset, data.byteLength)',
    ],
    [undefined, 'undefined: null makes a tombstone'],
    [() => {}, 'a function'],
  ])('%o', async (value, said) => {
    for (const what of ['value', 'key'] as const) {
      if (what === 'key' && value === undefined) continue
      expect(await refusal({ [what]: value })).toMatchObject({
        code: 'SERIALIZATION',
        message: `the ${what} of a record for topic t is ${said}; without a serializer it must be a string, a Uint8Array or null`,
      })
    }
  })
})

describe('a record with an unknown field', () => {
  it.each<[object, string]>([
    [
      { value: undefined, messages: [{ value: 'x' }] },
      "messages is kafkajs's: send each of them as a record of its own",
    ],
    [{ value: undefined, vlaue: 'x' }, "the record has a field 'vlaue': did you mean value?"],
    [{ keys: 'y' }, "a record for topic t: the record has a field 'keys': did you mean key?"],
    [{ header: {} }, "the record has a field 'header': did you mean headers?"],
    [{ Timestamp: 5 }, "the record has a field 'Timestamp': did you mean timestamp?"],
  ])('%o is refused', async (fields, said) => {
    const record = { ...fields }
    if ('value' in record) Reflect.deleteProperty(record, 'value')
    const world = await producerWorld()
    const given = { topic: 't', ...('value' in fields ? {} : { value: 'v' }), ...record } as ProducerRecord
    for (let i = 0; i < 2; i++) await expect(world.producer.send(given)).rejects.toThrow(said)
  })

  it('that only its own program knows is sent', async () => {
    const world = await producerWorld()
    world.send('v', { id: 1, seq: 2, type: 'x', name: 'y', time: 3, keys: 1, key: 'k' } as object)
    await turns()
    expect(world.next().values).toEqual(['v'])
  })
})

describe('a timestamp or a partition', () => {
  it.each<[object, string]>([
    [{ timestamp: '1700000000000' }, "the timestamp of a record for topic t is the string '1700000000000'"],
    [{ timestamp: 1700n }, 'the timestamp of a record for topic t is the bigint 1700n'],
    [{ timestamp: new Date(5) }, 'Its getTime() is'],
    [{ timestamp: -1 }, 'the timestamp of a record for topic t is -1: it must be milliseconds since 1970'],
    [{ timestamp: {} }, 'the timestamp of a record for topic t is an object: it must be milliseconds'],
    [
      { partition: '3' },
      "the partition of a record for topic t is the string '3': it must be a whole number from 0. Number(...) makes it one",
    ],
    [{ partition: 1n }, 'the partition of a record for topic t is the bigint 1n'],
    [{ partition: 1.5 }, 'the partition of a record for topic t is 1.5: it must be a whole number from 0'],
    [{ partition: true }, 'the partition of a record for topic t is a boolean'],
  ])('of a wrong type is named: %o', async (fields, said) => {
    expect(await refusal(fields)).toMatchObject({ code: 'INVALID_RECORD' })
    expect((await refusal(fields)).message).toContain(said)
  })

  it('of null counts as not given', async () => {
    const world = await producerWorld()
    const sent = world.producer.send({
      topic: 't',
      value: 'v',
      timestamp: null,
      partition: null,
      headers: null,
    })
    await turns()
    world.next().answer()
    expect(await sent).toMatchObject({ partition: 0, timestamp: world.clock.wallTime() })
  })

  it.each([
    [1_700_000_000, 'seconds'],
    [1_700_000_000_000_000, 'microseconds'],
  ])('of %i is sent, with one hint that it looks like %s', async (timestamp, unit) => {
    const logger = new NotingLogger()
    const world = await producerWorld({ logger })
    world.send('a', { timestamp })
    world.send('b', { timestamp })
    await turns()
    expect(world.next().values).toEqual(['a', 'b'])
    expect(logger.lines).toEqual([
      `warn: a record for topic t: the timestamp ${timestamp} looks like ${unit}; Kafka's are in milliseconds`,
    ])
  })

  it.each([0, 5, 1_000_000, 100_000_000_000, 1_700_000_000_000, 4_102_444_800_000])(
    'of %i may be in milliseconds',
    async (timestamp) => {
      const logger = new NotingLogger()
      const world = await producerWorld({ logger })
      world.send('a', { timestamp })
      await turns()
      expect(world.next().values).toEqual(['a'])
      expect(logger.lines).toEqual([])
    },
  )
})

describe('bytes of another realm', () => {
  const foreign = (text: string): Uint8Array =>
    runInNewContext('Uint8Array.from(codes)', { codes: Array.from(Buffer.from(text)) })

  it('are a key, a value and a header', async () => {
    const value = foreign('value')
    expect(value).not.toBeInstanceOf(Uint8Array)
    const world = await producerWorld()
    world.producer.produce({ topic: 't', key: foreign('key'), value, headers: { h: foreign('header') } })
    await turns()
    const { bytes } = world.next().batch
    const record = new RecordReader(bytes.subarray(RECORD_BATCH_OVERHEAD)).next()
    expect(String(record.key)).toBe('key')
    expect(String(record.value)).toBe('value')
    expect(record.headers.map(([name, data]) => [name, String(data)])).toEqual([['h', 'header']])
  })

  it('are copied if the record has to wait', async () => {
    const world = await producerWorld({}, { leaders: [] })
    const value = foreign('value')
    world.producer.produce({ topic: 't', partition: 0, value })
    value.fill(0)
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    expect(world.next().values).toEqual(['value'])
  })
})

describe('the outcome of a send', () => {
  it('as JSON has the offset as a string', async () => {
    const world = await producerWorld()
    const sent = world.producer.send({ topic: 't', key: 'k', value: 'v', timestamp: 7 })
    await turns()
    world.next().answer()
    expect(JSON.parse(JSON.stringify(await sent))).toEqual({
      topic: 't',
      partition: 0,
      offset: '0',
      timestamp: 7,
      serializedKeySize: 1,
      serializedValueSize: 1,
    })
  })
})
