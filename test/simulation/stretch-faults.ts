import { type FaultKind, someTime } from './request-faults.js'
import type { World } from './world.js'

/** All brokers but one, in a random order; the only one if there is no other. */
function mostOf({ chance, nodeIds }: World): number[] {
  const spared = nodeIds.length === 1 ? null : chance.pick(nodeIds)
  return nodeIds.filter((nodeId) => nodeId !== spared)
}

/** Faults that strike several brokers at a time, or one for a long stretch. */
export const stretchFaults: readonly FaultKind[] = [
  {
    name: 'brokers paused together',
    strike(world) {
      const { cluster, chance } = world
      const nodeIds = mostOf(world)
      const pausedMs = someTime(world)
      const rounds = chance.pick([1, 1, 2, 4])
      for (let round = 0; round < rounds; round++) {
        world.later(round * 1.5 * pausedMs, () => {
          if (nodeIds.every((nodeId) => world.isConnectedTo(nodeId))) world.struck(this.name)
          for (const nodeId of nodeIds) cluster.pauseBroker(nodeId)
        })
        world.later((round * 1.5 + 1) * pausedMs, () => {
          for (const nodeId of nodeIds) cluster.resumeBroker(nodeId)
        })
      }
    },
  },
  {
    name: 'brokers stopped together',
    strike(world) {
      const nodeIds = mostOf(world)
      const failoverMs = world.chance.pick([0, 50, 3_000])
      const stopped = nodeIds.map((nodeId) => world.stopBroker(nodeId, failoverMs))
      if (stopped.every((wasUp) => wasUp)) world.struck(this.name)
      for (const nodeId of nodeIds) world.later(someTime(world), () => world.startBroker(nodeId))
    },
  },
  {
    name: 'rolling restart',
    strike(world) {
      const { chance } = world
      const downMs = chance.pick([10, 200, 2_000])
      const nodeIds = chance.happens(0.5) ? world.nodeIds : world.nodeIds.toReversed()
      let restarted = 0
      nodeIds.forEach((nodeId, i) => {
        world.later(1.2 * i * downMs, () => {
          if (world.stopBroker(nodeId, 0) && ++restarted === nodeIds.length) world.struck(this.name)
        })
        world.later((1.2 * i + 1) * downMs, () => world.startBroker(nodeId))
      })
    },
  },
  {
    name: 'slow broker',
    strike(world) {
      const { cluster, chance, scenario } = world
      const match = {
        api: 'Produce',
        nodeId: chance.pick(world.nodeIds),
        times: Number.POSITIVE_INFINITY,
      } as const
      const { requestTimeoutMs } = scenario.config
      const slowMs = chance.pick([0.2 * requestTimeoutMs, 0.8 * requestTimeoutMs, 2_000])
      const fault = chance.happens(0.5)
        ? cluster.delayRequests(match, slowMs)
        : cluster.delayAnswers(match, slowMs)
      world.keep(this.name, fault)
      world.later(chance.pick([5, 10, 20]) * slowMs, () => fault.remove())
    },
  },
  {
    name: 'answers lost in a row',
    strike(world) {
      const { network, chance } = world
      const rounds = chance.pick([2, 4, 7])
      for (let round = 0; round < rounds; round++) {
        const startMs = round * 500
        world.later(startMs, () => {
          const links = network.links()
          for (const link of links) link.loseAnswers()
          world.later(chance.between(20, 1.2 * world.scenario.config.requestTimeoutMs), () => {
            for (const link of links) link.reset()
          })
        })
      }
    },
  },
  {
    name: 'answers in one chunk',
    strike({ network, chance }) {
      const gatherMs = chance.pick([20, 100, 400])
      for (const link of network.links()) link.gatherMs = gatherMs
    },
  },
  {
    name: 'bytes in small pieces',
    strike({ network, chance }) {
      const largest = chance.pick([1, 3, 30])
      for (const link of network.links()) link.segments.breakUp(chance.whole(10, 100) * largest, largest)
    },
  },
  {
    name: 'topic deleted for good',
    strike(world) {
      // Without backoff the client requests a missing topic without a pause until its records time out, and
      // the run would show no other effect.
      if (world.scenario.config.retryBackoffMs === 0) return
      if (world.deleteTopicForGood(world.chance.pick(world.topicNames))) world.struck(this.name)
    },
  },
]
