import type { ApiName, RequestMatch } from '../../src/testing/index.js'
import type { World } from './world.js'

/** A fault that a seed may choose. */
export interface FaultKind {
  readonly name: string
  /**
   * Starts the fault, now or at the first request that it can strike. Only faults that really struck are
   * counted by their name.
   */
  strike(world: World): void
}

/** Codes with which a broker refuses a batch that it has not appended. */
const REFUSALS = [2, 3, 5, 6, 9, 10, 17, 18, 19, 29, 31, 32, 42, 45, 47, 49, 56, 59, 74, 75, 87, 90]
/** Codes that leave open whether the broker has appended the batch. */
const DOUBTS = [7, 20, -1, 13, 9_999]
/** Codes that a broker may give for a batch that it has appended. */
const DENIALS = [...DOUBTS, 3, 6, 46, 56]
/** Codes that count as faults of their own, whichever kind chose them. */
export const NAMED_CODES: ReadonlyMap<number, string> = new Map([
  [2, 'batch called damaged'],
  [19, 'too few replicas in sync'],
  [9_999, 'error code that nobody knows'],
])
const METADATA_ERRORS = [3, 5, 29, 17, -1, 129]
const IDENTITY_ERRORS = [14, 15, 16, 51, 31, -1]

function match({ chance, nodeIds, topicNames }: World, api: ApiName = 'Produce'): RequestMatch {
  return {
    api,
    ...(chance.happens(0.3) && { nodeId: chance.pick(nodeIds) }),
    ...(chance.happens(0.3) && api === 'Produce' && { topic: chance.pick(topicNames) }),
    skip: chance.pick([0, 0, 0, 1, 5]),
    times: chance.pick([1, 1, 1, 2, 3, 6, 12]),
  }
}

function named(code: number, kind: string): string {
  return NAMED_CODES.get(code) ?? kind
}

/** An API, mostly Produce. */
function anyApi({ chance }: World): ApiName {
  return chance.pick([
    'Produce',
    'Produce',
    'Produce',
    'Produce',
    'Metadata',
    'ApiVersions',
    'InitProducerId',
  ])
}

/** A duration that may or may not be longer than a request timeout. */
export function someTime({ chance, scenario }: World): number {
  const { requestTimeoutMs } = scenario.config
  return chance.pick([1, 20, 200, requestTimeoutMs * 0.9, requestTimeoutMs * 1.5, requestTimeoutMs * 4])
}

/** Faults that strike single requests at the broker. */
export const requestFaults: readonly FaultKind[] = [
  {
    name: 'request cut',
    strike(world) {
      const { cluster, chance } = world
      world.keep(
        this.name,
        cluster.cutRequests(match(world, anyApi(world)), chance.pick([1, 8, 60, 150, 400, 1e9])),
      )
    },
  },
  {
    name: 'answer cut',
    strike(world) {
      const { cluster, chance } = world
      world.keep(this.name, cluster.cutAnswers(match(world, anyApi(world)), chance.whole(0, 60)))
    },
  },
  {
    name: 'answer dropped',
    strike(world) {
      world.keep(this.name, world.cluster.dropAnswers(match(world, chanceOfProduce(world))))
    },
  },
  {
    name: 'batch refused',
    strike(world) {
      const { cluster, chance } = world
      const about = match(world)
      const code = chance.pick(REFUSALS)
      world.keep(named(code, this.name), cluster.failRequests(about, code))
    },
  },
  {
    name: 'batch in doubt, not appended',
    strike(world) {
      const { cluster, chance } = world
      const about = match(world)
      const code = chance.pick(DOUBTS)
      world.keep(named(code, this.name), cluster.failRequests(about, code))
    },
  },
  {
    name: 'batch in doubt, appended',
    strike(world) {
      const { cluster, chance } = world
      const about = match(world)
      const code = chance.pick(DENIALS)
      world.keep(named(code, this.name), cluster.failRequests(about, code, { afterHandling: true }))
    },
  },
  {
    name: 'batch in doubt, then refused',
    strike(world) {
      const { cluster, chance } = world
      const first = match(world)
      const again = { ...first, skip: (first.skip ?? 0) + 1, times: chance.pick([1, 1, 2]) }
      const doubt = chance.pick(DOUBTS)
      const refusal = chance.pick(REFUSALS)
      const once = { ...first, times: 1 }
      world.keep(named(doubt, this.name), cluster.failRequests(once, doubt, { afterHandling: true }))
      world.keep(named(refusal, this.name), cluster.failRequests(again, refusal))
    },
  },
  {
    name: 'metadata refused',
    strike(world) {
      const { cluster, chance, topicNames } = world
      const about = chance.happens(0.5) ? { topic: chance.pick(topicNames) } : {}
      world.keep(
        this.name,
        cluster.failRequests({ ...match(world, 'Metadata'), ...about }, chance.pick(METADATA_ERRORS)),
      )
    },
  },
  {
    name: 'producer id refused',
    strike(world) {
      const { cluster, chance } = world
      world.keep(
        this.name,
        cluster.failRequests(match(world, 'InitProducerId'), chance.pick(IDENTITY_ERRORS)),
      )
    },
  },
  {
    name: 'request delayed',
    strike(world) {
      world.keep(this.name, world.cluster.delayRequests(match(world, anyApi(world)), someTime(world)))
    },
  },
  {
    name: 'answer delayed',
    strike(world) {
      world.keep(this.name, world.cluster.delayAnswers(match(world, anyApi(world)), someTime(world)))
    },
  },
  {
    name: 'request ignored',
    strike(world) {
      const { cluster, chance } = world
      world.keep(
        this.name,
        cluster.ignoreRequests(match(world, anyApi(world)), { handle: chance.happens(0.5) }),
      )
    },
  },
  {
    name: 'throttled',
    strike(world) {
      world.keep(this.name, world.cluster.throttle(match(world, anyApi(world)), someTime(world)))
    },
  },
  {
    name: 'topic left out of metadata',
    strike(world) {
      const { cluster, chance, topicNames } = world
      world.keep(this.name, cluster.omitFromMetadata(chance.pick(topicNames), chance.pick([1, 2, 5])))
    },
  },
]

function chanceOfProduce(world: World): ApiName {
  return world.chance.happens(0.85) ? 'Produce' : anyApi(world)
}
