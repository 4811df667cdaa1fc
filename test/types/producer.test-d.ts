import { expectTypeOf, test } from 'vitest'
import {
  type KafkaError,
  Producer,
  type ProducerRecord,
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
