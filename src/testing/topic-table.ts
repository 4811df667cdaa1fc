import { PartitionLog } from './partition-log.js'
import type { TopicConfig } from './topic-config.js'
import { hintFor } from './unknown-name.js'

/** One partition: its replicas, its leader and its log. */
export class Partition {
  readonly topic: string
  readonly index: number
  replicas: readonly number[]
  readonly log: PartitionLog = new PartitionLog()
  /** -1 while there is none. */
  leader = -1
  leaderEpoch = -1
  inSync: number[]
  /**
   * While the partition has no leader: the source from which its last leader will load the producer state.
   */
  reloadsFrom: 'snapshot' | 'log' = 'log'
  /** The readers that wait for more records. Each is called once, after an append or a change of leader. */
  readonly #waiting = new Set<() => void>()

  constructor(topic: string, index: number, replicas: readonly number[]) {
    this.topic = topic
    this.index = index
    this.replicas = replicas
    this.inSync = [...replicas]
  }

  /** Sets the leader, or none (-1), always with a new epoch. */
  lead(nodeId: number): void {
    this.leader = nodeId
    this.leaderEpoch++
    this.wakeReaders()
  }

  /** Calls `wake` once, at the next append or change of leader. Returns a function that cancels it. */
  onChange(wake: () => void): () => void {
    this.#waiting.add(wake)
    return () => this.#waiting.delete(wake)
  }

  wakeReaders(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }
}

export interface Topic {
  readonly name: string
  readonly id: string
  readonly config: TopicConfig
  readonly partitions: Partition[]
}

/** The topics by name and by id. */
export class TopicTable {
  readonly #byName = new Map<string, Topic>()
  readonly #byId = new Map<string, Topic>()
  /** By the name in metrics, which is different for every topic. */
  readonly #byMetricName = new Map<string, Topic>()

  add(topic: Topic): void {
    this.#byName.set(topic.name, topic)
    this.#byId.set(topic.id, topic)
    this.#byMetricName.set(metricName(topic.name), topic)
  }

  remove(topic: Topic): void {
    this.#byName.delete(topic.name)
    this.#byId.delete(topic.id)
    this.#byMetricName.delete(metricName(topic.name))
    for (const partition of topic.partitions) partition.wakeReaders()
  }

  /** @throws RangeError if there is no such topic */
  require(name: string): Topic {
    const topic = this.#byName.get(name)
    if (topic !== undefined) return topic
    throw new RangeError(
      `there is no topic ${JSON.stringify(name)}${hintFor(name, [...this.#byName.keys()])}`,
    )
  }

  /** @throws RangeError if there is no such partition */
  requirePartition(name: string, index: number): Partition {
    const partition = this.require(name).partitions[index]
    if (partition === undefined) throw new RangeError(`topic ${name} has no partition ${index}`)
    return partition
  }

  named(name: string): Topic | undefined {
    return this.#byName.get(name)
  }

  withId(id: string): Topic | undefined {
    return this.#byId.get(id)
  }

  /** The topic with the same name in metrics. Kafka does not allow a second one. */
  collidingWith(name: string): Topic | undefined {
    return this.#byMetricName.get(metricName(name))
  }

  all(): Topic[] {
    return [...this.#byName.values()]
  }

  *partitions(): IterableIterator<Partition> {
    for (const topic of this.#byName.values()) yield* topic.partitions
  }
}

/** Kafka's metrics have an underscore for each dot of a topic's name. */
function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}

const MAX_NAME_LENGTH = 249

/** Why Kafka allows no topic of this name; null if it does. */
export function topicNameComplaint(name: string): string | null {
  if (name === '') return 'Topic name is invalid: the empty string is not allowed'
  if (name === '.' || name === '..') return `Topic name is invalid: "${name}" is not allowed`
  if (name.length > MAX_NAME_LENGTH) {
    return `Topic name is invalid: the length of '${name}' is longer than the max allowed length ${MAX_NAME_LENGTH}`
  }
  if (!/^[a-zA-Z0-9._-]+$/.test(name)) {
    return `Topic name is invalid: '${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`
  }
  return null
}
