import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ProducerConfig } from '../../../src/config/config.js'
import type { KafkaError } from '../../../src/errors.js'
import type { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { type FakeBroker, metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const NODE_1 = '10.0.0.1:9092 (node 1)'

let fake: MetadataWorld
let broker: FakeBroker
let producer: Producer

beforeEach(() => {
  fake = new MetadataWorld()
  broker = fake.addBroker(1)
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
})

afterEach(async () => {
  await producer.close({ timeoutMs: 0 })
  await turns()
  expect(fake.clock.pending).toBe(0)
})

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20) {
    fake.clock.advance(20)
    await turns(8)
  }
}

function start(config: Partial<ProducerConfig> = {}): void {
  producer = fake.producer({
    enableIdempotence: false,
    requestTimeoutMs: 5_000,
    deliveryTimeoutMs: 5_000,
    ...config,
  })
}

/** The error of a record that is sent now and never acknowledged. */
async function told(): Promise<string> {
  const failed = producer.send({ topic: 't', partition: 0, value: 'v' }).then(
    () => new Error('it was delivered'),
    (error: KafkaError) => error,
  )
  await pass(5_200)
  const { message } = await failed
  const [, timeout, why] = /^(.*?ms since the first of them\)): (.*)$/.exec(message) ?? []
  expect(timeout).toMatch(
    /^1 record\(s\) for t-0 were not acknowledged within delivery\.timeout\.ms=5000 \(50\d\d ms since the first of them\)$/,
  )
  return why ?? message
}

/** Answers the open Produce requests. */
function answer(errorCode: number, throttleTimeMs: number): void {
  for (const request of broker.waiting.splice(0)) {
    expect(request.apiKey).toBe(Produce.key)
    const topics = [{ name: 't', topicId: TOPIC_ID, partitions: [resultOf(0, { errorCode })] }]
    broker.answer(Produce, request, { throttleTimeMs, nodeEndpoints: [], topics })
  }
}

describe('a record that was never sent fails with the reason', () => {
  it('that the broker throttles the client', async () => {
    start()
    const first = producer.send({ topic: 't', value: 'first' })
    await pass(100)
    answer(0, 600_000)
    await pass(100)
    await first
    expect(await told()).toBe(
      `they were never sent: broker ${NODE_1} asked for a pause of 600000 ms; they are not in the log`,
    )
  })

  it('that no broker has given a producer id yet', async () => {
    start({ enableIdempotence: true })
    const why = told()
    await pass(2_000)
    expect(broker.waiting.map(({ apiKey }) => apiKey)).toEqual([InitProducerId.key])
    expect(await why).toMatch(
      /^they were never sent: there is no producer id yet: broker 10\.0\.0\.1:9092 \(node 1\) has not answered the InitProducerId request after \d{4} ms; they are not in the log$/,
    )
  })

  it('that the request for a producer id failed, and that another one is under way', async () => {
    // The connection ends with each request for a producer id, and the third one stays open.
    start({ enableIdempotence: true, requestTimeoutMs: 2_000 })
    expect(await told()).toMatch(
      /^they were never sent: there is no producer id yet: .*InitProducerId request within 20\d\d ms.*\. broker 10\.0\.0\.1:9092 \(node 1\) has not answered the InitProducerId request after \d{3} ms; they are not in the log$/,
    )
  })

  it('that the leader is not among the brokers', async () => {
    fake.topics.set('t', metadataTopic('t', TOPIC_ID, [9]))
    start()
    expect(await told()).toBe(
      'they were never sent: the leader of the partition, node 9, is not among the brokers; they are not in the log',
    )
  })

  it('that the partition has no leader', async () => {
    fake.topics.set('t', metadataTopic('t', TOPIC_ID, [-1]))
    start()
    expect(await told()).toBe('they were never sent: the partition has no leader; they are not in the log')
  })

  it.each([true, false])(
    'that the first connection is still being made, idempotent: %s',
    async (idempotent) => {
      fake.addBroker(2)
      fake.network.on('10.0.0.2:9092', 'hang')
      fake.topics.set('t', metadataTopic('t', TOPIC_ID, [2]))
      start({ enableIdempotence: idempotent })
      expect(await told()).toMatch(
        /^they were never sent: still connecting to broker 10\.0\.0\.2:9092 \(node 2\) after (49|50)\d\d ms: 10\.0\.0\.2:9092: TCP connect; they are not in the log$/,
      )
    },
  )

  it('that it was still being compressed', async () => {
    start({ compressionType: 'gzip' })
    expect(await told()).toBe(
      'they were never sent: they were still being compressed; they are not in the log',
    )
  })
})

it('a record that waits for a retry fails with the obstacle', async () => {
  start()
  const why = told()
  await pass(100)
  answer(ErrorCode.NOT_LEADER_OR_FOLLOWER, 600_000)
  expect(await why).toMatch(
    /^sent 1 time\(s\), the last time without success \(.*NOT_LEADER_OR_FOLLOWER.*\), and not again since: broker 10\.0\.0\.1:9092 \(node 1\) asked for a pause of 600000 ms; they are not in the log$/,
  )
})

it('connect names the broker that has not given a producer id', async () => {
  start({ enableIdempotence: true, maxBlockMs: 3_000 })
  const failed = producer.connect().then(
    () => '',
    (error: KafkaError) => error.message,
  )
  await pass(3_200)
  expect(await failed).toMatch(
    /^timed out after max\.block\.ms=3000: no broker has given a producer id in time: broker 10\.0\.0\.1:9092 \((bootstrap|node 1)\) has not answered the InitProducerId request after \d{4} ms$/,
  )
})
