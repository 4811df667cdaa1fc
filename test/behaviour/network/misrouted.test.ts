import { beforeEach, describe, expect, it } from 'vitest'
import type { NetworkOptions } from '../../../src/network/network-options.js'
import type { FakeBroker } from '../../support/fake-broker.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { turns } from '../../support/turns.js'
import { idA, TwoTopics } from '../../support/two-topics.js'

// KIP-1242: after addresses were reassigned, a connection may reach another broker than the expected one.

const world = new TwoTopics()
const NOBODY = { clusterId: null, nodeId: -1 }

/** A client whose bootstrap server is the name `bootstrap`. */
function client(options: Partial<NetworkOptions> = {}): void {
  world.cluster.close()
  world.cluster = world.fake.client({ bootstrapServers: [{ host: 'bootstrap', port: 9092 }], ...options })
}

function brokerOf(nodeId: number): FakeBroker {
  const broker = world.fake.brokers.get(nodeId)
  if (broker === undefined) throw new Error(`there is no broker ${nodeId}`)
  return broker
}

async function connected(nodeId: number): Promise<void> {
  world.cluster.node(nodeId)?.connect()
  await turns(12)
}

beforeEach(async () => {
  world.fake.names.set('bootstrap', ['10.0.0.1'])
  client()
})

describe('a broker gets the ids that the client expects', () => {
  it('if metadata has named it, and not as a bootstrap server', async () => {
    await world.known('orders')
    await connected(1)
    await connected(2)
    expect(brokerOf(1).expected).toEqual([NOBODY, { clusterId: 'cluster', nodeId: 1 }])
    expect(brokerOf(2).expected).toEqual([{ clusterId: 'cluster', nodeId: 2 }])
  })

  it('if a leader hint has named it', async () => {
    await world.known('orders')
    world.fake.addBroker(3)
    world.cluster.applyLeaderHint('orders', 0, 3, 9, { nodeId: 3, host: '10.0.0.3', port: 9092 })
    await connected(3)
    expect(brokerOf(3).expected).toEqual([{ clusterId: 'cluster', nodeId: 3 }])
  })

  it('with the current cluster id', async () => {
    await world.known('orders')
    await connected(1)
    world.fake.clusterId = 'another'
    world.cluster.requestUpdate()
    await world.pass(1_000)
    await connected(2)
    expect(brokerOf(2).expected).toEqual([{ clusterId: 'another', nodeId: 2 }])
  })

  it.each<[string, Partial<NetworkOptions>]>([
    ['if the check is off', { metadataClusterCheckEnable: false }],
    ['if the client never starts again from the bootstrap servers', { metadataRecoveryStrategy: 'none' }],
  ])('but not %s', async (_, options) => {
    client(options)
    await world.known('orders')
    await connected(2)
    expect(brokerOf(2).expected).toEqual([NOBODY])
  })

  it('but not if the cluster has no id', async () => {
    world.fake.clusterId = null
    await world.known('orders')
    await connected(2)
    expect(brokerOf(2).expected).toEqual([NOBODY])
  })
})

describe('a broker that is not the expected one', () => {
  /** Another cluster takes over the address of broker 2 and the bootstrap name. */
  function replaceCluster(): void {
    world.fake.addBroker(7)
    const { metadata } = brokerOf(7)
    for (const id of [2, 7]) {
      const broker = world.fake.brokers.get(id) ?? world.fake.addBroker(id)
      broker.identity = () => ({ clusterId: 'another', nodeId: id })
      broker.metadata = (request) => {
        const response = metadata(request)
        const brokers = [
          { nodeId: 7, host: '10.0.0.7', port: 9092, rack: null },
          { nodeId: 2, host: '10.0.0.2', port: 9092, rack: null },
        ]
        const topics = [metadataTopic('orders', 'AAAAAAAAAAAAAAAAAAAAAw', [7, 2])]
        return response === null ? null : { ...response, clusterId: 'another', brokers, topics }
      }
    }
    world.fake.names.set('bootstrap', ['10.0.0.7'])
    world.fake.advertised = world.fake.advertised.slice(0, 2)
  }

  it('makes the client ask the bootstrap servers, although the known brokers still answer', async () => {
    await world.known('orders')
    await connected(1)
    replaceCluster()
    await connected(2)
    await world.pass(1_000, 10)
    expect(world.cluster.clusterId).toBe('another')
    expect(world.fake.log.filter((line) => line === 'another cluster')).toHaveLength(1)
    expect(world.cluster.nodes().map(({ nodeId }) => nodeId)).toEqual([2, 7])
    await connected(2)
    expect(world.cluster.node(2)?.isReady).toBe(true)
  })

  it('is not used if metadata keeps its address, and the other brokers are', async () => {
    await world.known('orders')
    await connected(1)
    brokerOf(2).identity = () => ({ clusterId: 'cluster', nodeId: 3 })
    world.fake.log.length = 0
    const dialled = world.fake.network.dialled.length
    for (let i = 0; i < 100; i++) {
      world.cluster.node(2)?.connect()
      await world.pass(100)
    }
    expect(world.cluster.node(2)?.isReady).toBe(false)
    expect(world.cluster.node(1)?.isReady).toBe(true)
    expect(world.fake.log).not.toContain('disconnected 1')
    // Broker 2 and a bootstrap server are each tried at most once per backoff, which grows to a second.
    expect(world.fake.network.dialled.length - dialled).toBeLessThan(40)
    expect(world.cluster.node(2)?.lastError).toMatchObject({ code: 'REBOOTSTRAP_REQUIRED', retriable: true })
  })

  it('is named in the error with its address and the setting to check', async () => {
    await world.known('orders')
    brokerOf(2).identity = () => ({ clusterId: 'cluster', nodeId: 3 })
    await connected(2)
    expect(world.fake.lastError?.message).toBe(
      'cannot connect to broker 10.0.0.2:9092 (node 2): 10.0.0.2:9092: ApiVersions: the broker is not node 2 of cluster cluster (REBOOTSTRAP_REQUIRED). The cluster advertises 10.0.0.2:9092 as the address of node 2: check advertised.listeners of the brokers. If several brokers share one address, set metadataClusterCheckEnable to false',
    )
  })

  it('is used at its new address once metadata has it', async () => {
    await world.known('orders')
    brokerOf(2).identity = () => ({ clusterId: 'cluster', nodeId: 3 })
    world.fake.addBroker(8).identity = () => ({ clusterId: 'cluster', nodeId: 2 })
    world.fake.advertised = [
      { nodeId: 1, host: '10.0.0.1', port: 9092 },
      { nodeId: 2, host: '10.0.0.8', port: 9092 },
    ]
    await connected(2)
    await world.pass(200, 4)
    await connected(2)
    expect(world.cluster.node(2)).toMatchObject({ isReady: true, host: '10.0.0.8' })
  })

  it('makes the client ask the known brokers if no bootstrap server can be reached', async () => {
    await world.known('orders')
    await connected(1)
    world.fake.names.set('bootstrap', ['10.0.0.66'])
    brokerOf(2).identity = () => ({ clusterId: 'cluster', nodeId: 3 })
    world.fake.topics.set('orders', metadataTopic('orders', idA, [1, 1], 4))
    await connected(2)
    await world.pass(1_000, 10)
    expect(world.cluster.topic('orders')?.partitions[1]?.leaderId).toBe(1)
  })
})
