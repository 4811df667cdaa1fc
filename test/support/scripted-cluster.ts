import type { Clock } from '../../src/environment/clock.js'
import type { Environment } from '../../src/environment/environment.js'
import { type KafkaError, NetworkError, TimeoutError } from '../../src/errors.js'
import type { Answer } from '../../src/network/broker-node.js'
import type { NodeAddress } from '../../src/network/cluster.js'
import type { ClusterListener } from '../../src/network/cluster-listener.js'
import type { NetworkOptions } from '../../src/network/network-options.js'
import type { TopicMetadata } from '../../src/network/topic-metadata.js'
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

/** Stands in for Cluster: metadata, leaders and answers are what the test makes them. */
export class ScriptedCluster {
  /** The one that was made last. */
  static latest: ScriptedCluster
  readonly options: NetworkOptions
  readonly listener: ClusterListener
  /** Produce requests that have no answer yet, oldest first. */
  readonly requests: ScriptedProduce[] = []
  /** All Produce requests there ever were. */
  readonly sent: ScriptedProduce[] = []
  /** When a broker can be asked for anything but records; at once. */
  whenReady: () => Promise<void> = () => Promise.resolve()
  /** How each InitProducerId is answered; a test may replace it. */
  answerProducerId: () => InitProducerIdResponse | Promise<InitProducerIdResponse>
  producerIdRequests = 0
  updateRequests = 0
  /** How often somebody asked for a topic, known or not. */
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
    this.answerProducerId = () => ({
      throttleTimeMs: 0,
      errorCode: 0,
      producerId: this.#nextProducerId++,
      producerEpoch: 0,
    })
    ScriptedCluster.latest = this
  }

  /** Makes the topic known, or changes it, and says so. */
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

  /** The topic was not used for long: nothing is known of it any more. */
  expireTopic(name: string): void {
    this.#topics.delete(name)
    this.listener.topicExpired(name)
  }

  /** The broker with that id, made if need be. */
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
    // Tests would hang instead of failing if somebody asked for ever without letting the event loop go on.
    if (++this.topicRequests > 10_000) throw new Error('somebody asks for a topic in a tight loop')
    const topic = this.#known(name, partition)
    if (topic !== undefined) return Promise.resolve(topic)
    return new Promise((resolve, reject) => {
      const timer = this.#clock.setTimer(deadlineMs - this.#clock.now(), () => {
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

  /** Refuses everybody who waits for a topic. */
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
