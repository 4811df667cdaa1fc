import { assertType, expectTypeOf, test } from 'vitest'
import {
  type KafkaError,
  Producer,
  type ProducerRecord,
  type RecordHeaders,
  type RecordMetadata,
  type UndeliveredRecord,
} from '../../src/index.js'

const producer = new Producer({ bootstrapServers: 'localhost:9092' })
const record = { topic: 't', value: 'v' }

test('send gives a promise without a callback and a boolean with one', () => {
  expectTypeOf(producer.send(record)).toEqualTypeOf<Promise<RecordMetadata>>()
  expectTypeOf(producer.send(record, { signal: AbortSignal.timeout(1) })).toEqualTypeOf<
    Promise<RecordMetadata>
  >()
  expectTypeOf(
    producer.send(record, (error, metadata) => {
      expectTypeOf(error).toEqualTypeOf<KafkaError | null>()
      expectTypeOf(metadata).toEqualTypeOf<RecordMetadata | null>()
    }),
  ).toEqualTypeOf<boolean>()
  expectTypeOf(producer.produce(record)).toEqualTypeOf<boolean>()
})

test('a record needs a topic and a value; the value may be null', () => {
  expectTypeOf<{ topic: string; value: null }>().toExtend<ProducerRecord>()
  expectTypeOf<{
    topic: string
    value: Uint8Array
    headers: { trace: string; gone: undefined }
  }>().toExtend<ProducerRecord>()
  expectTypeOf<{
    topic: string
    value: string
    headers: [string, Uint8Array | null][]
  }>().toExtend<ProducerRecord>()
  // @ts-expect-error no value
  producer.produce({ topic: 't' })
  // @ts-expect-error a number needs a serializer
  producer.produce({ topic: 't', value: 1 })
})

test('events carry what they say', () => {
  producer.on('deliveryError', (error, undelivered) => {
    expectTypeOf(error).toEqualTypeOf<KafkaError>()
    expectTypeOf(undelivered).toEqualTypeOf<UndeliveredRecord | ProducerRecord>()
  })
  producer.on('throttle', ({ nodeId, throttleMs }) => {
    expectTypeOf(nodeId).toEqualTypeOf<number>()
    expectTypeOf(throttleMs).toEqualTypeOf<number>()
  })
  // @ts-expect-error no such event
  producer.on('drained', () => {})
})

test('an offset is a bigint and a producer can be disposed of', () => {
  expectTypeOf<RecordMetadata['offset']>().toEqualTypeOf<bigint>()
  expectTypeOf(producer).toExtend<AsyncDisposable>()
  expectTypeOf<KafkaError['possiblyPersisted']>().toEqualTypeOf<boolean>()
})

test("a misspelt field, and another client's, do not compile", () => {
  // @ts-expect-error it is key
  assertType<ProducerRecord>({ topic: 't', value: 'v', keys: 'k' })
  // @ts-expect-error kafkajs sends several at a time
  assertType<ProducerRecord>({ topic: 't', messages: [{ value: 'v' }] })
  // @ts-expect-error a string is no time
  assertType<ProducerRecord>({ topic: 't', value: 'v', timestamp: '5' })
})

test('null is the same as left out, but for the value', () => {
  const given = { key: null, partition: null, timestamp: null, headers: null }
  assertType<ProducerRecord>({ topic: 't', value: 'v', ...given })
})

test('undefined is the same as left out', () => {
  const given = {} as {
    key: string | undefined
    partition: number | undefined
    timeoutMs: number | undefined
  }
  expectTypeOf<{
    topic: string
    value: string
    key: string | undefined
    partition: number | undefined
    timestamp: number | undefined
    headers: RecordHeaders | undefined
  }>().toExtend<ProducerRecord>()
  expectTypeOf(producer.produce({ ...record, ...given })).toEqualTypeOf<boolean>()
  expectTypeOf(producer.flush({ timeoutMs: given.timeoutMs, signal: undefined })).toEqualTypeOf<
    Promise<void>
  >()
  expectTypeOf(producer.close({ timeoutMs: given.timeoutMs })).toEqualTypeOf<Promise<void>>()
  expectTypeOf(producer.send(record, { signal: undefined })).toEqualTypeOf<Promise<RecordMetadata>>()
})
