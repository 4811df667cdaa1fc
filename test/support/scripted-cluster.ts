import type { Clock } from '../../src/environment/clock.js'
import type { Environment } from '../../src/environment/environment.js'
import { type KafkaError, NetworkError, TimeoutError } from '../../src/errors.js'
import type { Answer } from '../../src/network/broker/broker.js'
import type { NodeAddress } from '../../src/network/cluster.js'
import type { ClusterListener } from '../../src/network/cluster-listener.js'
import type { TopicMetadata } from '../../src/network/metadata/topic-metadata.js'
import type { NetworkOptions } from '../../src/network/network-options.js'
import { Stalls } from '../../src/network/stalls.js'
import type { ProducerCluster } from '../../src/producer/producer-cluster.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { InitProducerIdResponse } from '../../src/protocol/init-producer-id.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { ScriptedNode } from './scripted-node.js'
import type { ScriptedProduce } from './scripted-produce.js'

/** A partition as a test describes it: its leader and the leader's epoch. */
export type Leadership = readonly [leaderId: number, leaderEpoch: number]

interface TopicWaiter {
  readonly name: string
  readonly partition: number
  readonly resolve: (topic: TopicMetadata) => void
  readonly reject: (error: KafkaError) => void
}

/** A stand-in for Cluster, whose metadata, leaders and responses come from the test. */
export class ScriptedCluster implements ProducerCluster {
  readonly stalls: Stalls
  readonly options: NetworkOptions
  readonly listener: ClusterListener
  /** The Produce requests without a response, oldest first. */
  readonly requests: ScriptedProduce[] = []
  /** All Produce requests so far. */
  readonly sent: ScriptedProduce[] = []
  /** The wait for a broker for other requests than Produce; it ends at once. */
  whenReady: () => Promise<void> = () => Promise.resolve()
  /** Answers each InitProducerId request; a test may replace it. */
  answerProducerId: () => InitProducerIdResponse | Promise<InitProducerIdResponse>
  producerIdRequests = 0
  /** The reason why metadata is not up to date. */
  metadataError: KafkaError | undefined
  updateRequests = 0
  /** The number of requests for a topic, known or not. */
  topicRequests = 0
  isClosed = false
  readonly #clock: Clock
  readonly #nodes = new Map<number, ScriptedNode>()
  readonly #topics = new Map<string, TopicMetadata>()
  #waiters: TopicWaiter[] = []
  #nextProducerId = 1000n

  constructor(options: NetworkOptions, environment: Environment, listener: ClusterListener) {
    this.options = options
    this.listener = listener
    this.#clock = environment.clock
    this.stalls = new Stalls(environment.clock)
    this.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: this.#nextProducerId++,
      producerEpoch: 0,
    })
  }

  /** Adds or changes the topic, and emits the event. */
  setTopic(name: string, leaders: readonly Leadership[], topicId: string = ZERO_UUID): void {
    const partitions = leaders.map(([leaderId, leaderEpoch], partition) => {
      if (leaderId >= 0) this.broker(leaderId)
      const replicas = [leaderId]
      return { partition, leaderId, leaderEpoch, replicas, inSyncReplicas: replicas, offlineReplicas: [] }
    })
    this.#topics.set(name, { name, topicId, partitions })
    this.listener.metadataUpdated()
    const waiters = this.#waiters
    this.#waiters = []
    for (const waiter of waiters) {
      const topic = this.#known(waiter.name, waiter.partition)
      if (topic === undefined) this.#waiters.push(waiter)
      else waiter.resolve(topic)
    }
  }

  /** Forgets the topic, as after a long time without use. */
  expireTopic(name: string): void {
    this.#topics.delete(name)
    this.listener.topicExpired(name)
  }

  /** The broker with that id; it is created at the first call. */
  broker(nodeId: number): ScriptedNode {
    const node = this.#nodes.get(nodeId) ?? new ScriptedNode(nodeId, this)
    this.#nodes.set(nodeId, node)
    return node
  }

  topic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  touchTopic(): void {}

  waitForTopic(name: string, deadlineMs: number, partition = 0): Promise<TopicMetadata> {
    // A caller that asked for ever without a turn of the event loop would make tests hang instead of fail.
    if (++this.topicRequests > 10_000) throw new Error('somebody asks for a topic in a tight loop')
    const topic = this.#known(name, partition)
    if (topic !== undefined) return Promise.resolve(topic)
    return new Promise((resolve, reject) => {
      const timer = this.stalls.setDeadline(deadlineMs - this.#clock.now(), () => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
        reject(new TimeoutError(`topic ${name} is not known`, 'metadata', { topic: name }))
      })
      const waiter: TopicWaiter = {
        name,
        partition,
        resolve: (found) => {
          timer.cancel()
          resolve(found)
        },
        reject: (error) => {
          timer.cancel()
          reject(error)
        },
      }
      this.#waiters.push(waiter)
    })
  }

  /** Rejects all waits for a topic. */
  refuseTopics(error: KafkaError): void {
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }

  requestUpdate(): void {
    this.updateRequests++
  }

  applyLeaderHint(
    name: string,
    partition: number,
    leaderId: number,
    leaderEpoch: number,
    address?: NodeAddress,
  ): boolean {
    const topic = this.#topics.get(name)
    const before = topic?.partitions[partition]
    if (topic === undefined || before === undefined || leaderEpoch <= before.leaderEpoch) return false
    if (address === undefined && !this.#nodes.has(leaderId)) return false
    const leaders = topic.partitions.map((each): Leadership => [each.leaderId, each.leaderEpoch])
    leaders[partition] = [leaderId, leaderEpoch]
    this.setTopic(name, leaders, topic.topicId)
    return true
  }

  node(nodeId: number): ScriptedNode | undefined {
    return this.#nodes.get(nodeId)
  }

  nodes(): ScriptedNode[] {
    return [...this.#nodes.values()]
  }

  ready(): Promise<ScriptedNode> {
    return this.whenReady().then(() => this.broker(1))
  }

  async giveProducerId(): Promise<Answer<InitProducerIdResponse>> {
    this.producerIdRequests++
    return { response: await this.answerProducerId(), version: 4 }
  }

  close(): void {
    if (this.isClosed) return
    this.isClosed = true
    const closed = new NetworkError('the client was closed', { retriable: false })
    this.refuseTopics(closed)
    for (const node of this.#nodes.values()) node.isReady = false
    for (const request of [...this.requests]) request.fail(closed)
  }

  #known(name: string, partition: number): TopicMetadata | undefined {
    const topic = this.#topics.get(name)
    return topic !== undefined && partition < topic.partitions.length ? topic : undefined
  }
}
