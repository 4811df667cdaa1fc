import { Buffer } from 'node:buffer'
import type { Chance } from './chance.js'
import type { Tamper } from './link.js'
import { type FaultKind, someTime } from './request-faults.js'
import type { World } from './world.js'

/** Faults of the network between client and brokers. */
export const networkFaults: readonly FaultKind[] = [
  {
    name: 'connections reset',
    strike(world) {
      const { network, chance } = world
      const port = world.portOf(chance.pick(world.nodeIds))
      const links = network.links(chance.happens(0.3) ? undefined : port)
      if (links.length > 0) world.struck(this.name)
      for (const link of links) link.reset()
    },
  },
  {
    name: 'connection cut at a byte',
    strike({ network, chance }) {
      for (const link of network.links()) {
        link.cutAfter(
          chance.pick(['toBroker', 'toClient'] as const),
          chance.whole(1, chance.pick([20, 300, 5_000])),
        )
      }
    },
  },
  {
    name: 'silent network',
    strike(world) {
      world.network.isolate(world.portOf(world.chance.pick(world.nodeIds)), someTime(world))
    },
  },
  {
    name: 'connections refused',
    strike(world) {
      const { network } = world
      network.refuses = true
      if (world.chance.happens(0.5)) for (const link of network.links()) link.reset()
      world.later(someTime(world), () => {
        network.refuses = false
      })
    },
  },
  {
    name: 'names not resolved',
    strike(world) {
      const { network, chance } = world
      network.resolution = chance.pick(['fails', 'dead first', 'all dead', 'hangs'] as const)
      if (chance.happens(0.5)) for (const link of network.links()) link.reset()
      world.later(someTime(world), () => {
        network.resolution = 'right'
      })
    },
  },
  {
    name: 'hostile answer',
    strike({ network, chance }) {
      const tamper = tamperings[chance.whole(0, tamperings.length - 1)]?.(chance) ?? null
      const links = network.links()
      if (links.length > 0) chance.pick(links).tamper = tamper
    },
  },
]

/**
 * Bytes in the place of a response. None makes a false statement about a batch, which no client could detect.
 */
const tamperings: readonly ((chance: Chance) => Tamper)[] = [
  (chance) => () => Buffer.from(Array.from({ length: chance.whole(1, 200) }, () => chance.whole(0, 255))),
  // The response is sent twice, so the next request gets one with another correlation id.
  () => (bytes) => Buffer.concat([bytes, bytes]),
  () => (bytes) => withInt32(bytes, 0, -1),
  () => (bytes) => withInt32(bytes, 0, 0),
  () => (bytes) => withInt32(bytes, 0, 0x7fffffff),
  (chance) => (bytes) => withInt32(bytes, 4, chance.whole(-2, 1_000_000) + 1_000_000),
  (chance) => (bytes) => {
    const kept = bytes.subarray(0, Math.max(8, bytes.length - chance.whole(1, 12)))
    return withInt32(kept, 0, kept.length - 4)
  },
  () => () => Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
]

function withInt32(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes)
  if (changed.length >= at + 4) changed.writeInt32BE(value, at)
  return changed
}

