import type { Timer } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import {
  AuthenticationError,
  AuthorizationError,
  InvalidTopicError,
  type KafkaError,
  NetworkError,
} from '../errors.js'
import { topicNameError } from '../protocol/topic-name.js'
import type { BrokerNode } from './broker-node.js'
import type { ClusterListener } from './cluster-listener.js'
import { ClusterWaiters, type WantedTopic } from './cluster-waiters.js'
import { noBroker, noMetadata, noTopic, unaskable } from './metadata-timeout.js'
import { MetadataUpdates } from './metadata-updates.js'
import type { NetworkOptions } from './network-options.js'
import type { Obstacles } from './node-obstacle.js'
import { type NodeAddress, NodeTable } from './node-table.js'
import { withNewerLeader } from './topic-merge.js'
import type { TopicMetadata } from './topic-metadata.js'
import { TopicTable } from './topic-table.js'

export type { NodeAddress } from './node-table.js'

/** The brokers and topics of one Kafka cluster, as far as they were needed. Connects by itself when something is asked of it. */
export class Cluster {
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
  /** Something waits for a broker that can be asked. */
  #needsNode = false

  constructor(options: NetworkOptions, environment: Environment, listener: ClusterListener) {
    this.#environment = environment
    this.#listener = listener
    this.#waiters = new ClusterWaiters(environment.clock)
    this.#nodes = new NodeTable(options, environment, {
      nodeReady: (node) => {
        this.#listener.nodeReady(node)
        if (node.nodeId < 0) this.#nodes.closeUnusedBootstrap()
        this.#tend()
      },
      nodeDisconnected: (node, error) => this.#nodeDisconnected(node, error),
      nodeAvailable: (node) => {
        if (node.nodeId < 0) this.#nodes.closeUnusedBootstrap()
        else this.#listener.nodeAvailable(node)
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

  /** Kafka's name for the cluster; null until a broker has told. */
  get clusterId(): string | null {
    return this.#updates.clusterId
  }

  /** What is known of a topic, for every record that is sent: synchronous, one look-up. */
  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  /**
   * The topic is in use: keeps it from expiring. One that has expired is asked for again at once, as whoever touches it may hold
   * old metadata. Cheap enough for every record.
   */
  touchTopic(name: string): void {
    if (this.#topics.touch(name) || this.#closedBy !== null || topicNameError(name) !== null) return
    this.#topics.want(name, this.#environment.clock.now())
    this.#tend()
  }

  /** The last thing metadata said against the topic; undefined if all was well the last time. */
  topicError(name: string): KafkaError | undefined {
    return this.#topics.error(name)
  }

  /**
   * Resolves when the topic, and the partition if one is named, is known; at once if it already is.
   *
   * @param deadlineMs on the environment's clock.now()
   * @throws TimeoutError (phase `metadata`) saying why; AuthorizationError, InvalidTopicError, AuthenticationError without waiting;
   * InvalidRecordError at once if `partition` is no whole number from 0
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
      const error = this.#topics.error(name) ?? this.#updates.lastError
      return noTopic({ name, partition, waitedMs, topic, error, obstacles: this.#updates.obstacles() })
    })
    this.#tend()
    return found
  }

  /** Asks for all topics in use soon, respecting the backoff. For a leader that has moved or is missing. */
  requestUpdate(): void {
    if (this.#closedBy !== null || this.#updates.isRequested) return
    this.#updates.request()
    this.#tend()
  }

  /** Resolves with the next metadata that arrives after this call. */
  waitForUpdate(deadlineMs: number): Promise<void> {
    if (this.#closedBy !== null) return Promise.reject(this.#closedBy)
    this.#updates.request()
    const updated = this.#waiters.update.wait(null, deadlineMs, (waitedMs) =>
      noMetadata(waitedMs, this.#updates.lastError, this.#updates.obstacles()),
    )
    this.#tend()
    return updated.then(() => {})
  }

  /**
   * A leader that a Produce response named (KIP-951). Taken only if its epoch is newer than what is known and its node is known or
   * named along with it.
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

  /** The broker with this id, if metadata or a hint has named it. */
  node(nodeId: number): BrokerNode | undefined {
    return this.#nodes.get(nodeId)
  }

  /** A broker that a coordinator look-up or a hint has named; undefined if that is no address, or the cluster is closed. */
  nodeAt(address: NodeAddress): BrokerNode | undefined {
    return this.#closedBy === null ? this.#nodes.at(address) : undefined
  }

  /** All brokers known by id. */
  nodes(): BrokerNode[] {
    return this.#nodes.known()
  }

  /** The controller, or the broker that speaks for it, as the last metadata said. */
  controller(): BrokerNode | undefined {
    return this.#nodes.get(this.#updates.controllerId)
  }

  /** The ready node with the fewest requests in flight that can take another one; undefined if there is none. */
  leastLoadedNode(): BrokerNode | undefined {
    const now = this.#environment.clock.now()
    return this.#nodes.leastLoaded((node) => node.canSend(now))
  }

  /** The least loaded node; connects as needed. TimeoutError names every address tried and why it failed, or what is under way. */
  ready(deadlineMs: number): Promise<BrokerNode> {
    if (this.#closedBy !== null) return Promise.reject(this.#closedBy)
    const node = this.leastLoadedNode()
    if (node !== undefined) return Promise.resolve(node)
    const ready = this.#waiters.node.wait(null, deadlineMs, (waitedMs) =>
      noBroker(waitedMs, this.#obstacles()),
    )
    this.#tend()
    return ready
  }

  /** Ends everything at once: connections, timers, and whatever waits is rejected with `reason`. Idempotent. */
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

  /** What keeps the brokers from being asked for anything but metadata. */
  #obstacles(): Obstacles {
    const now = this.#environment.clock.now()
    return this.#nodes.obstacles(now, (node) => node.canSend(now))
  }

  #nodeDisconnected(node: BrokerNode, error: KafkaError | null): void {
    this.#listener.nodeDisconnected(node, this.#closedBy === null ? error : null)
    if (this.#closedBy !== null) return
    if (error instanceof AuthenticationError) {
      // Asking again with the same credentials would change nothing.
      this.#waiters.rejectAll(error)
    }
    if (error !== null && this.#updates.hasSucceeded) this.#updates.request()
    // Also where it ended in order, for being idle: whoever waits for a pause to end waits for a connection now.
    this.#tend()
  }

  #updated(changed: boolean): void {
    this.#waiters.update.settle(() => true)
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

  /** Does what there is to do, and sets the timer for what there is to do later. Every event ends here. */
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

  /** Brings a connection about; when to look again. */
  #seek(now: number): number {
    const againMs = this.#nodes.seek(now)
    if (againMs !== undefined) return againMs
    // Not one broker can be tried at present. With the bootstrap list as a further choice one may (KIP-899).
    const isConnected = this.#nodes.candidates().some(({ isReady }) => isReady)
    if (!isConnected && this.#updates.mayRebootstrap() && this.#nodes.useBootstrap())
      return this.#nodes.seek(now) ?? Number.POSITIVE_INFINITY
    return Number.POSITIVE_INFINITY
  }
}

function closedByOwner(): KafkaError {
  return new NetworkError('the client was closed', { code: 'CLIENT_CLOSED', retriable: false })
}
