import type { Environment } from '../../environment/environment.js'
import { type KafkaError, TimeoutError } from '../../errors.js'
import { Fifo } from '../../fifo.js'
import { isRecreated } from '../../network/metadata/topic-merge.js'
import { asKafkaError } from '../../unexpected.js'
import type { Accumulator } from '../accumulator/accumulator.js'
import type { Partition } from '../accumulator/partition.js'
import { Topic } from '../accumulator/topic.js'
import { firstUnsettled, type WaitingSend } from '../accumulator/waiting-send.js'
import type { TopicPartitioner } from '../partitioner/partitioner.js'
import { ANY_PARTITION, StickyPartitioner } from '../partitioner/sticky-partitioner.js'
import type { ProducerCluster } from '../producer-cluster.js'
import { endedByMaxBlock } from './max-block.js'
import { admitToAny } from './sticky-partition.js'

/** Waiting records that are admitted before the event loop turns. They are a millisecond or two of work. */
const MOST_AT_ONCE = 2_000

export interface TopicsListener {
  /** Makes the partitioner of a new topic. */
  partitioner(): TopicPartitioner
  /** Whether queue sizes count for a record that may go to any partition. */
  readonly adaptive: boolean
  /** Whether a leader is in this client's rack; null without `partitioner.rack.aware`. */
  readonly isLocal: ((leaderId: number) => boolean) | null
  /**
   * Chooses the partition of a record that waited for its topic's metadata; ANY_PARTITION if it may go to
   * any. Throws a KafkaError if it cannot.
   */
  choosePartition(topic: Topic, send: WaitingSend): number
  /** The topic was deleted and created anew. Batches for its old partitions must not go to the new ones. */
  recreated(partitions: readonly Partition[]): void
  /** The state of these partitions is gone, with the sequences that were written to them. */
  expired(partitions: readonly Partition[]): void
}

export interface TopicsParts {
  readonly accumulator: Accumulator
  readonly cluster: ProducerCluster
  readonly environment: Environment
}

/**
 * The topics to which records were sent, and the records that wait for metadata of a topic or a partition.
 */
export class Topics {
  readonly #accumulator: Accumulator
  readonly #cluster: ProducerCluster
  readonly #environment: Environment
  readonly #maxBlockMs: number
  readonly #listener: TopicsListener

  constructor(parts: TopicsParts, maxBlockMs: number, listener: TopicsListener) {
    this.#accumulator = parts.accumulator
    this.#cluster = parts.cluster
    this.#environment = parts.environment
    this.#maxBlockMs = maxBlockMs
    this.#listener = listener
  }

