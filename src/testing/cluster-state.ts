import { Buffer } from 'node:buffer'
import type { Clock } from '../environment/clock.js'
import type { VersionRange } from '../protocol/api.js'
import { type ClusterConfig, TopicConfig, topicConfigComplaint } from './cluster-config.js'
import { ErrorCode } from './error-code.js'
import { Partition, type Topic, TopicTable, topicNameComplaint } from './topic-table.js'

/** A broker as the others see it. */
export interface ClusterNode {
  readonly id: number
  /** Whether it answers; a node that is down is in no metadata. */
  up: boolean
  /** What metadata tells clients to dial. */
  host: string
  port: number
}

/** What a new topic is to be. Kafka's defaults stand in for what is left out. */
export interface NewTopic {
  readonly topic: string
  readonly numPartitions?: number
  readonly replicationFactor?: number
  /** Topic settings by Kafka's names, such as `cleanup.policy`. */
  readonly configs?: Readonly<Record<string, string>>
  /** The brokers of each partition, the preferred leader first; instead of the two numbers. */
  readonly assignments?: readonly (readonly number[])[]
}

export type Created =
  | { readonly errorCode: 0; readonly topic: Topic }
  | { readonly errorCode: number; readonly message: string; readonly topic: null }

/** What all brokers of a cluster agree on: the controller's view. No I/O, and no time but the clock it is given. */
export class ClusterState {
  readonly config: ClusterConfig
  readonly clock: Clock
  readonly clusterId: string
  readonly nodes: Map<number, ClusterNode> = new Map<number, ClusterNode>()
  readonly topics: TopicTable = new TopicTable()
  /** By API key: the versions brokers still admit to. */
  readonly versionLimits: Map<number, VersionRange> = new Map<number, VersionRange>()
  readonly #random: () => number
  /** The epoch that comes with a new producer id: 0, unless a test wants to see the last ones. */
  firstProducerEpoch = 0
  #nextProducerId = 0n

  constructor(config: ClusterConfig, clock: Clock, random: () => number) {
    this.config = config
    this.clock = clock
    this.#random = random
    this.clusterId = this.#uuid()
  }

  /** The node that acts as the controller; -1 if all are down. */
  get controllerId(): number {
    return this.upNodes()[0]?.id ?? -1
  }

  upNodes(): ClusterNode[] {
    return [...this.nodes.values()].filter((node) => node.up)
  }

  /** Changes where metadata tells clients to find a broker. */
  advertise(nodeId: number, { host, port }: { readonly host?: string; readonly port?: number }): void {
    const node = this.nodes.get(nodeId)
    if (node === undefined) return
    node.host = host ?? node.host
    node.port = port ?? node.port
  }

  newProducerId(): bigint {
    return this.#nextProducerId++
  }

  createTopic(wanted: NewTopic, validateOnly = false): Created {
    const refused = this.#refusal(wanted)
    if (refused !== null) return { ...refused, topic: null }
    const given = new Map(Object.entries(wanted.configs ?? {}))
    const topic: Topic = {
      name: wanted.topic,
      id: this.#uuid(),
      config: new TopicConfig(this.config, given),
      partitions: this.#assign(wanted).map((replicas, i) => this.#newPartition(wanted.topic, i, replicas)),
    }
    if (!validateOnly) this.topics.add(topic)
    return { errorCode: 0, topic }
  }

