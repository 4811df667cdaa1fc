import { expect, it } from 'vitest'
import { decodeRequest } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

it('R12: a request without an answer in time ends its connection, has metadata fetched, and goes again over another', async () => {
  const fake = new MetadataWorld()
  const broker = fake.addBroker(1)
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
  const producer = fake.producer({ requestTimeoutMs: 1_000, retryBackoffMs: 10 })
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i += 20) {
      fake.clock.advance(20)
      await turns(12)
    }
  }
  const heard: string[] = []
  producer.send({ topic: 't', value: 'v' }, (error) => heard.push(error?.code ?? 'ok'))
  await turns(20)
  for (const request of broker.waiting.splice(0)) {
    const identity = { throttleTimeMs: 0, errorCode: 0, producerId: 7n, producerEpoch: 0 }
    broker.answer(InitProducerId, request, identity)
  }
  await turns(12)
  const [first] = broker.waiting.splice(0)
  const asked = broker.metadataRequests.length
  // The connection stays open and silent, as one does whose other end has lost its power.
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
  await producer.close({ timeoutMs: 0 })
  expect(heard).toEqual(['PRODUCER_CLOSED'])
})
