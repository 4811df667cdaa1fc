import { types } from 'node:util'
import type { Environment } from '../../environment/environment.js'
import { KafkaError, NetworkError } from '../../errors.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import { Metadata, type MetadataResponse, type MetadataTopic } from '../../protocol/metadata.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import type { Answer, Broker } from '../broker/broker.js'
import { type AskedBroker, notAnswered, type Obstacles } from '../broker/node-obstacle.js'
import type { NodeTable } from '../broker/node-table.js'
import { MISROUTED } from '../connect/connect-errors.js'
import type { NetworkOptions } from '../network-options.js'
import { MetadataLog } from './metadata-log.js'
import type { TopicTable } from './topic-table.js'
import { UpdateSchedule } from './update-schedule.js'

/** Below this version a broker may answer with an epoch that is older than the one it knows (KAFKA-7890). */
const EPOCHS_RELIABLE_FROM = 9

export interface MetadataUpdatesListener {
  isTopicInUse(topic: string): boolean
  /** The topic is no longer asked for, and its metadata is gone. */
  expired(topic: string): void
  /** The brokers that answer belong to another cluster than before. */
  clusterReplaced(): void
  /** New metadata has been taken in. `changed` says whether it differs from the old. */
  updated(changed: boolean): void
  failed(): void
}

/** Fetches metadata, one request at a time, and takes it into the tables. */
export class MetadataUpdates {
  readonly #options: NetworkOptions
  readonly #environment: Environment
  readonly #nodes: NodeTable
  readonly #topics: TopicTable
  readonly #listener: MetadataUpdatesListener
  readonly #schedule: UpdateSchedule
  readonly #log: MetadataLog
  /** The broker that has the request under way. */
  #asked: AskedBroker | null = null
  #needsNode = false
  #lastError: KafkaError | undefined
  #clusterId: string | null = null
  #controllerId = -1

  constructor(
    options: NetworkOptions,
    environment: Environment,
    nodes: NodeTable,
    topics: TopicTable,
    listener: MetadataUpdatesListener,
  ) {
    this.#options = options
    this.#environment = environment
    this.#nodes = nodes
    this.#topics = topics
    this.#listener = listener
    this.#schedule = new UpdateSchedule(options, environment.random)
    this.#log = new MetadataLog(options.logger)
  }

  get clusterId(): string | null {
    return this.#clusterId
  }

  get controllerId(): number {
    return this.#controllerId
  }

  /** Why the last update failed; undefined if it succeeded. */
  get lastError(): KafkaError | undefined {
    return this.#lastError
  }