/** Faults of brokers, their metadata and their logs. */
export const brokerFaults: readonly FaultKind[] = [
  {
    name: 'broker stopped',
    strike(world) {
      const { chance } = world
      const nodeId = chance.pick(world.nodeIds)
      if (world.stopBroker(nodeId, chance.pick([0, 50, 3_000]))) world.struck(this.name)
      world.later(someTime(world), () => world.startBroker(nodeId))
    },
  },
  {
    name: 'broker paused',
    strike(world) {
      const { cluster, chance } = world
      const nodeId = chance.pick(world.nodeIds)
      if (world.isConnectedTo(nodeId)) world.struck(this.name)
      cluster.pauseBroker(nodeId)
      world.later(someTime(world), () => cluster.resumeBroker(nodeId))
    },
  },
  {
    name: 'connections closed by the broker',
    strike(world) {
      const { cluster, chance, nodeIds } = world
      const nodeId = chance.happens(0.5) ? undefined : chance.pick(nodeIds)
      if (world.isConnectedTo(nodeId)) world.struck(this.name)
      cluster.closeConnections(nodeId)
    },
  },
  {
    name: 'leaders moved',
    strike(world) {
      const moves = world.chance.pick([1, 1, 3, 10])
      const move = (): void => {
        if (moveALeader(world)) world.struck(this.name)
      }
      for (let i = 0; i < moves; i++) world.later(i * world.chance.between(0, 60), move)
    },
  },
  {
    name: 'topic deleted and made anew',
    strike(world) {
      const topic = world.chance.pick(world.topicNames)
      if (world.deleteTopic(topic)) world.struck(this.name)
      world.later(world.chance.pick([0, 0, 50, 2_000]), () => world.createTopic(topic))
    },
  },
  {
    name: 'partitions added',
    strike(world) {
      const topic = world.chance.pick(world.topicNames)
      const count = world.partitionsOf(topic)
      if (count === 0 || count >= 12) return
      world.cluster.addPartitions(topic, count + world.chance.whole(1, 2))
      world.struck(this.name)
    },
  },
  {
    name: 'records deleted',
    strike(world) {
      const topic = world.chance.pick(world.topicNames)
      const count = world.partitionsOf(topic)
      if (count === 0) return
      const partition = world.chance.whole(0, count - 1)
      const beforeOffset = world.history.beforeDeletion(topic, partition, world.chance.random())
      if (beforeOffset === 0n) return
      world.cluster.deleteRecords(topic, partition, beforeOffset)
      world.struck(this.name)
    },
  },
  {
    name: 'versions limited',
    strike(world) {
      const { cluster, chance } = world
      const [produce, metadata] = chance.pick(VERSION_LIMITS)
      world.struck(this.name)
      world.namesTopics ||= produce !== null
      cluster.limitVersions('Produce', produce)
      cluster.limitVersions('Metadata', metadata)
      cluster.closeConnections()
    },
  },
  {
    name: 'broker moved to another address',
    strike(world) {
      const { cluster, chance, network } = world
      const nodeId = chance.pick(world.nodeIds)
      const port = chance.whole(20_000, 30_000)
      world.struck(this.name)
      // The address sometimes has no broker.
      if (chance.happens(0.7)) network.alias(port, world.portOf(nodeId))
      cluster.advertise(nodeId, { host: `moved-${port}`, port })
      world.later(someTime(world), () =>
        cluster.advertise(nodeId, { host: 'broker', port: world.portOf(nodeId) }),
      )
    },
  },
]

/**
 * Versions of Produce and Metadata of older and newer brokers. A broker has topic ids in both or in neither.
 */
const VERSION_LIMITS = [
  [null, null],
  [
    [3, 7],
    [0, 8],
  ],
  [
    [3, 9],
    [0, 9],
  ],
  [
    [3, 11],
    [0, 12],
  ],
  [[0, 12], null],
] as const

/** Moves a leader. Returns whether there was one to move. */
function moveALeader(world: World): boolean {
  const { chance, topicNames, nodeIds, cluster } = world
  const topic = chance.pick(topicNames)
  const count = world.partitionsOf(topic)
  if (count === 0) return false
  cluster.moveLeader(topic, chance.whole(0, count - 1), chance.pick(nodeIds))
  return true
}

/** Delays a request at its broker, and moves all leaders before the broker handles it. */
export function moveLeadersBehindARequest(world: World): void {
  const { cluster, chance, scenario } = world
  const afterMs = chance.between(0, 1.2 * scenario.config.requestTimeoutMs)
  world.keep('request delayed', cluster.delayRequests({ api: 'Produce' }, afterMs))
  world.later(chance.between(0, 10), () => {
    for (const topic of world.topicNames)
      for (let partition = world.partitionsOf(topic) - 1; partition >= 0; partition--)
        cluster.moveLeader(topic, partition, chance.pick(world.nodeIds))
    // A client that loses a connection requests metadata, and so learns of the new leaders while the old one
    // has its request.
    if (chance.happens(0.7)) cluster.closeConnections(chance.pick(world.nodeIds))
  })
}

/** Faults of the client's own process. */
export const processFaults: readonly FaultKind[] = [
  {
    name: 'event loop stalled',
    strike(world) {
      world.time.stall(someTime(world))
      world.struck(this.name)
    },
  },
  {
    name: 'wall clock set',
    strike(world) {
      world.time.wallSkewMs = world.chance.pick([-3_600_000, -1_000, 1_000, 1_800_000, 7_200_000])
      world.struck(this.name)
    },
  },
  {
    name: 'compression fails',
    strike(world) {
      const { compression } = world
      compression.fails = true
      world.later(someTime(world), () => {
        compression.fails = false
      })
    },
  },
]
