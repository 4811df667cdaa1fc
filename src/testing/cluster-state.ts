import { Buffer } from 'node:buffer'
import type { Clock } from '../environment/clock.js'
import type { VersionRange } from '../protocol/api.js'
import { ErrorCode } from '../protocol/error-codes.js'
import type { ClusterConfig } from './cluster-config.js'
import type { ListeningPort } from './listen.js'
import type { SaslServer } from './sasl/sasl-server.js'
import { TopicConfig, topicConfigComplaint } from './topic-config.js'
import { Partition, type Topic, TopicTable, topicNameComplaint } from './topic-table.js'

/** A broker as the others see it. */
export interface ClusterNode {
  readonly id: number
  /** Whether it is running. A node that is down is not in metadata. */
  up: boolean
  /** The host in metadata, to which clients connect. */
  host: string
  port: number
}

/** A topic to create. A field that is left out has Kafka's default. */
export interface NewTopic {
  readonly topic: string
  readonly numPartitions?: number | undefined
  readonly replicationFactor?: number | undefined
  /** Topic settings by Kafka's names, such as `cleanup.policy`. */
  readonly configs?: Readonly<Record<string, string>> | undefined
  /**
   * The node ids of each partition's replicas, the preferred leader first. Given instead of the two numbers.
   */
  readonly assignments?: readonly (readonly number[])[] | undefined
}

export type Created =
  | { readonly errorCode: typeof ErrorCode.NONE; readonly topic: Topic }
  | { readonly errorCode: number; readonly message: string; readonly topic: null }

/**
 * When metadata has a topic that is created automatically (`auto.create.topics.enable`):
 *
 * - `'immediate'`: the Metadata response that creates the topic has it. A test's first send needs no backoff.
 * - `'as-kafka'`: that response has UNKNOWN_TOPIC_OR_PARTITION, as Kafka's does. The next one has the topic.
 */
export type AutoCreation = 'immediate' | 'as-kafka'

/**
 * The state that all brokers of a cluster share, as the controller sees it. It does no I/O, and its time is
 * the given clock.
 */
export class ClusterState {
  readonly config: ClusterConfig
  readonly clock: Clock
  readonly clusterId: string
  readonly autoCreation: AutoCreation
  /** The logins that brokers demand; null if nobody has to log in. */
  readonly sasl: SaslServer | null
  readonly nodes: Map<number, ClusterNode> = new Map<number, ClusterNode>()
  readonly topics: TopicTable = new TopicTable()
  /** The versions that brokers are limited to, by API key. */
  readonly versionLimits: Map<number, VersionRange> = new Map<number, VersionRange>()
  readonly #random: () => number
  /** The epoch of a new producer id. A test may set it near the highest epoch. */
  firstProducerEpoch = 0
  #nextProducerId = 0n

  constructor(
    config: ClusterConfig,
    clock: Clock,
    random: () => number,
    autoCreation: AutoCreation = 'immediate',
    sasl: SaslServer | null = null,
  ) {
    this.config = config
    this.clock = clock
    this.#random = random
    this.autoCreation = autoCreation
    this.sasl = sasl
    this.clusterId = this.#uuid()
  }

  /** The node that acts as the controller; -1 if all nodes are down. */
  get controllerId(): number {
    return this.upNodes()[0]?.id ?? -1
  }

  upNodes(): ClusterNode[] {
    return [...this.nodes.values()].filter((node) => node.up)
  }

  /** Changes the address of a broker in metadata. */
  advertise(
    nodeId: number,
    { host, port }: { readonly host?: string | undefined; readonly port?: number | undefined },
  ): void {
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
    const given = givenConfigs(wanted)
    const topic: Topic = {
      name: wanted.topic,
      id: this.#uuid(),
      config: new TopicConfig(this.config, given),
      partitions: this.#assign(wanted).map((replicas, i) => this.#newPartition(wanted.topic, i, replicas)),
    }
    if (!validateOnly) this.topics.add(topic)
    return { errorCode: ErrorCode.NONE, topic }
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
    const collision = this.topics.collidingWith(wanted.topic)
    if (collision !== undefined) {
      const message = `Topic '${wanted.topic}' collides with existing topic: ${collision.name}`
      return { errorCode: ErrorCode.INVALID_TOPIC_EXCEPTION, message }
    }
    const message = topicConfigComplaint(this.config, givenConfigs(wanted))
    if (message !== null) return { errorCode: ErrorCode.INVALID_CONFIG, message }
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

  /** Adds partitions until there are `count`. Returns the reason if that is refused. */
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

  /** A broker listens for the first time. */
  nodeOpened(id: number, { host, port }: ListeningPort): void {
    this.nodes.set(id, { id, up: true, host, port })
  }

  /**
   * Takes a broker out of the cluster. Its partitions get the first in-sync replica that is up as leader, as
   * Kafka's controller does it.
   */
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

  /**
   * Brings a broker back. Its replicas are in sync at once, and it leads its partitions that have no leader.
   */
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
    // Replicas that came back before the last leader can follow it now.
    for (const partition of this.topics.partitions()) this.#catchUp(partition)
  }

  /** Makes a node the leader. If it has no replica, it replaces the previous leader as a replica. */
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
    // The last in-sync replica stays in sync even while it is down: only it can lead again without losing
    // records.
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

  /**
   * The replicas of partition 0 start at the first node, those of partition 1 at the second, and so on. So a
   * test knows the leaders beforehand.
   */
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
    // Kafka never makes an id with a leading dash, because a command line would take it for an option.
    return text.startsWith('-') ? this.#uuid() : text
  }
}

/** A setting that is undefined counts as left out. */
function givenConfigs({ configs = {} }: NewTopic): Map<string, string> {
  const given = Object.entries<unknown>(configs).filter(([, value]) => value !== undefined)
  return new Map(given.map(([name, value]) => [name, String(value)]))
}
