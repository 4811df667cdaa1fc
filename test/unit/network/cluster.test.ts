import { beforeEach, describe, expect, it } from 'vitest'
import type { Broker } from '../../../src/network/broker/broker.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { metadataResponse, metadataTopic } from '../../support/fake-broker.js'
import { defaultNetworkOptions } from '../../support/network-options.js'
import { turns } from '../../support/turns.js'
import { failure, idA, TwoTopics } from '../../support/two-topics.js'

const world = new TwoTopics()

/** The broker that lives there, as a look-up of a coordinator names it. */
function brokerAt(host: string): Broker {
  const broker = world.cluster.nodeAt({ nodeId: 7, host, port: 9092 })
  if (broker === undefined) throw new Error(`${host} is no address`)
  return broker
}

describe('one particular broker', () => {
  it('is connected to, and waited for', async () => {
    const broker = brokerAt('10.0.0.1')
    const ready = world.cluster.brokerReady(broker, 5_000)
    await turns(12)
    expect([await ready, broker.isReady]).toEqual([broker, true])
    expect(await world.cluster.brokerReady(broker, 0)).toBe(broker)
  })

  it('that cannot be connected to is said so at once', async () => {
    const error = failure(world.cluster.brokerReady(brokerAt('10.0.0.9'), 5_000))
    await turns(12)
    expect((await error).message).toMatch('10.0.0.9:9092: TCP connect: connection refused')
  })

  it.each(['while it waits out a backoff', 'before it is asked for'])(
    'that leaves the cluster %s is said so at once',
    async (when) => {
      world.cluster = world.fake.client({ reconnectBackoffMs: 4_000, reconnectBackoffMaxMs: 4_000 })
      await world.known('orders')
      const broker = world.cluster.node(2)
      if (broker === undefined) throw new Error('there is no broker 2')
      world.fake.network.on('10.0.0.2:9092', 'refuse')
      const attempt = failure(world.cluster.brokerReady(broker, 5_000))
      await turns(12)
      expect((await attempt).message).toMatch('TCP connect')
      const inBackoff = when.startsWith('while') ? failure(world.cluster.brokerReady(broker, 5_000)) : null
      world.fake.advertised = world.fake.advertised.filter(({ nodeId }) => nodeId !== 2)
      world.cluster.requestUpdate()
      await world.pass(1_000, 10)
      const error = await (inBackoff ?? failure(world.cluster.brokerReady(broker, 5_000)))
      expect(error).toMatchObject({ code: 'NETWORK', retriable: true })
      expect(error.message).toMatch('is not part of the cluster any more')
      expect(world.fake.clock.now()).toBeLessThan(5_000)
    },
  )

  it('that does not answer is said so at the deadline', async () => {
    world.fake.network.on('10.0.0.9:9092', 'hang')
    const error = failure(world.cluster.brokerReady(brokerAt('10.0.0.9'), 3_000))
    await world.pass(3_000, 30)
    expect(await error).toMatchObject({
      message: 'broker 10.0.0.9:9092 (node 7) could not be connected in time',
      phase: 'request',
    })
  })
})

