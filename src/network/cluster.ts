import type { Timer } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import { AuthorizationError, InvalidTopicError, type KafkaError, NetworkError } from '../errors.js'
import { topicNameError } from '../protocol/topic-name.js'
import type { Broker } from './broker/broker.js'
import type { Obstacles } from './broker/node-obstacle.js'
import { leftTheCluster, type NodeAddress, NodeTable } from './broker/node-table.js'
import type { ClusterListener } from './cluster-listener.js'
import { ClusterWaiters, type WantedTopic } from './cluster-waiters.js'
import { noBroker, noConnection, noTopic, unaskable } from './metadata/metadata-timeout.js'
import { MetadataUpdates } from './metadata/metadata-updates.js'
import { withNewerLeader } from './metadata/topic-merge.js'
import type { TopicMetadata } from './metadata/topic-metadata.js'
import { TopicTable } from './metadata/topic-table.js'
import type { NetworkOptions } from './network-options.js'
import { Stalls } from './stalls.js'

export type { NodeAddress } from './broker/node-table.js'

/** The brokers and topics of one Kafka cluster, as far as they were asked for. Connects on demand. */
export class Cluster {
  /** The stalls of this process, for everything that waits for the cluster. */
  readonly stalls: Stalls
  readonly #environment: Environment
  readonly #listener: ClusterListener
  readonly #nodes: NodeTable
  readonly #topics = new TopicTable()
  readonly #updates: MetadataUpdates
  readonly #waiters: ClusterWaiters
  #timer: Timer | null = null
  #closedBy: KafkaError | null = null
  #isTending = false
  #mustTendAgain = false
  /** Whether metadata or a caller waits for a broker that can take a request. */
  #needsNode = false

