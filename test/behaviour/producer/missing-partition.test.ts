import { beforeEach, expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import type { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeRequest } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { type FakeBroker, metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const both = metadataTopic('t', TOPIC_ID, [1, 1])

let fake: MetadataWorld
let broker: FakeBroker
let producer: Producer
/** The outcome of a record: `value`, or `value: CODE` for a failure. */
let told: string[]
let errors: KafkaError[]
/** The broker's response for partition 1. */
let errorOfSecond: number

beforeEach(() => {
  fake = new MetadataWorld()
  broker = fake.addBroker(1)
  fake.topics.set('t', both)
  producer = fake.producer({ deliveryTimeoutMs: 3_000, requestTimeoutMs: 1_000, maxBlockMs: 2_000 })
  told = []
  errors = []
  errorOfSecond = 0
})

function send(partition: number, value: string): void {
  producer.send({ topic: 't', partition, value }, (error) => {
    told.push(error === null ? value : `${value}: ${error.code}`)
    if (error !== null) errors.push(error)
  })
}

async function pass(ms: number): Promise<void> {
  for (let i = 0; i < ms; i += 20) {
    fake.clock.advance(20)
    await turns(12)
    serve()
    await turns(12)
  }
}

function serve(): void {
  for (const request of broker.waiting.splice(0)) {
    if (request.apiKey === InitProducerId.key) {
      const identity = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: 0 }
      broker.answer(InitProducerId, request, identity)
      continue
    }
    const topics = decodeRequest(Produce, request.body).topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions.map(({ index }) =>
        resultOf(index, { errorCode: index === 1 ? errorOfSecond : 0 }),
      ),
    }))
    broker.answer(Produce, request, { topics, throttleTimeMs: 0, nodeEndpoints: [] })
  }
}

it('a partition that metadata omits for good makes its records time out with the reason, and others go on', async () => {
  send(0, 'first')
  send(1, 'second')
  await pass(200)
  expect(told).toEqual(['first', 'second'])
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
  errorOfSecond = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  const asked = broker.metadataRequests.length
  send(1, 'left out')
  for (let i = 0; i < 5; i++) {
    send(0, `neighbour ${i}`)
    await pass(500)
    expect(told.at(-1)).toBe(`neighbour ${i}`)
  }
  expect(broker.metadataRequests.length).toBeGreaterThan(asked)
  await pass(600)
  expect(told.at(-1)).toBe('left out: TIMEOUT')
  expect(errors).toMatchObject([
    {
      name: 'TimeoutError',
      phase: 'queue',
      topic: 't',
      partition: 1,
      possiblyPersisted: false,
      retriable: true,
      cause: { code: 'UNKNOWN_TOPIC_OR_PARTITION' },
    },
  ])
  expect(errors[0]?.message).toContain('delivery.timeout.ms=3000')
  expect(errors[0]?.message).toContain('UNKNOWN_TOPIC_OR_PARTITION')
  // The partition existed all the time, and appears again.
  errorOfSecond = 0
  fake.topics.set('t', both)
  send(1, 'afterwards')
  await pass(500)
  expect(told.at(-1)).toBe('afterwards')
  await producer.close({ timeoutMs: 0 })
})

it('a partition that metadata never has makes its records time out with the existing ones, and others go on', async () => {
  send(9, 'nowhere')
  for (let i = 0; i < 3; i++) {
    send(1, `neighbour ${i}`)
    await pass(500)
    expect(told).toHaveLength(i + 1)
  }
  await pass(600)
  expect(told).toEqual(['neighbour 0', 'neighbour 1', 'neighbour 2', 'nowhere: TIMEOUT'])
  expect(errors).toMatchObject([
    { name: 'TimeoutError', phase: 'metadata', topic: 't', partition: 9, possiblyPersisted: false },
  ])
  expect(errors[0]?.message).toMatch(/max\.block\.ms=2000: topic t has no partition 9 .* only 0 to 1/)
  await producer.close({ timeoutMs: 0 })
})