describe('brokers', () => {
  it('are connected to when one is needed', async () => {
    const node = await world.cluster.ready(1_000)
    expect(node.nodeId).toBe(-1)
    await world.known('orders')
    const named = world.cluster.ready(1_000)
    await turns(12)
    expect((await named).nodeId).toBeGreaterThan(0)
    expect(world.cluster.leastLoadedNode()).toBe(await named)
  })

  it('are not connected to over the bootstrap list once they are known', async () => {
    await world.known('orders')
    await turns()
    expect(world.fake.network.open).toEqual([])
  })

  it('are tried one beside the other when the first one takes long', async () => {
    world.fake.network.on('10.0.0.7:9092', 'hang')
    world.fake.network.on('10.0.0.8:9092', 'hang')
    world.cluster = world.fake.client({
      bootstrapServers: [7, 8, 1].map((id) => ({ host: `10.0.0.${id}`, port: 9092 })),
    })
    const ready = world.cluster.ready(20_000)
    await turns(12)
    expect(world.fake.network.dialled).toHaveLength(1)
    await world.pass(2_000, 2)
    expect((await ready).host).toBe('10.0.0.1')
  })

  it('that cannot be reached are all named, with the reasons', async () => {
    world.cluster = world.fake.client({
      bootstrapServers: [
        { host: '10.0.0.8', port: 9092 },
        { host: 'nowhere', port: 9093 },
      ],
    })
    const error = failure(world.cluster.ready(5_000))
    const topic = failure(world.cluster.waitForTopic('orders', 5_000))
    await world.pass(5_000, 50)
    for (const { message } of [await error, await topic]) {
      expect(message).toMatch('after 5000 ms: no broker can be reached: ')
      expect(message).toMatch('10.0.0.8:9092: TCP connect: ')
      expect(message).toMatch('connection refused: nothing listens there (ECONNREFUSED)')
      expect(message).toMatch('nowhere: the name cannot be resolved (ENOTFOUND)')
    }
    // Two servers, each tried at most once per backoff, which grows to a second.
    expect(world.fake.network.dialled.length).toBeLessThan(15)
  })

  it('that move are looked for at the new address', async () => {
    await world.known('orders')
    world.cluster.node(2)?.connect()
    await turns(12)
    world.fake.advertised = [
      { nodeId: 1, host: '10.0.0.1', port: 9092 },
      { nodeId: 2, host: '10.0.0.7', port: 9092 },
    ]
    const node = world.cluster.node(2)
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.node(2)).toBe(node)
    expect(node?.host).toBe('10.0.0.7')
    expect(world.fake.log).toContain('disconnected 2')
  })

  it('that leave the cluster are forgotten, but not while they owe an answer', async () => {
    await world.known('orders')
    world.fake.advertised = world.fake.advertised.slice(0, 1)
    world.cluster.requestUpdate()
    await world.pass(1_000)
    expect(world.cluster.node(2)).toBeUndefined()
    expect(world.cluster.node(1)).toBeDefined()
  })

  it('are not given up before they could answer, whatever the configuration', async () => {
    world.cluster = world.fake.client({ metadataRecoveryRebootstrapTriggerMs: 0 })
    await world.known('orders')
    await world.pass(1_000)
    const dialled = world.fake.network.dialled.length
    world.fake.log.length = 0
    world.cluster.requestUpdate()
    await world.pass(5_000, 50)
    expect(world.fake.log.filter((line) => line.startsWith('disconnected'))).toEqual([])
    expect(world.fake.network.dialled.length - dialled).toBeLessThan(3)
  })
})

