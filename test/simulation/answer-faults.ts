import type { Api } from '../../src/protocol/api.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Metadata, type MetadataPartition } from '../../src/protocol/metadata.js'
import { Produce, type ProducePartitionResult } from '../../src/protocol/produce.js'
import { type AnswerMatch, type Rewrite, rewriteOf } from './answer-rewrites.js'
import type { Chance } from './chance.js'
import { malformed } from './malformed-answers.js'
import type { FaultKind } from './request-faults.js'
import type { World } from './world.js'

const INT32_MAX = 0x7fffffff
const NOBODY_ASKED_FOR_ID = 'AAAAAAAAQACAAAAAAADerQ'

/** A change that a seed may make to the responses of one API. */
function kindOf<Response>(
  name: string,
  api: Api<unknown, Response>,
  change: (response: Response, chance: Chance, version: number) => Response | null,
  times: readonly number[] = [1, 1, 1, 2, 5],
): FaultKind {
  return {
    name,
    strike(world) {
      const { chance } = world
      const rewrite = rewriteOf(api, (response, version) => change(response, chance, version))
      world.keep(name, world.answers.add(matchOf(world, api, times), rewrite))
    },
  }
}

function matchOf({ chance }: World, api: AnswerMatch['api'], times: readonly number[]): AnswerMatch {
  return { api, skip: chance.pick([0, 0, 0, 1, 5]), times: chance.pick(times) }
}

/** The partitions of the response differ from the request. The first result of each batch is true. */
const produceFaults: readonly FaultKind[] = [
  kindOf('partition missing in an answer', Produce, (response, chance) => {
    if (chance.happens(0.2)) return { ...response, topics: [] }
    return withResults(response, chance, () => [])
  }),
  kindOf('partition too many in an answer', Produce, (response, chance, version) => {
    const [topic] = response.topics
    const [result] = topic?.partitions ?? []
    if (topic === undefined || result === undefined) return null
    const extra = { ...result, index: chance.pick([7_777, INT32_MAX]), errorCode: chance.pick([0, 6, 87]) }
    const others = version >= 13 ? { topicId: NOBODY_ASKED_FOR_ID } : { name: 'nobody-asked' }
    const topics = chance.happens(0.5)
      ? [{ ...topic, ...others }, ...response.topics]
      : response.topics.map((each) => ({ ...each, partitions: [extra, ...each.partitions] }))
    return { ...response, topics }
  }),
  kindOf('partition twice in an answer', Produce, (response, chance) =>
    withResults(response, chance, (result) => [
      result,
      chance.pick([result, { ...result, errorCode: chance.pick([0, 6, 29]) }]),
    ]),
  ),
  kindOf('negative partition in an answer', Produce, (response, chance) =>
    withResults(response, chance, (result) => [{ ...result, index: chance.pick([-1, -INT32_MAX - 1]) }]),
  ),
]

type ProduceTopics = {
  readonly topics: readonly { readonly partitions: readonly ProducePartitionResult[] }[]
}

/** The response with one of its results replaced; null if it has none. */
function withResults<Response extends ProduceTopics>(
  response: Response,
  chance: Chance,
  change: (result: ProducePartitionResult) => ProducePartitionResult[],
): Response | null {
  const results = response.topics.flatMap(({ partitions }) => partitions)
  if (results.length === 0) return null
  const chosen = chance.pick(results)
  const topics = response.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.flatMap((result) => (result === chosen ? change(result) : [result])),
  }))
  return { ...response, topics }
}

/**
 * Numbers of false brokers that a response may add: as many as a client can try, or more than a client
 * accepts. A seed in which thousands are tried takes minutes.
 */
const BROKERS_TOO_MANY = [300, 300, 12_000] as const

const metadataFaults: readonly FaultKind[] = [
  // Three such responses in a row from brokers without topic ids would mean a topic that was created again.
  kindOf(
    'partition left out of metadata',
    Metadata,
    (response, chance) => withPartitions(response, chance, () => []),
    [1, 2],
  ),
  kindOf('impossible partition in metadata', Metadata, (response, chance) =>
    withPartitions(response, chance, (partition) => [
      { ...partition, partitionIndex: chance.pick([-1, -INT32_MAX - 1, INT32_MAX]) },
    ]),
  ),
  kindOf(
    'brokers without number',
    Metadata,
    (response, chance) => {
      const { brokers } = response
      // Every second one is a real broker under a further id, so that the client soon gets a true response.
      const more = Array.from({ length: chance.pick(BROKERS_TOO_MANY) }, (_, i) =>
        brokers.slice(i % brokers.length, (i % brokers.length) + 1).map((broker) => {
          return { ...broker, nodeId: 1_000 + i, ...(i % 2 === 0 && { port: 40_000 + i }) }
        }),
      )
      return { ...response, brokers: [...brokers, ...more.flat()] }
    },
    [1],
  ),
]

type MetadataTopics = {
  readonly topics: readonly { readonly partitions: readonly MetadataPartition[] }[]
}

/** The response with one partition of a topic with several replaced; null if it has no such topic. */
function withPartitions<Response extends MetadataTopics>(
  response: Response,
  chance: Chance,
  change: (partition: MetadataPartition) => MetadataPartition[],
): Response | null {
  const large = response.topics.filter(({ partitions }) => partitions.length > 1)
  if (large.length === 0) return null
  const { partitions } = chance.pick(large)
  const chosen = chance.pick(partitions)
  const topics = response.topics.map((topic) => ({
    ...topic,
    partitions: topic.partitions.flatMap((each) => (each === chosen ? change(each) : [each])),
  }))
  return { ...response, topics }
}

/** Responses that only a broken or hostile broker sends. */
const hostileFaults: readonly FaultKind[] = [
  kindOf('versions upside down', ApiVersions, (response, chance) => {
    const lie = chance.pick([Produce.key, Metadata.key, InitProducerId.key, ApiVersions.key])
    const apiKeys = response.apiKeys.map((range) => {
      return range.apiKey === lie ? { ...range, minVersion: range.maxVersion + 1 } : range
    })
    return { ...response, apiKeys }
  }),
  kindOf('endless pause asked for', Produce, (response) => ({ ...response, throttleTimeMs: INT32_MAX }), [1]),
  kindOf(
    'endless pause asked for',
    Metadata,
    (response) => ({ ...response, throttleTimeMs: INT32_MAX }),
    [1],
  ),
  {
    name: 'malformed answer',
    strike(world) {
      const { chance } = world
      const [api, rewrite] = chance.pick([
        [Produce, malformedOf(Produce, chance)],
        [Metadata, malformedOf(Metadata, chance)],
        [ApiVersions, malformedOf(ApiVersions, chance)],
        [InitProducerId, malformedOf(InitProducerId, chance)],
      ] as const)
      world.keep(this.name, world.answers.add(matchOf(world, api, [1, 1, 2]), rewrite))
    },
  },
]

function malformedOf<Response>(api: Api<unknown, Response>, chance: Chance): Rewrite {
  return ({ version, frame }) => malformed(api, version, frame, chance)
}

/**
 * Faults in responses, besides error codes. None makes a false statement about a batch, which no client could
 * detect.
 */
export const answerFaults: readonly FaultKind[] = [...produceFaults, ...metadataFaults, ...hostileFaults]
