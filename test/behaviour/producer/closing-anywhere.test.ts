// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import type { ProducerConfig } from '../../../src/config/config.js'
import type { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { type FakeBroker, metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
const ADDRESS = '10.0.0.1:9092'

interface Stage {
  readonly fake: MetadataWorld
  readonly broker: FakeBroker
  readonly producer: Producer
  /** The outcomes of the records that were sent. */
  readonly heard: string[]
  send(): void
  pass(ms: number): Promise<void>
}

function stage(config: Partial<ProducerConfig> = {}): Stage {
  const fake = new MetadataWorld()
  const broker = fake.addBroker(1)
  fake.topics.set('t', metadataTopic('t', TOPIC_ID, [1]))
  const producer = fake.producer(config)
  const heard: string[] = []
  return {
    fake,
    broker,
    producer,
    heard,
    send: () => void producer.send({ topic: 't', value: 'v' }, (error) => heard.push(error?.code ?? 'ok')),
    async pass(ms) {
      fake.clock.advance(ms)
      await turns(12)
    },
  }
}

/** Answers the open requests: with a producer id, or with the code for each batch. */
async function answer(
  { broker }: Stage,
  { errorCode = 0, throttleTimeMs = 0, leaderId = -1 } = {},
): Promise<void> {
  for (const request of broker.waiting.splice(0)) {
    if (request.apiKey === InitProducerId.key) {
      broker.answer(InitProducerId, request, { throttleTimeMs, errorCode, producerId: 7n, producerEpoch: 0 })
    } else if (request.apiKey === Produce.key) {
      const currentLeader = leaderId < 0 ? null : { leaderId, leaderEpoch: 9 }
      const partition = resultOf(0, { errorCode, currentLeader })
      const topics = [{ name: 't', topicId: TOPIC_ID, partitions: [partition] }]
      broker.answer(Produce, request, { topics, throttleTimeMs, nodeEndpoints: [] })
    }
  }
  await turns(12)
}

/** A record is in flight; the broker has answered everything before it. */
async function inFlight(world: Stage): Promise<void> {
  world.send()
  await turns(20)
  await answer(world)
  expect(world.broker.waiting.map(({ apiKey }) => apiKey)).toEqual([Produce.key])
}

/** The states in which a producer may be closed, and the steps that lead there. */
const states: readonly (readonly [
  string,
  Partial<ProducerConfig>,
  (world: Stage) => Promise<void> | void,
])[] = [
  ['nothing', {}, () => {}],
  [
    'looking up a name',
    { bootstrapServers: 'kafka:9092' },
    async (world) => {
      world.fake.names.set('kafka', null)
      world.send()
      await turns(12)
    },
  ],
  [
    'opening a connection',
    {},
    async (world) => {
      world.fake.network.on(ADDRESS, 'hang')
      world.send()
      await turns(12)
    },
  ],
  [
    'trying two bootstrap servers at once',
    { bootstrapServers: '10.0.0.1:9092,10.0.0.2:9092' },
    async (world) => {
      for (const address of [ADDRESS, '10.0.0.2:9092']) world.fake.network.on(address, 'hang')
      world.send()
      await turns(12)
      await world.pass(1_500)
      expect(world.fake.network.open).toHaveLength(2)
    },
  ],
  [
    'waiting to connect again',
    {},
    async (world) => {
      world.fake.network.on(ADDRESS, 'refuse')
      world.send()
      await turns(12)
    },
  ],
  [
    'negotiating versions',
    {},
    async (world) => {
      world.broker.isSilent = true
      world.send()
      await turns(12)
    },
  ],
  [
    'fetching metadata',
    {},
    async (world) => {
      world.broker.metadata = () => null
      world.send()
      await turns(12)
      expect(world.broker.waiting).toHaveLength(1)
    },
  ],
  [
    'requesting a topic that does not appear',
    {},
    async (world) => {
      world.fake.topics.clear()
      world.send()
      await turns(12)
      await world.pass(300)
    },
  ],
  [
    'fetching a producer id',
    {},
    async (world) => {
      world.send()
      await turns(20)
      expect(world.broker.waiting.map(({ apiKey }) => apiKey)).toEqual([InitProducerId.key])
    },
  ],
  [
    'waiting to request a producer id again',
    {},
    async (world) => {
      world.send()
      await turns(20)
      await answer(world, { errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS })
    },
  ],
  ['lingering', { lingerMs: 500 }, (world) => world.send()],
  [
    'compressing',
    { compressionType: 'gzip' },
    async (world) => {
      world.send()
      await turns(20)
      await answer(world)
    },
  ],
  ['waiting for an answer', {}, inFlight],
  [
    'waiting to send again',
    {},
    async (world) => {
      await inFlight(world)
      await answer(world, { errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    },
  ],
  [
    'waiting for another leader',
    {},
    async (world) => {
      await inFlight(world)
      world.fake.topics.set('t', metadataTopic('t', TOPIC_ID, [-1], 3))
      await answer(world, { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
      await world.pass(300)
    },
  ],
  [
    'being throttled by the broker',
    {},
    async (world) => {
      await inFlight(world)
      await answer(world, { throttleTimeMs: 5_000 })
      world.send()
      await turns(12)
    },
  ],
  [
    'connecting again to a leader after a lost connection',
    {},
    async (world) => {
      await inFlight(world)
      world.fake.network.on(ADDRESS, 'refuse')
      world.broker.peer.fail('ECONNRESET')
      await turns(12)
      await world.pass(200)
    },
  ],
  [
    'waiting for the answer to a batch that has expired',
    { deliveryTimeoutMs: 1_000, requestTimeoutMs: 900 },
    async (world) => {
      world.send()
      await turns(20)
      // The producer id comes late, so the request may last longer than the batch.
      for (let i = 0; i < 20; i++) await world.pass(20)
      await answer(world)
      for (let i = 0; i < 32; i++) await world.pass(20)
      expect(world.heard).toEqual(['TIMEOUT'])
      expect(world.fake.network.open).toHaveLength(1)
    },
  ],
  [
    'waiting for flushes and connects',
    {},
    async (world) => {
      world.fake.network.on(ADDRESS, 'hang')
      world.send()
      const ignore = (): void => {}
      world.producer.connect().then(ignore, ignore)
      world.producer.flush({ timeoutMs: 60_000 }).then(ignore, ignore)
      world.producer.flush({ signal: new AbortController().signal }).then(ignore, ignore)
      world.producer.partitionsFor('other').then(ignore, ignore)
      await turns(12)
    },
  ],
  [
    'being idle',
    {},
    async (world) => {
      await inFlight(world)
      await answer(world)
      expect(world.heard).toEqual(['ok'])
    },
  ],
]

describe('R13: a producer that is closed while', () => {
  it.each(states)(
    '%s leaves no socket, no timer and no record without an outcome',
    async (_, config, reach) => {
      const world = stage(config)
      let sent = 0
      const { send } = world
      world.send = () => {
        sent++
        send()
      }
      await reach(world)
      await world.producer.close({ timeoutMs: 0 })
      await turns(20)
      expect(world.heard).toHaveLength(sent)
      expect(world.fake.clock.pending).toBe(0)
      expect(world.fake.network.open).toEqual([])
      const { dialled } = world.fake.network
      const before = dialled.length
      await world.pass(600_000)
      expect(world.fake.clock.pending).toBe(0)
      expect(dialled).toHaveLength(before)
      expect(world.heard).toHaveLength(sent)
    },
  )

  it.each(states)('%s also ends by itself when its records have their outcome', async (_, config, reach) => {
    const world = stage({ maxBlockMs: 2_000, deliveryTimeoutMs: 3_000, requestTimeoutMs: 1_000, ...config })
    await reach(world)
    let isClosed = false
    const closed = world.producer.close().then(() => {
      isClosed = true
    })
    for (let i = 0; i < 400 && !isClosed; i++) await world.pass(20)
    expect(isClosed).toBe(true)
    await closed
    await turns(20)
    expect(world.fake.clock.pending).toBe(0)
    expect(world.fake.network.open).toEqual([])
  })
})