describe('starting again from the bootstrap list', () => {
  beforeEach(async () => {
    world.cluster = world.fake.client({ bootstrapServers: [{ host: 'bootstrap', port: 9092 }] })
    world.fake.names.set('bootstrap', ['10.0.0.1'])
    await world.known('orders')
  })

  /** The whole cluster comes back at other addresses. */
  function moveAway(): void {
    for (const id of [1, 2]) world.fake.network.on(`10.0.0.${id}:9092`, 'refuse')
    for (const peer of world.fake.network.open) peer.fail('ECONNRESET')
    world.fake.addBroker(8)
    world.fake.addBroker(9)
    world.fake.advertised = world.fake.advertised.slice(-2)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [8, 9], 1))
    world.fake.names.set('bootstrap', ['10.0.0.8'])
  }

  it('happens when no known broker can be reached, with the name resolved anew', async () => {
    const before = world.cluster.topic('orders')
    moveAway()
    world.cluster.requestUpdate()
    await world.pass(1_000, 10)
    expect(world.cluster.topic('orders')).not.toBe(before)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
    expect(world.cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([8, 9])
  })

  it('does not happen if the user does not want it', async () => {
    world.cluster.close()
    world.cluster = world.fake.client({
      bootstrapServers: [{ host: 'bootstrap', port: 9092 }],
      metadataRecoveryStrategy: 'none',
    })
    await world.known('orders')
    moveAway()
    world.cluster.requestUpdate()
    await world.pass(5_000, 20)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(1)
  })

  it('happens when a broker says so', async () => {
    moveAway()
    for (const id of [1, 2]) world.fake.addBroker(id)
    world.fake.advertised = world.fake.advertised.slice(0, 2)
    for (const id of [1, 2]) {
      const broker = world.fake.brokers.get(id)
      if (broker !== undefined)
        broker.metadata = () => metadataResponse([], [], ErrorCode.REBOOTSTRAP_REQUIRED)
    }
    world.cluster.requestUpdate()
    await world.pass(2_000, 20)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
  })

  it('happens when there was no metadata for too long', async () => {
    for (const broker of world.fake.brokers.values()) broker.isSilent = true
    world.fake.addBroker(8)
    world.fake.addBroker(9)
    world.fake.advertised = world.fake.advertised.slice(-2)
    world.fake.topics.set('orders', metadataTopic('orders', idA, [8, 9], 1))
    world.fake.names.set('bootstrap', ['10.0.0.8'])
    world.cluster.requestUpdate()
    await world.pass(310_000, 310)
    expect(world.cluster.topic('orders')?.partitions[0]?.leaderId).toBe(8)
  })

  it('says for how long metadata was asked for, also where the configuration allows no time', async () => {
    const told: string[] = []
    world.cluster.close()
    world.cluster = world.fake.client({
      bootstrapServers: [{ host: 'bootstrap', port: 9092 }],
      metadataRecoveryRebootstrapTriggerMs: 0,
      logger: { ...defaultNetworkOptions.logger, info: (line) => void told.push(line) },
    })
    await world.known('orders')
    for (const broker of world.fake.brokers.values()) broker.isSilent = true
    world.cluster.requestUpdate()
    await world.pass(35_000, 350)
    expect(told.join('\n')).toMatch('starting again from the bootstrap servers: no metadata for 1000 ms')
  })

  it('takes lower epochs from another cluster', async () => {
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2], 50))
    world.cluster.requestUpdate()
    await world.pass(1_000)
    moveAway()
    world.fake.clusterId = 'another'
    world.cluster.requestUpdate()
    await world.pass(2_000, 20)
    expect(world.cluster.topic('orders')?.partitions[0]).toMatchObject({ leaderId: 8, leaderEpoch: 1 })
    expect(world.fake.warnings.join()).toMatch('cluster another now, no longer to cluster')
    expect(world.fake.log.filter((line) => line === 'another cluster')).toHaveLength(1)
  })

  it('does not spin while nothing answers', async () => {
    moveAway()
    world.fake.network.on('10.0.0.8:9092', 'refuse')
    const dialled = world.fake.network.dialled.length
    world.cluster.requestUpdate()
    await world.pass(10_000, 100)
    // Three servers, each tried at most once per backoff, which grows to a second.
    expect(world.fake.network.dialled.length - dialled).toBeLessThan(50)
    expect(world.fake.network.dialled.length - dialled).toBeGreaterThan(10)
  })
})

describe('close', () => {
  it('rejects whatever waits, and what is asked later', async () => {
    world.fake.network.on('10.0.0.1:9092', 'hang')
    const broker = brokerAt('10.0.0.1')
    const waiting = [
      world.known('orders'),
      world.cluster.ready(60_000),
      world.cluster.brokerReady(broker, 60_000),
    ].map(failure)
    await turns()
    world.cluster.close()
    world.cluster.close()
    for (const error of await Promise.all(waiting)) expect(error.code).toBe('CLIENT_CLOSED')
    expect((await failure(world.known('orders'))).code).toBe('CLIENT_CLOSED')
    expect((await failure(world.cluster.ready(1))).code).toBe('CLIENT_CLOSED')
    expect((await failure(world.cluster.brokerReady(broker, 1))).code).toBe('CLIENT_CLOSED')
    world.cluster.requestUpdate()
  })
})