  /** The reasons for which no broker provides metadata. */
  obstacles(): Obstacles {
    const now = this.#environment.clock.now()
    const { isConnected, reasons } = this.#nodes.obstacles(now, (node) => mayBeAsked(node, now))
    if (this.#asked === null) return { isConnected, reasons }
    return { isConnected, reasons: [...reasons, notAnswered(this.#asked, Metadata.name, now)] }
  }

  get isRequested(): boolean {
    return this.#schedule.isRequested
  }

  /** Whether an update is due and no broker can be asked. */
  get needsNode(): boolean {
    return this.#needsNode
  }

  /** Asks for all topics as soon as the backoff allows. */
  request(): void {
    this.#schedule.request()
  }

  /** A connection was lost or could not be made. Leaders may have moved meanwhile. */
  connectionLost(error: KafkaError): void {
    // Metadata has the wrong address for the broker, and the known brokers may have the same metadata.
    if (error.code === MISROUTED) this.#nodes.useBootstrapAlone()
    if (this.#schedule.hasSucceeded) this.#schedule.request()
  }

  /** Starts an update if one is due and a broker can be asked. Returns when to call this again. */
  tend(now: number): number {
    this.#needsNode = false
    if (this.#asked !== null) return Number.POSITIVE_INFINITY
    const dueMs = this.#schedule.dueMs(this.#topics.hasNew, this.#topics.hasOpen)
    if (dueMs > now) return dueMs
    if (this.#schedule.isOverdue(now) && this.mayRebootstrap())
      this.#giveUpKnown(`no metadata for ${this.#schedule.tryingMs} ms`)
    const node = this.#nodes.leastLoaded((candidate) => mayBeAsked(candidate, now))
    if (node === undefined) {
      this.#needsNode = true
      return this.mayRebootstrap() ? this.#schedule.overdueMs() : Number.POSITIVE_INFINITY
    }
    void this.#update(node, now)
    return Number.POSITIVE_INFINITY
  }

  mayRebootstrap(): boolean {
    return this.#options.metadataRecoveryStrategy === 'rebootstrap'
  }

  /** Never rejects. A failure is remembered, and the update is tried again after the backoff. */
  async #update(node: Broker, now: number): Promise<void> {
    const full = this.#schedule.isFull(now)
    if (full) this.#expireTopics(now)
    const names = full ? this.#topics.names() : this.#topics.unsettledNames()
    this.#schedule.started(full)
    this.#topics.asked(names)
    const broker = node.description
    this.#asked = { broker, sinceMs: now }
    try {
      const answer = await node.request(
        Metadata,
        {
          topics: names.map((name) => ({ topicId: ZERO_UUID, name })),
          allowAutoTopicCreation: this.#options.allowAutoTopicCreation,
          includeClusterAuthorizedOperations: false,
          includeTopicAuthorizedOperations: false,
        },
        { background: true },
      )
      const changed = this.#take(answer, names, broker)
      this.#ended()
      this.#lastError = undefined
      this.#log.updated()
      this.#schedule.succeeded(this.#environment.clock.now(), full, changed)
      this.#listener.updated(changed)
    } catch (error) {
      this.#ended()
      this.#failed(error, names, full)
      this.#listener.failed()
    }
  }

  #ended(): void {
    this.#asked = null
    this.#topics.answered()
  }

  #expireTopics(now: number): void {
    const { metadataMaxIdleMs, logger } = this.#options
    const isInUse = (name: string): boolean => this.#listener.isTopicInUse(name)
    for (const name of this.#topics.expire(now, metadataMaxIdleMs, isInUse)) {
      logger.debug(
        `metadata: topic ${name} was not used for ${metadataMaxIdleMs} ms and is no longer asked for`,
        { topic: name },
      )
      this.#listener.expired(name)
    }
  }

  #take({ response, version }: Answer<MetadataResponse>, names: readonly string[], broker: string): boolean {
    if (response.errorCode !== ErrorCode.NONE) {
      const error = brokerError(response.errorCode, { api: 'Metadata', broker })
      if (errorCode(response.errorCode).name === 'REBOOTSTRAP_REQUIRED' && this.mayRebootstrap())
        this.#giveUpKnown(error.message)
      throw error
    }
    const nodesChanged = this.#nodes.apply(response.brokers, response.clusterId ?? this.#clusterId)
    this.#noteCluster(response)
    const received = new Map<string, MetadataTopic>()
    for (const topic of response.topics)
      if (topic.name !== null)
        received.set(topic.name, version < EPOCHS_RELIABLE_FROM ? withoutEpochs(topic) : topic)
    const topicsChanged = this.#topics.apply(names, received, broker)
    this.#askAgain(names)
    return nodesChanged || topicsChanged
  }

  #noteCluster({ clusterId, controllerId }: MetadataResponse): void {
    this.#controllerId = controllerId
    if (clusterId === null) return
    if (this.#clusterId !== null && this.#clusterId !== clusterId) {
      this.#options.logger.warn(
        `metadata: the brokers belong to cluster ${clusterId} now, no longer to ${this.#clusterId}`,
        { clusterId, before: this.#clusterId },
      )
      this.#topics.forgetCluster()
      this.#listener.clusterReplaced()
      // The response may be about some of the topics only.
      this.#schedule.request()
    }
    this.#clusterId = clusterId
  }

  /** Asks again for topics that have a fault, as long as they are in use. */
  #askAgain(names: readonly string[]): void {
    for (const name of names) {
      const fault = this.#topics.error(name)?.message ?? this.#missingLeader(name)
      this.#log.topicAnswered(name, fault)
      if (fault !== undefined && this.#listener.isTopicInUse(name)) this.#topics.unanswered([name])
    }
    this.#log.keepTopics((name) => this.#topics.has(name))
  }

  /**
   * The first partition without a usable leader, in words. No event announces its leader, so its records wait
   * for the next metadata.
   */
  #missingLeader(name: string): string | undefined {
    for (const { partition, leaderId } of this.#topics.get(name)?.partitions ?? []) {
      if (leaderId < 0) return `partition ${partition} of topic ${name} has no leader`
      if (this.#nodes.get(leaderId) === undefined)
        return `the leader of partition ${partition} of topic ${name}, node ${leaderId}, is not among the brokers`
    }
    return undefined
  }

  #failed(error: unknown, names: readonly string[], full: boolean): void {
    this.#lastError =
      error instanceof KafkaError
        ? error
        : new NetworkError(`a metadata update failed: ${reasonOf(error)}`, { cause: error })
    this.#log.failed(this.#lastError)
    this.#topics.unanswered(names)
    this.#schedule.failed(this.#environment.clock.now(), full)
  }

  /**
   * Gives up the known brokers and starts again from the bootstrap servers (KIP-1102). Topics and their
   * partitions stay known.
   */
  #giveUpKnown(why: string): void {
    this.#schedule.restartTrying(this.#environment.clock.now())
    this.#options.logger.info(`metadata: starting again from the bootstrap servers: ${why}`)
    this.#topics.forgetEpochs()
    this.#nodes.useBootstrap()
    this.#nodes.closeKnown(new NetworkError(`the known brokers were given up: ${why}`))
  }
}

/**
 * Metadata takes no place in flight, so a busy producer does not delay it, and it does not delay the
 * producer.
 */
function mayBeAsked(node: Broker, now: number): boolean {
  return node.isReady && node.pauseMs(now) === 0
}

function reasonOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : String(error)
}

function withoutEpochs(topic: MetadataTopic): MetadataTopic {
  return { ...topic, partitions: topic.partitions.map((partition) => ({ ...partition, leaderEpoch: -1 })) }
}