  #refusal(wanted: NewTopic): { readonly errorCode: number; readonly message: string } | null {
    const nameComplaint = topicNameComplaint(wanted.topic)
    if (nameComplaint !== null)
      return { errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION, message: nameComplaint }
    if (this.topics.named(wanted.topic) !== undefined) {
      return {
        errorCode: ErrorCode.TOPIC_ALREADY_EXISTS,
        message: `Topic '${wanted.topic}' already exists.`,
      }
    }
    const collision = this.topics.all().find((other) => sameMetricName(other.name, wanted.topic))
    if (collision !== undefined) {
      const message = `Topic '${wanted.topic}' collides with existing topic: ${collision.name}`
      return { errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION, message }
    }
    for (const [name, value] of Object.entries(wanted.configs ?? {})) {
      const message = topicConfigComplaint(name, value)
      if (message !== null) return { errorCode: ErrorCode.INVALID_CONFIG, message }
    }
    return this.#assignmentRefusal(wanted)
  }

  #assignmentRefusal(wanted: NewTopic): { readonly errorCode: number; readonly message: string } | null {
    if (wanted.assignments !== undefined) {
      const unknown = wanted.assignments.flat().find((id) => !this.nodes.has(id))
      const empty = wanted.assignments.length === 0 || wanted.assignments.some((ids) => ids.length === 0)
      if (unknown === undefined && !empty) return null
      const message = empty
        ? 'an assignment without brokers'
        : `broker ${unknown} of the assignment is not known`
      return { errorCode: ErrorCode.INVALID_REPLICA_ASSIGNMENT, message }
    }
    const partitions = wanted.numPartitions ?? -1
    if (partitions !== -1 && partitions < 1) {
      const message = 'Number of partitions was set to an invalid non-positive value.'
      return { errorCode: ErrorCode.INVALID_PARTITIONS, message }
    }
    const factor = this.#replicationFactor(wanted)
    if (factor < 1 || factor > this.nodes.size) {
      const message = `Unable to replicate the partition ${factor} time(s): ${this.nodes.size} broker(s) are registered.`
      return { errorCode: ErrorCode.INVALID_REPLICATION_FACTOR, message }
    }
    return null
  }

  /** Adds partitions up to `count` in all; the message says why not. */
  addPartitions(
    topic: Topic,
    count: number,
    assignments: readonly (readonly number[])[] | null = null,
  ): string | null {
    const existing = topic.partitions.length
    if (count <= existing)
      return `Topic currently has ${existing} partitions, which is not less than the requested ${count}.`
    const factor = topic.partitions[0]?.replicas.length ?? 1
    for (let index = existing; index < count; index++) {
      const replicas = assignments?.[index - existing] ?? this.#spread(index, factor)
      topic.partitions.push(this.#newPartition(topic.name, index, replicas))
    }
    return null
  }

  /** A broker that goes away leads nothing any more; the first replica in sync that is up takes over, as Kafka's controller has it. */
  nodeDown(nodeId: number, inOrder: boolean): void {
    const node = this.nodes.get(nodeId)
    if (node === undefined || !node.up) return
    node.up = false
    for (const partition of this.topics.partitions()) {
      const led = partition.leader === nodeId
      this.#withoutNode(partition, nodeId)
      if (led && partition.leader === -1) partition.reloadsFrom = inOrder ? 'snapshot' : 'log'
    }
  }

  /** A broker that comes back is in sync at once, and leads what nobody leads. */
  nodeUp(nodeId: number): void {
    const node = this.nodes.get(nodeId)
    if (node === undefined || node.up) return
    node.up = true
    for (const partition of this.topics.partitions()) {
      if (!partition.replicas.includes(nodeId)) continue
      const wasInSync = partition.inSync.includes(nodeId)
      if (partition.leader === -1 && wasInSync) this.#leadAgain(partition, nodeId)
      if (!wasInSync && partition.leader !== -1) partition.inSync.push(nodeId)
    }
    // The last leader's return lets the replicas follow that came back before it.
    for (const partition of this.topics.partitions()) this.#catchUp(partition)
  }

  /** Makes a node the leader; where it holds no replica it takes the place of the leader so far. */
  moveLeader(partition: Partition, nodeId: number): void {
    if (!partition.replicas.includes(nodeId)) {
      const before = partition.leader === -1 ? partition.replicas[0] : partition.leader
      partition.replicas = partition.replicas.map((id) => (id === before ? nodeId : id))
      partition.inSync = partition.inSync.filter((id) => id !== before)
    }
    if (!partition.inSync.includes(nodeId)) partition.inSync.push(nodeId)
    partition.lead(nodeId)
  }

  #leadAgain(partition: Partition, nodeId: number): void {
    const expirationMs = this.config.number('producer.id.expiration.ms')
    partition.log.reloadProducers(partition.reloadsFrom, expirationMs, this.clock.wallTime())
    partition.lead(nodeId)
  }

  #withoutNode(partition: Partition, nodeId: number): void {
    if (!partition.replicas.includes(nodeId)) return
    const others = partition.inSync.filter((id) => id !== nodeId)
    // The last one in sync stays so, even down: only it can lead again without losing records.
    if (others.length > 0) partition.inSync = others
    if (partition.leader !== nodeId) return
    const heir = partition.replicas.find((id) => others.includes(id) && this.nodes.get(id)?.up === true)
    partition.lead(heir ?? -1)
  }

  #catchUp(partition: Partition): void {
    if (partition.leader === -1) return
    for (const id of partition.replicas) {
      if (this.nodes.get(id)?.up === true && !partition.inSync.includes(id)) partition.inSync.push(id)
    }
  }

  #assign(wanted: NewTopic): readonly (readonly number[])[] {
    if (wanted.assignments !== undefined) return wanted.assignments
    const asked = wanted.numPartitions ?? -1
    const partitions = asked === -1 ? this.config.number('num.partitions') : asked
    const factor = this.#replicationFactor(wanted)
    return Array.from({ length: partitions }, (_, index) => this.#spread(index, factor))
  }

  #replicationFactor(wanted: NewTopic): number {
    const asked = wanted.replicationFactor ?? -1
    return asked === -1 ? this.config.number('default.replication.factor') : asked
  }

  /** Partition 0 starts at the first node, the next at the second, and so on: a test can tell beforehand who leads what. */
  #spread(index: number, factor: number): number[] {
    const ids = [...this.nodes.keys()]
    return Array.from({ length: factor }, (_, i) => ids[(index + i) % ids.length] as number)
  }

  #newPartition(topic: string, index: number, replicas: readonly number[]): Partition {
    const partition = new Partition(topic, index, replicas)
    const up = replicas.filter((id) => this.nodes.get(id)?.up === true)
    if (up.length > 0) partition.inSync = up
    partition.lead(up[0] ?? -1)
    return partition
  }

  #uuid(): string {
    const bytes = Buffer.from(Array.from({ length: 16 }, () => Math.floor(this.#random() * 256)))
    const text = bytes.toString('base64url')
    // Kafka never makes an id with a leading dash: command lines would take it for an option.
    return text.startsWith('-') ? this.#uuid() : text
  }
}

function sameMetricName(one: string, other: string): boolean {
  return one.replaceAll('.', '_') === other.replaceAll('.', '_')
}