  constructor(options: NetworkOptions, environment: Environment, listener: ClusterListener) {
    this.#environment = environment
    this.#listener = listener
    this.stalls = new Stalls(environment.clock)
    this.#waiters = new ClusterWaiters(environment.clock, this.stalls)
    const sasl = options.sasl === null ? null : options.sasl(environment)
    const context = { options, environment, stalls: this.stalls, sasl }
    this.#nodes = new NodeTable(context, {
      nodeReady: (node) => {
        this.#waiters.connection.settle((broker) => (broker === node ? node : undefined))
        this.#listener.nodeReady(node)
        if (node.nodeId < 0) this.#nodes.closeUnusedBootstrap()
        this.#tend()
      },
      nodeDisconnected: (node, error) => this.#nodeDisconnected(node, error),
      nodeAvailable: (node) => {
        // After a session was renewed, callers may wait for the connection.
        this.#waiters.connection.settle((broker) => (broker === node ? node : undefined))
        if (node.nodeId >= 0) this.#listener.nodeAvailable(node)
        if (this.#needsNode) this.#tend()
      },
      nodeThrottled: (node, throttleMs) => this.#listener.nodeThrottled(node, throttleMs),
      nodeBackoffEnded: () => this.#tend(),
    })
    this.#updates = new MetadataUpdates(options, environment, this.#nodes, this.#topics, {
      isTopicInUse: (name) => this.#listener.isTopicInUse(name),
      expired: (name) => this.#listener.topicExpired(name),
      clusterReplaced: () => this.#listener.clusterReplaced(),
      updated: (changed) => this.#updated(changed),
      failed: () => this.#tend(),
    })
  }

  /** Kafka's id of the cluster; null until a broker has named it. */
  get clusterId(): string | null {
    return this.#updates.clusterId
  }

  /** Why the last metadata update failed, so that the metadata may be old; undefined if it succeeded. */
  get metadataError(): KafkaError | undefined {
    return this.#updates.lastError
  }

  /** The metadata of a topic: one synchronous look-up, cheap enough for every record. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  /**
   * Marks the topic as used, which keeps it from expiring. An expired topic is asked for again at once,
   * because the caller may hold old metadata. Cheap enough for every record.
   */
  touchTopic(name: string): void {
    if (this.#topics.touch(name) || this.#closedBy !== null || topicNameError(name) !== null) return
    this.#topics.want(name, this.#environment.clock.now())
    this.#tend()
  }

  /**
   * Resolves when the topic, and the partition if one is named, is known.
   *
   * @param deadlineMs on the environment's clock.now()
   * @throws TimeoutError (phase `metadata`) at the deadline; earlier AuthorizationError, AuthenticationError,
   * InvalidTopicError, or InvalidRecordError if `partition` is no whole number from 0
   */
  waitForTopic(name: string, deadlineMs: number, partition?: number): Promise<TopicMetadata> {
    const refusal = this.#closedBy ?? unaskable(name, partition)
    if (refusal !== null) return Promise.reject(refusal)
    const wanted = { name, partition }
    const known = this.#wanted(wanted)
    if (known !== undefined) {
      this.#topics.touch(name)
      return Promise.resolve(known)
    }
    this.#topics.want(name, this.#environment.clock.now())
    const found = this.#waiters.topic.wait(wanted, deadlineMs, (waitedMs) => {
      const topic = this.#topics.get(name)
      const errors = [this.#topics.error(name), this.metadataError].filter((error) => error !== undefined)
      return noTopic({ name, partition, waitedMs, topic, errors, obstacles: this.#updates.obstacles() })
    })
    this.#tend()
    return found
  }

  /** Asks for all topics after the backoff: a leader has moved or is missing. */
  requestUpdate(): void {
    if (this.#closedBy !== null || this.#updates.isRequested) return
    this.#updates.request()
    this.#tend()
  }

  /**
   * Takes in a leader that a Produce response named (KIP-951). Its epoch must be newer than the known one,
   * and its broker must be known or come with its address.
   */
  applyLeaderHint(
    name: string,
    partition: number,
    leaderId: number,
    leaderEpoch: number,
    address?: NodeAddress,
  ): boolean {
    const led = withNewerLeader(this.#topics.get(name), partition, leaderId, leaderEpoch)
    if (led === undefined) return false
    const node = address?.nodeId === leaderId ? this.nodeAt(address) : this.node(leaderId)
    if (node === undefined) return false
    this.#topics.replace(led)
    this.#listener.metadataUpdated()
    return true
  }

  /** The broker with this id; undefined if neither metadata nor a hint has named it. */
  node(nodeId: number): Broker | undefined {
    return this.#nodes.get(nodeId)
  }

  /** The broker at an address from another broker; undefined if it is impossible or the cluster is closed. */
  nodeAt(address: NodeAddress): Broker | undefined {
    return this.#closedBy === null ? this.#nodes.at(address) : undefined
  }

  /** All brokers known by id. While there are none: the connected bootstrap servers. */
  nodes(): Broker[] {
    return this.#nodes.inUse()
  }

  /** The controller, or the broker that stands for it, as the last metadata said. */
  controller(): Broker | undefined {
    return this.#nodes.get(this.#updates.controllerId)
  }

  /** The broker with the fewest requests in flight that can take another; undefined if there is none. */
  leastLoadedNode(): Broker | undefined {
    const now = this.#environment.clock.now()
    return this.#nodes.leastLoaded((node) => node.canSend(now))
  }

  /** The least loaded broker; connects if necessary. TimeoutError names each address and its failure. */
  ready(deadlineMs: number): Promise<Broker> {
    if (this.#closedBy !== null) return Promise.reject(this.#closedBy)
    const node = this.leastLoadedNode()
    if (node !== undefined) return Promise.resolve(node)
    const ready = this.#waiters.node.wait(null, deadlineMs, (waitedMs) =>
      noBroker(waitedMs, this.#obstacles(), this.metadataError),
    )
    this.#tend()
    return ready
  }

  /**
   * Resolves with this broker when there is a connection to it. Asks for one.
   *
   * @throws NetworkError or AuthenticationError if it cannot be made, TimeoutError at the deadline
   */
  brokerReady(broker: Broker, deadlineMs: number): Promise<Broker> {
    if (this.#closedBy !== null) return Promise.reject(this.#closedBy)
    if (broker.isReady) return Promise.resolve(broker)
    if (broker.isGivenUp) return Promise.reject(leftTheCluster(broker.description))
    const ready = this.#waiters.connection.wait(broker, deadlineMs, () =>
      noConnection(broker, this.metadataError),
    )
    broker.connect()
    return ready
  }

  /** Ends connections and timers at once. Everything that waits rejects with `reason`. Idempotent. */
  close(reason: KafkaError = closedByOwner()): void {
    if (this.#closedBy !== null) return
    this.#closedBy = reason
    this.#timer?.cancel()
    this.#timer = null
    this.#nodes.close(reason)
    this.#waiters.rejectAll(reason)
  }

  #wanted({ name, partition = 0 }: WantedTopic): TopicMetadata | undefined {
    const topic = this.#topics.get(name)
    return topic !== undefined && partition < topic.partitions.length ? topic : undefined
  }

  /** The reasons for which no broker can take a request other than Metadata. */
  #obstacles(): Obstacles {
    const now = this.#environment.clock.now()
    return this.#nodes.obstacles(now, (node) => node.canSend(now))
  }

  #nodeDisconnected(node: Broker, error: KafkaError | null): void {
    this.#listener.nodeDisconnected(node, this.#closedBy === null ? error : null)
    if (this.#closedBy !== null) return
    const reason = error ?? new NetworkError(`no connection to broker ${node.description}`)
    this.#waiters.connection.settle((broker) => (broker === node ? reason : undefined))
    const refusal = error === null ? undefined : this.#nodes.refusal()
    if (refusal !== undefined) {
      // Another attempt with the same credentials would fail as well.
      this.#waiters.rejectAll(refusal)
      this.#listener.refused(refusal)
    }
    if (error !== null) this.#updates.connectionLost(error)
    // Also for an idle connection: a caller that waited for its throttle to end now needs another connection.
    this.#tend()
  }

  #updated(changed: boolean): void {
    const unknown = new Set<string>()
    this.#waiters.topic.settle((wanted) => {
      const topic = this.#wanted(wanted)
      if (topic !== undefined) return topic
      const error = this.#topics.error(wanted.name)
      if (error instanceof AuthorizationError || error instanceof InvalidTopicError) {
        unknown.add(wanted.name)
        return error
      }
      return undefined
    })
    for (const name of unknown) this.#topics.dropUnknown(name)
    this.#topics.unanswered(this.#waiters.topic.subjects().map(({ name }) => name))
    if (changed) this.#listener.metadataUpdated()
    this.#tend()
  }

  /** Does the work that is due, and sets the timer for the rest. Every event ends here. */
  #tend(): void {
    if (this.#isTending) {
      this.#mustTendAgain = true
      return
    }
    this.#isTending = true
    do {
      this.#mustTendAgain = false
      if (this.#closedBy === null) this.#tendOnce(this.#environment.clock.now())
    } while (this.#mustTendAgain)
    this.#isTending = false
  }

  #tendOnce(now: number): void {
    let nextMs = this.#updates.tend(now)
    if (!this.#waiters.node.isEmpty) this.#waiters.node.settle(() => this.leastLoadedNode())
    this.#needsNode = this.#updates.needsNode || !this.#waiters.node.isEmpty
    if (this.#needsNode) nextMs = Math.min(nextMs, this.#seek(now))
    this.#timer?.cancel()
    this.#timer = null
    if (nextMs === Number.POSITIVE_INFINITY) return
    this.#timer = this.#environment.clock.setTimer(Math.max(nextMs - now, 0), () => {
      this.#timer = null
      this.#tend()
    })
  }

  /** Seeks a connection. Returns when to do so again. */
  #seek(now: number): number {
    const againMs = this.#nodes.seek(now)
    if (againMs !== undefined) return againMs
    // No known broker can be tried now. A bootstrap server may be one that can (KIP-899).
    const isConnected = this.#nodes.candidates().some(({ isReady }) => isReady)
    if (!isConnected && this.#updates.mayRebootstrap() && this.#nodes.useBootstrap())
      return this.#nodes.seek(now) ?? Number.POSITIVE_INFINITY
    return Number.POSITIVE_INFINITY
  }
}

function closedByOwner(): KafkaError {
  return new NetworkError('the client was closed', { code: 'CLIENT_CLOSED', retriable: false })
}
