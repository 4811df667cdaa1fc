// The rules R1 to R16 are in docs/rules.md.

import { afterEach, describe, expect, it } from 'vitest'
import type { Producer, RecordMetadata } from '../../src/index.js'
import { VirtualBrokers } from '../support/virtual-brokers.js'

const FIRST_PORT = 9_092
const portOf = (nodeId: number): number => FIRST_PORT + nodeId - 1

let brokers: VirtualBrokers

afterEach(() => brokers.cluster.close())

const send = (producer: Producer, value: string, topic = 'orders'): Promise<RecordMetadata> =>
  producer.send({ topic, partition: 0, value })

const inLog = (): (string | undefined)[] =>
  brokers.cluster.records('orders').map(({ value }) => value?.toString())

/** When each broker has read a Produce request for the topic, oldest first. */
const produced = (): { nodeId: number; time: number }[] =>
  brokers.cluster
    .requests()
    .filter((request) => request.produced?.some(({ topic }) => topic === 'orders'))
    .map(({ nodeId, time }) => ({ nodeId, time }))

/** Brokers of which the first leads `orders` and the second `others`, and all may lead either. */
async function start(count: number): Promise<void> {
  brokers = await VirtualBrokers.start(count, 'unused', 1)
  const all = Array.from({ length: count }, (_, i) => i + 1)
  const [first = 1, second = 2, ...rest] = all
  brokers.cluster.createTopic({ topic: 'orders', assignments: [[first, second, ...rest]] })
  brokers.cluster.createTopic({ topic: 'others', assignments: [[second, first, ...rest]] })
}

describe('all brokers that are known are gone, and the bootstrap address leads to others', () => {
  const bootstrapPort = 7_000

  async function replaceBrokers(): Promise<void> {
    brokers.network.alias(bootstrapPort, portOf(3))
    await brokers.cluster.startBroker(3)
    await brokers.cluster.startBroker(4)
    await brokers.cluster.stopBroker(1)
    await brokers.cluster.stopBroker(2)
  }

  async function producerOfTheFirstTwo(metadataRecoveryStrategy: 'none' | 'rebootstrap'): Promise<Producer> {
    await start(4)
    brokers.network.alias(bootstrapPort, portOf(1))
    await brokers.cluster.stopBroker(3)
    await brokers.cluster.stopBroker(4)
    const producer = brokers.producer({
      bootstrapServers: [`broker:${bootstrapPort}`],
      lingerMs: 0,
      deliveryTimeoutMs: 60_000,
      metadataRecoveryStrategy,
    })
    await brokers.ended(Promise.all([send(producer, 'before'), send(producer, 'before', 'others')]))
    return producer
  }

  it('with rebootstrap: the producer finds them, and nothing is lost or doubled', async () => {
    const producer = await producerOfTheFirstTwo('rebootstrap')
    const lost = brokers.cluster.dropAnswers({ api: 'Produce', topic: 'orders' })
    const unanswered = send(producer, 'unanswered')
    await brokers.pass(2)
    await replaceBrokers()
    const sent = [unanswered, send(producer, 'later'), send(producer, 'elsewhere', 'others')]
    const told = await brokers.ended(Promise.all(sent), 30_000)
    expect(lost.hits).toBe(1)
    expect(told.map(({ offset }) => offset)).toEqual([1n, 2n, 1n])
    expect(inLog()).toEqual(['before', 'unanswered', 'later'])
    expect(brokers.network.links().map(({ port }) => port)).not.toHaveLength(0)
    for (const { port } of brokers.network.links()) expect([portOf(3), portOf(4)]).toContain(port)
    await brokers.ended(producer.close())
  })

  it('without: what is sent runs out of time, and is certainly not in the log', async () => {
    const producer = await producerOfTheFirstTwo('none')
    await replaceBrokers()
    // By then it has heard that its connections are gone.
    await brokers.pass(50)
    const [outcome] = await brokers.ended(Promise.allSettled([send(producer, 'never sent')]), 70_000)
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { name: 'TimeoutError', phase: 'queue', possiblyPersisted: false },
    })
    await brokers.ended(producer.close())
    expect(inLog()).toEqual(['before'])
  })
})

it('a broker changes its address while an answer is lost: the record goes there, and is in the log once', async () => {
  await start(2)
  const { cluster, network } = brokers
  const producer = brokers.producer({ lingerMs: 0 })
  await brokers.ended(Promise.all([send(producer, 'before'), send(producer, 'before', 'others')]))
  const movedTo = 7_001
  const nowhere = 1
  network.alias(movedTo, portOf(1))
  network.alias(portOf(1), nowhere)
  cluster.advertise(1, { port: movedTo })
  const lost = cluster.dropAnswers({ api: 'Produce', nodeId: 1 })
  const told = await brokers.ended(Promise.all([send(producer, 'a'), send(producer, 'b')]), 30_000)
  expect(lost.hits).toBe(1)
  expect(told.map(({ offset }) => offset)).toEqual([1n, 2n])
  expect(inLog()).toEqual(['before', 'a', 'b'])
  expect(produced().map(({ nodeId }) => nodeId)).toEqual(produced().map(() => 1))
  expect(cluster.leaderOf('orders', 0)).toBe(1)
  await brokers.ended(producer.close())
})

describe('R4: the leader moves while a request to the old one is out', () => {
  const requestTimeoutMs = 5_000

  it.each(['a request timeout', 'a dead connection'] as const)(
    'and the new one gets nothing before that is over, by %s',
    async (end) => {
      await start(2)
      const { cluster, network, time } = brokers
      const producer = brokers.producer({ lingerMs: 0, requestTimeoutMs, metadataMaxAgeMs: 100 })
      await brokers.ended(Promise.all([send(producer, 'before'), send(producer, 'before', 'others')]))
      const ignored = cluster.ignoreRequests({ api: 'Produce', nodeId: 1 }, { handle: true })
      const sentAtMs = time.nowMs
      const sent = [send(producer, 'a')]
      await brokers.pass(10)
      sent.push(send(producer, 'b'))
      await brokers.pass(10)
      cluster.clearRequests()
      cluster.moveLeader('orders', 0, 2)
      await brokers.pass(requestTimeoutMs / 2)
      sent.push(send(producer, 'c'))
      await brokers.pass(100)
      // By now the producer has heard of the new leader, and is connected to it.
      const told = cluster.requests().filter(({ api, nodeId }) => api === 'Metadata' && nodeId === 2)
      expect(told.length).toBeGreaterThan(1)
      await brokers.ended(send(producer, 'meanwhile', 'others'), 1_000)
      expect(ignored.hits).toBe(1)
      expect(produced()).toEqual([])

      const overAtMs = end === 'a request timeout' ? sentAtMs + requestTimeoutMs : time.nowMs
      if (end === 'a dead connection') for (const link of network.links(portOf(1))) link.reset()
      const metadata = await brokers.ended(Promise.all(sent), 30_000)
      expect(metadata.map(({ offset }) => offset)).toEqual([1n, 2n, 3n])
      expect(inLog()).toEqual(['before', 'a', 'b', 'c'])
      expect(produced().map(({ nodeId }) => nodeId)).toEqual(produced().map(() => 2))
      expect(produced()[0]?.time).toBeGreaterThanOrEqual(overAtMs)
      await brokers.ended(producer.close())
    },
  )
})
