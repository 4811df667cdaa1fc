import { describe, expect, it } from 'vitest'
import { Metadata } from '../../../src/protocol/metadata.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { turns } from '../../support/turns.js'
import { failure, idA, TwoTopics } from '../../support/two-topics.js'

const world = new TwoTopics()

const places = [
  ['no host', '', 0],
  ['no port', '10.0.0.2', 0],
  ['a negative port', '10.0.0.2', -1],
  ['an invalid port', '10.0.0.2', 70_000],
] as const

describe('a broker that is advertised at', () => {
  it.each(places)('%s cannot be reached, and the others can', async (_, host, port) => {
    world.fake.advertised = [
      { nodeId: 1, host: '10.0.0.1', port: 9092 },
      { nodeId: 2, host, port },
    ]
    expect((await world.known('orders')).partitions.map(({ leaderId }) => leaderId)).toEqual([1, 2])
    const [good, bad] = [world.cluster.node(1), world.cluster.node(2)]
    if (good === undefined || bad === undefined) throw new Error('a broker is missing')
    expect(await world.cluster.brokerReady(good, 60_000)).toBe(good)
    const { message } = await failure(world.cluster.brokerReady(bad, 60_000))
    expect(message).toBe(
      `cannot connect to broker ${host}:${port} (node 2): that is no address. The cluster itself names ${host}:${port} as this broker's address: check advertised.listeners of the broker, which must be reachable from this machine`,
    )
  })

  it.each(places)('%s later on does not keep the client from following leaders', async (_, host, port) => {
    world.fake.addBroker(3)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 7))
    await world.known('orders')
    world.fake.advertised = world.fake.advertised.map((broker) =>
      broker.nodeId === 2 ? { nodeId: 2, host, port } : broker,
    )
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 3], 8))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.topic('orders')?.partitions.map(({ leaderId }) => leaderId)).toEqual([1, 3])
  })

  it('an IPv6 address in brackets is connected to without them', async () => {
    world.fake.advertised = [
      { nodeId: 1, host: '10.0.0.1', port: 9092 },
      { nodeId: 2, host: '[::1]', port: 9092 },
    ]
    await world.known('orders')
    expect(world.cluster.node(2)?.host).toBe('::1')
    expect(world.cluster.node(2)?.description).toBe('[::1]:9092 (node 2)')
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.nodeAt({ nodeId: 2, host: '[::1]', port: 9092 })).toBe(world.cluster.node(2))
  })
})

describe('metadata that are refused', () => {
  it('are named, with every address in them, in the error of a wait for a topic', async () => {
    world.fake.advertised = [
      { nodeId: 1, host: '', port: 0 },
      { nodeId: -7, host: '10.0.0.2', port: 9092 },
    ]
    const waiting = failure(world.cluster.waitForTopic('orders', 1_000))
    await turns(12)
    await world.pass(1_000, 10)
    expect((await waiting).message).toBe(
      'topic orders is not in the metadata after 1000 ms: metadata without any broker that can be reached, only node 1 at ":0", node -7 at "10.0.0.2:9092": check advertised.listeners of the brokers',
    )
  })

  it('are named beside the topic error of an earlier response', async () => {
    const waiting = failure(world.cluster.waitForTopic('missing', 3_000))
    await turns(12)
    world.fake.advertised = []
    await world.pass(3_000, 30)
    expect((await waiting).message).toMatch(
      /^topic missing is not in the metadata after 3000 ms: .*UNKNOWN_TOPIC_OR_PARTITION.*metadata without any broker/,
    )
  })

  it('are named in the error of a wait for one broker', async () => {
    await world.known('orders')
    const broker = world.cluster.node(2)
    if (broker === undefined) throw new Error('a broker is missing')
    world.fake.network.on('10.0.0.2:9092', 'hang')
    world.fake.advertised = []
    world.cluster.requestUpdate()
    const waiting = failure(world.cluster.brokerReady(broker, 3_000))
    await world.pass(3_000, 30)
    expect((await waiting).message).toMatch(
      /^broker 10.0.0.2:9092 \(node 2\) could not be connected in time: metadata without any broker/,
    )
  })
})

describe('a server without metadata, such as a KRaft controller', () => {
  it('is not asked for metadata, and another bootstrap server is', async () => {
    const controller = world.fake.brokers.get(1)
    if (controller === undefined) throw new Error('a broker is missing')
    controller.ranges = controller.ranges.filter(({ apiKey }) => apiKey !== Metadata.key)
    world.fake.advertised = [{ nodeId: 2, host: '10.0.0.2', port: 9092 }]
    world.cluster = world.fake.client({
      // The first server is chosen at random; here it is the second of two.
      bootstrapServers: ['10.0.0.2', '10.0.0.1'].map((host) => ({ host, port: 9092 })),
    })
    const found = world.known('orders')
    await turns(12)
    await world.pass(1_000, 10)
    expect((await found).name).toBe('orders')
    expect(controller.metadataRequests).toEqual([])
    expect(world.fake.warnings).toEqual([
      expect.stringMatching(/^cannot connect to broker 10.0.0.1:9092 \(bootstrap\): .*a KRaft controller/),
    ])
  })

  it('is named in the error if there is no other', async () => {
    const controller = world.fake.brokers.get(1)
    if (controller === undefined) throw new Error('a broker is missing')
    controller.ranges = controller.ranges.filter(({ apiKey }) => apiKey !== Metadata.key)
    const waiting = failure(world.cluster.waitForTopic('orders', 1_000))
    await world.pass(1_000, 10)
    expect((await waiting).message).toMatch(
      /^topic orders is not in the metadata after 1000 ms: no broker can be reached: .*it knows no Metadata requests, so it is no broker but perhaps a KRaft controller: name the listeners of brokers/,
    )
  })
})
