// The rules R1 to R16 are in docs/rules.md.

import { expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeRequest } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce, type ProduceResponse } from '../../../src/protocol/produce.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

it('R12: a request that times out ends its connection, requests metadata, is retried and may be in the log', async () => {
  const fake = new MetadataWorld()
  const broker = fake.addBroker(1)
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
  const producer = fake.producer({ requestTimeoutMs: 1_000, retryBackoffMs: 10, retries: 1 })
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i += 20) {
      fake.clock.advance(20)
      await turns(12)
    }
  }
  const heard: (KafkaError | null)[] = []
  producer.send({ topic: 't', value: 'v' }, (error) => heard.push(error))
  await turns(20)
  for (const request of broker.waiting.splice(0)) {
    const identity = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: 0 }
    broker.answer(InitProducerId, request, identity)
  }
  await turns(12)
  const [first] = broker.waiting.splice(0)
  const asked = broker.metadataRequests.length
  // The connection stays open and silent, like one to a machine that has lost its power.
  await pass(980)
  expect(first?.peer.isDestroyed).toBe(false)
  await pass(1_000)
  expect(first?.peer.isDestroyed).toBe(true)
  expect(broker.metadataRequests.length).toBeGreaterThan(asked)
  const [second] = broker.waiting.splice(0)
  if (first === undefined || second === undefined) throw new Error('it was not sent twice')
  expect(second.apiKey).toBe(Produce.key)
  expect(second.peer).not.toBe(first.peer)
  const batchOf = ({ body }: typeof first) => decodeRequest(Produce, body).topics[0]?.partitions[0]?.records
  expect(batchOf(second)).toEqual(batchOf(first))
  expect(heard).toEqual([])
  // A clean refusal says nothing about the request without a response.
  broker.answer(Produce, second, refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER))
  await turns(12)
  expect(heard).toMatchObject([{ code: 'NOT_LEADER_OR_FOLLOWER', attempts: 2, possiblyPersisted: true }])
  await producer.close({ timeoutMs: 0 })
})

it('R12, R5: a record whose only request timed out may be in the log', async () => {
  const fake = new MetadataWorld()
  const broker = fake.addBroker(1)
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
  const producer = fake.producer({ requestTimeoutMs: 1_000, retries: 0 })
  const heard: (KafkaError | null)[] = []
  producer.send({ topic: 't', value: 'v' }, (error) => heard.push(error))
  await turns(20)
  expect(broker.waiting.map(({ apiKey }) => apiKey)).toEqual([Produce.key])
  for (let i = 0; i < 2_000; i += 20) {
    fake.clock.advance(20)
    await turns(12)
  }
  expect(heard).toMatchObject([
    {
      name: 'TimeoutError',
      phase: 'request',
      attempts: 1,
      topic: 't',
      partition: 0,
      possiblyPersisted: true,
    },
  ])
  await producer.close({ timeoutMs: 0 })
})

function refusal(errorCode: number): ProduceResponse {
  const result = resultOf(0, { errorCode, logStartOffset: -1n })
  const topics = [{ name: 't', topicId: TOPIC_ID, partitions: [result] }]
  return { topics, throttleTimeMs: 0, nodeEndpoints: [] }
}