  /** The state of the topic, created with its first record. */
  get(name: string): Topic {
    const { topics, batchSize } = this.#accumulator
    let topic = topics.get(name)
    if (topic === undefined) {
      const sticky = new StickyPartitioner(batchSize, this.#environment.random, this.#listener.isLocal)
      topic = new Topic(name, this.#listener.partitioner(), sticky, this.#accumulator)
      topics.set(name, topic)
      const metadata = this.#cluster.topic(name)
      if (metadata !== undefined) topic.update(metadata)
    }
    this.#cluster.touchTopic(name)
    return topic
  }

  /** Queues a record until its topic's metadata is there, behind those that wait already. */
  waitForMetadata(topic: Topic, send: WaitingSend): void {
    topic.waiting.push(send)
    if (!topic.isAsking) void this.#ask(topic)
  }

  /** Queues a record until its topic has the partition that the record names. */
  waitForPartition(topic: Topic, partition: number, send: WaitingSend): void {
    const waiting = topic.waitingForPartition.get(partition)
    if (waiting !== undefined) {
      waiting.push(send)
      return
    }
    const first = new Fifo<WaitingSend>()
    first.push(send)
    topic.waitingForPartition.set(partition, first)
    void this.#askForPartition(topic, partition, first)
  }

  /** Takes over the cluster's metadata, and admits the records that waited for it. */
  update(): void {
    for (const topic of this.#accumulator.topics.values()) {
      const metadata = this.#cluster.topic(topic.name)
      if (metadata === undefined || metadata === topic.metadata) continue
      const isAnother = topic.metadata !== undefined && isRecreated(topic.metadata, metadata.topicId)
      const gone = isAnother ? topic.reset() : []
      topic.update(metadata)
      // Now, and not before the update: a record that a callback sends after this failure goes to the new
      // topic.
      this.#listener.recreated(gone)
      this.#admitWaiting(topic)
    }
  }

  /** Forgets a topic that was not used for long. A topic with records on their way stays. */
  expire(name: string): void {
    const topic = this.#accumulator.topics.get(name)
    if (topic === undefined || this.#accumulator.isTopicInUse(name)) return
    this.#forget(topic)
    this.#listener.expired(topic.partitions)
  }

  /**
   * The connection to a broker has ended. The broker may restart, and then it may have forgotten the
   * producer.
   */
  disconnected(nodeId: number): void {
    for (const { partitions } of this.#accumulator.topics.values())
      for (const { confirmation } of partitions)
        if (confirmation.sentTo.nodeId === nodeId) confirmation.withdraw()
  }

  /** Takes every waiting record out of its queue. */
  takeWaiting(): WaitingSend[] {
    return [...this.#accumulator.topics.values()]
      .flatMap(({ partitions, waitingForPartition, waiting }) => [
        ...partitions.map((partition) => partition.waiting),
        ...waitingForPartition.values(),
        waiting,
      ])
      .flatMap((queue) => queue.takeAll())
  }

  /**
   * Admits records whose metadata is there now: at most MOST_AT_ONCE, and the others after a turn of the
   * event loop (`#ask`).
   */
  #admitWaiting(topic: Topic): void {
    let left = MOST_AT_ONCE
    for (; left > 0; left--) {
      const send = topic.waiting.shift()
      if (send === undefined) break
      if (!send.isSettled) this.#admit(topic, send)
    }
    for (const [partition, waiting] of topic.waitingForPartition) {
      const state = topic.partitions[partition]
      if (state === undefined) continue
      for (; left > 0; left--) {
        const send = waiting.shift()
        if (send === undefined) break
        if (!send.isSettled) state.admit(send)
      }
      // The entry stays until all are admitted, so that a record that a callback sends meanwhile queues
      // behind them.
      if (waiting.length === 0) topic.waitingForPartition.delete(partition)
    }
  }

  #admit(topic: Topic, send: WaitingSend): void {
    try {
      const index = this.#listener.choosePartition(topic, send)
      // The user's partitioner may have aborted this very send.
      if (send.isSettled) return
      if (index === ANY_PARTITION) {
        admitToAny(topic, send, this.#listener.adaptive)
        return
      }
      const partition = topic.partitions[index]
      if (partition === undefined || topic.isWaitedFor(index)) this.waitForPartition(topic, index, send)
      else partition.admit(send)
    } catch (error) {
      send.fail(asKafkaError('unexpected error', error))
    }
  }

  /** Asks the cluster until the topic is known or no record waits for it. Never rejects. */
  async #ask(topic: Topic): Promise<void> {
    topic.isAsking = true
    for (
      let first = firstUnsettled(topic.waiting);
      first !== undefined;
      first = firstUnsettled(topic.waiting)
    ) {
      try {
        const metadata = await this.#cluster.waitForTopic(
          topic.name,
          first.expiryMs(this.#maxBlockMs, this.#cluster.stalls),
        )
        this.update()
        if (topic.metadata === undefined) topic.update(metadata)
        this.#admitWaiting(topic)
        if (topic.waiting.length > 0) await this.#nextTurn()
      } catch (error) {
        this.#failDue(topic.waiting, this.#asKafkaError(error))
        await this.#nextTurn()
      }
    }
    topic.isAsking = false
    // Nothing was ever sent to the topic, so there is no state to keep.
    if (topic.metadata === undefined) this.#forget(topic)
  }

  async #askForPartition(topic: Topic, partition: number, waiting: Fifo<WaitingSend>): Promise<void> {
    for (let first = firstUnsettled(waiting); first !== undefined; first = firstUnsettled(waiting)) {
      try {
        await this.#cluster.waitForTopic(
          topic.name,
          first.expiryMs(this.#maxBlockMs, this.#cluster.stalls),
          partition,
        )
        this.update()
        this.#admitWaiting(topic)
        if (waiting.length > 0) await this.#nextTurn()
      } catch (error) {
        this.#failDue(waiting, this.#asKafkaError(error))
        await this.#nextTurn()
      }
    }
    if (topic.waitingForPartition.get(partition) === waiting) topic.waitingForPartition.delete(partition)
  }

  /**
   * Lets the event loop turn between the parts of a long work, which a million waiting records are, or a
   * caller that answers each failure with another send.
   */
  #nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#environment.clock.soon(resolve))
  }

  #forget(topic: Topic): void {
    topic.isForgotten = true
    const { topics } = this.#accumulator
    if (topics.get(topic.name) === topic) topics.delete(topic.name)
  }

  #asKafkaError(error: unknown): KafkaError {
    return asKafkaError('unexpected error', endedByMaxBlock(error, this.#maxBlockMs))
  }

  /**
   * Fails the records that wait in vain. A timeout fails only those whose own time is over: a stall that was
   * noticed after the cluster was asked makes it later. Any other error fails all of them.
   */
  #failDue(waiting: Fifo<WaitingSend>, error: KafkaError): void {
    const now = this.#environment.clock.now()
    const isDue = (send: WaitingSend): boolean =>
      !(error instanceof TimeoutError) || send.expiryMs(this.#maxBlockMs, this.#cluster.stalls) <= now
    const due: WaitingSend[] = []
    for (
      let next = firstUnsettled(waiting);
      next !== undefined && isDue(next);
      next = firstUnsettled(waiting)
    ) {
      waiting.shift()
      due.push(next)
    }
    // A record that a callback sends meanwhile comes behind all of these, and is asked for anew.
    for (const send of due) send.fail(error)
  }
}
