import type { CommonVersions } from './common-versions.js'
import type { LaneKind } from './lane-kinds.js'
import type { ProducerName, Restart } from './script.js'

export interface TopicUnderComparison {
  readonly topic: string
  readonly topicId: string
}

/** How a cluster is reached and restarted. */
export interface ComparedCluster {
  /** As the report calls it, such as `Kafka 4.4.0`. */
  readonly name: string
  /** Of Kafka; null for the embedded cluster. */
  readonly version: string | null
  readonly bootstrapServers: string
  /** Ends the broker and starts it again. */
  restart(how: Restart): Promise<void>
}

/** A cluster with its topics, and with what its producer ids are called in the scripts. */
export class ClusterUnderComparison {
  readonly #cluster: ComparedCluster
  readonly versions: CommonVersions
  readonly #topics: ReadonlyMap<LaneKind, TopicUnderComparison>
  readonly #idsByName = new Map<string, bigint>()
  readonly #namesById = new Map<bigint, string>()
  readonly #timesGiven = new Map<string, number>()

  constructor(
    cluster: ComparedCluster,
    topics: ReadonlyMap<LaneKind, TopicUnderComparison>,
    versions: CommonVersions,
  ) {
    this.#cluster = cluster
    this.#topics = topics
    this.versions = versions
  }

  get name(): string {
    return this.#cluster.name
  }

  get bootstrapServers(): string {
    return this.#cluster.bootstrapServers
  }

  restart(how: Restart): Promise<void> {
    return this.#cluster.restart(how)
  }

  topicOf(kind: LaneKind): TopicUnderComparison {
    const topic = this.#topics.get(kind)
    if (topic === undefined) throw new RangeError(`no topic was made for lanes of the kind ${kind}`)
    return topic
  }

  /** Whether the cluster has given this id to a script. */
  hasGiven(id: bigint): boolean {
    return this.#namesById.has(id)
  }

  noteProducerId(script: number, name: ProducerName, id: bigint): void {
    const called = `${name} of script ${script}`
    const times = (this.#timesGiven.get(called) ?? 0) + 1
    this.#timesGiven.set(called, times)
    this.#idsByName.set(called, id)
    this.#namesById.set(id, `${called}, ${times}.`)
  }

  producerIdOf(script: number, name: ProducerName): bigint | undefined {
    return this.#idsByName.get(`${name} of script ${script}`)
  }

  /** What the scripts call an id that stands in a log. */
  nameOf(id: bigint): string {
    return this.#namesById.get(id) ?? String(id)
  }
}
