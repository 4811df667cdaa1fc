import { expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import type { Producer } from '../../../src/producer/producer.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const NOT_LEADER = 6
const KAFKA_STORAGE_ERROR = 56
const HERE = 'AAAAAAAAAAAAAAAAAAAAAQ'
const THERE = 'AAAAAAAAAAAAAAAAAAAAAg'

/** A producer with two topics of one partition each in a cluster whose brokers will turn out to be another one's. */
class Moving {
  readonly fake: MetadataWorld = new MetadataWorld()
  readonly producer: Producer
  readonly heard: (readonly [value: string, error: KafkaError | null])[] = []
  /** The topic ids that records were sent to. */
  readonly sentTo: string[] = []
  #topicId = HERE

  constructor() {
    this.fake.addBroker(1)
    this.#tell()
    this.producer = this.fake.producer({ maxInFlightRequestsPerConnection: 1, retryBackoffMs: 500 })
  }

  send(value: string, topic = 't'): void {
    this.producer.send({ topic, partition: 0, value }, (error) => this.heard.push([value, error]))
  }

  /** From now on the brokers are another cluster's, which has topics of the same names. */
  move(): void {
    this.fake.clusterId = 'another'
    this.#topicId = THERE
    this.#tell()
  }

  /** Answers whatever was asked. */
  answer(errorCode = 0): void {
    for (const broker of this.fake.brokers.values())
      for (const request of broker.waiting.splice(0)) {
        if (request.apiKey === InitProducerId.key) {
          const response = { throttleTimeMs: 0, errorCode: 0, producerId: 7n, producerEpoch: 0 }
          broker.answer(InitProducerId, request, response)
          continue
        }
        const { topics } = Produce.readRequest(request.body)
        this.sentTo.push(...topics.map(({ topicId }) => topicId))
        broker.answer(Produce, request, {
          throttleTimeMs: 0,
          nodeEndpoints: [],
          topics: topics.map(({ name, topicId }) => ({
            name,
            topicId,
            partitions: [resultOf(0, { errorCode })],
          })),
        })
      }
  }

  async pass(ms: number, answers = false): Promise<void> {
    for (let left = ms; left > 0; left -= 50) {
      this.fake.clock.advance(Math.min(left, 50))
      await turns(12)
      if (answers) this.answer()
    }
    await turns(12)
  }

  told(): string[] {
    return this.heard.map(([value, error]) => `${value}: ${error?.code ?? 'ok'}`)
  }

  #tell(): void {
    this.fake.topics.set('t', metadataTopic('t', this.#topicId, [1]))
    this.fake.topics.set('u', metadataTopic('u', this.#topicId.replace('AAAA', 'BAAA'), [1]))
  }
}

async function moving(): Promise<Moving> {
  const world = new Moving()
  world.send('first')
  world.send('first of u', 'u')
  await world.pass(500, true)
  expect(world.told().sort()).toEqual(['first of u: ok', 'first: ok'])
  world.heard.length = 0
  world.sentTo.length = 0
  return world
}

it('what the old cluster has certainly not taken goes to the new one, under its ids', async () => {
  const world = await moving()
  world.send('refused')
  await world.pass(50)
  world.send('never sent')
  world.move()
  world.answer(NOT_LEADER)
  await world.pass(2_000, true)
  expect(world.told()).toEqual(['refused: ok', 'never sent: ok'])
  expect(world.sentTo.at(-1)).toBe(THERE)
  await world.producer.close({ timeoutMs: 0 })
})

it('R5: what the old cluster may have taken fails as that', async () => {
  const world = await moving()
  world.send('in doubt')
  await world.pass(50)
  world.move()
  world.answer(KAFKA_STORAGE_ERROR)
  await world.pass(2_000, true)
  expect(world.told()).toEqual(['in doubt: INCONSISTENT_CLUSTER_ID'])
  expect(world.heard[0]?.[1]).toMatchObject({ possiblyPersisted: true })
  expect(world.heard[0]?.[1]?.message).toContain('may have reached the log of the old one')
  await world.producer.close({ timeoutMs: 0 })
})

it('all topics are asked for at once when the answer about one comes from another cluster', async () => {
  const world = await moving()
  world.move()
  world.send('of a new topic', 'new')
  world.fake.topics.set('new', metadataTopic('new', 'CAAAAAAAAAAAAAAAAAAAAg', [1]))
  await world.pass(2_000, true)
  world.send('of u', 'u')
  await world.pass(2_000, true)
  expect(world.told()).toEqual(['of a new topic: ok', 'of u: ok'])
  expect(world.fake.metadataRequests().at(-1)?.sort()).toEqual(['new', 't', 'u'])
  await world.producer.close({ timeoutMs: 0 })
})
