// The rules R1 to R16 are in docs/rules.md.

import { expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import type { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const HERE = 'AAAAAAAAAAAAAAAAAAAAAQ'
const THERE = 'AAAAAAAAAAAAAAAAAAAAAg'

/**
 * A producer with two topics of one partition each, in a cluster whose brokers later join another cluster.
 */
class Moving {
  readonly fake: MetadataWorld = new MetadataWorld()
  readonly producer: Producer
  readonly heard: (readonly [value: string, error: KafkaError | null])[] = []
  /** The topic ids of the records that were sent. */
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

  /** From now on the brokers belong to another cluster, with topics of the same names. */
  move(): void {
    this.fake.clusterId = 'another'
    this.#topicId = THERE
    this.#tell()
  }

  /** Answers every open request. */
  answer(errorCode: number = ErrorCode.NONE): void {
    for (const broker of this.fake.brokers.values())
      for (const request of broker.waiting.splice(0)) {
        if (request.apiKey === InitProducerId.key) {
          const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: 0 }
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

it('records that are certainly not in the old cluster go to the new one, under its topic ids', async () => {
  const world = await moving()
  world.send('refused')
  await world.pass(50)
  world.send('never sent')
  world.move()
  world.answer(ErrorCode.NOT_LEADER_OR_FOLLOWER)
  await world.pass(2_000, true)
  expect(world.told()).toEqual(['refused: ok', 'never sent: ok'])
  expect(world.sentTo.at(-1)).toBe(THERE)
  await world.producer.close({ timeoutMs: 0 })
})

it('R5: records that may be in the old cluster fail as possibly persisted', async () => {
  const world = await moving()
  world.send('in doubt')
  await world.pass(50)
  world.move()
  world.answer(ErrorCode.KAFKA_STORAGE_ERROR)
  await world.pass(2_000, true)
  expect(world.told()).toEqual(['in doubt: INCONSISTENT_CLUSTER_ID'])
  expect(world.heard[0]?.[1]).toMatchObject({ possiblyPersisted: true })
  expect(world.heard[0]?.[1]?.message).toContain('may have reached the log of the old one')
  await world.producer.close({ timeoutMs: 0 })
})

it('all topics are requested at once when the response for one comes from another cluster', async () => {
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
