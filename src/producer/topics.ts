import type { Environment } from '../environment/environment.js'
import { type KafkaError, TimeoutError } from '../errors.js'
import { Fifo } from '../fifo.js'
import type { Cluster } from '../network/cluster.js'
import type { TopicMetadata } from '../network/topic-metadata.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import { asKafkaError } from '../unexpected.js'
import type { Accumulator } from './accumulator.js'
import type { HoldUps } from './hold-ups.js'
import { endedByMaxBlock } from './max-block.js'
import type { Partition } from './partition.js'
import type { TopicPartitioner } from './partitioner.js'
import { StickyPartitioner } from './sticky-partitioner.js'
import { Topic } from './topic.js'
import type { WaitingSend } from './waiting-send.js'

export interface TopicsHooks {
  /** The partitioner of a new topic. */
  partitioner(): TopicPartitioner
  /** Chooses the partition of a record that waited for its topic's metadata, which are there now; throws a KafkaError if it cannot. */
  choosePartition(topic: Topic, send: WaitingSend): number
  /** The topic was deleted and made anew: its old partitions' batches must not go to the new ones. */
  recreated(partitions: readonly Partition[]): void
  /** Nothing is known of these partitions any more: what was written to them, and with which sequences. */
  expired(partitions: readonly Partition[]): void
}

/** The topics that were sent to, and the records that wait until the cluster knows enough of them. */
export class Topics {
  readonly #accumulator: Accumulator
  readonly #cluster: Cluster
  readonly #environment: Environment
  readonly #holdUps: HoldUps
  readonly #maxBlockMs: number
  readonly #hooks: TopicsHooks

  constructor(
    accumulator: Accumulator,
    cluster: Cluster,
    environment: Environment,
    holdUps: HoldUps,
    maxBlockMs: number,
    hooks: TopicsHooks,
  ) {
    this.#accumulator = accumulator
    this.#cluster = cluster
    this.#environment = environment
    this.#holdUps = holdUps
    this.#maxBlockMs = maxBlockMs
    this.#hooks = hooks
  }

  /** The topic's state, made at the first record. */
  get(name: string): Topic {
    const { topics, batchSize } = this.#accumulator
    let topic = topics.get(name)
    if (topic === undefined) {
      const sticky = new StickyPartitioner(batchSize, this.#environment.random)
      topic = new Topic(name, this.#hooks.partitioner(), sticky, this.#accumulator)
      topics.set(name, topic)
      const metadata = this.#cluster.topic(name)
      if (metadata !== undefined) topic.update(metadata)
    }
    this.#cluster.touchTopic(name)
    return topic
  }

  /** Queues a record until its topic's metadata are there, behind those that wait already. */
  waitForMetadata(topic: Topic, send: WaitingSend): void {
    topic.waiting.push(send)
    if (!topic.isAsking) void this.#ask(topic)
  }

  /** Queues a record until its topic has the partition that it names. */
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

  /** Takes over what the cluster knows now, and lets go what has waited for it. */
  update(): void {
    for (const topic of this.#accumulator.topics.values()) {
      const metadata = this.#cluster.topic(topic.name)
      if (metadata === undefined || metadata === topic.metadata) continue
      const gone = isAnother(topic.metadata, metadata) ? topic.reset() : []
      topic.update(metadata)
      // Only now: what a callback sends in answer to a failure goes to the new topic.
      this.#hooks.recreated(gone)
      this.#admitWaiting(topic)
    }
  }

  /** Forgets a topic that was not used for long, and that no record is on its way to. */
  expire(name: string): void {
    const topic = this.#accumulator.topics.get(name)
    if (topic === undefined || this.#accumulator.isTopicInUse(name)) return
    this.#forget(topic)
    this.#hooks.expired(topic.partitions)
  }

  /** The connection to a broker has ended: it may start again, and then nobody knows what it remembers. */
  disconnected(nodeId: number): void {
    for (const { partitions } of this.#accumulator.topics.values())
      for (const { confirmation } of partitions)
        if (confirmation.sentTo.nodeId === nodeId) confirmation.withdraw()
  }

  /** Takes every record that waits, for whatever, out of its queue. */
  takeWaiting(): WaitingSend[] {
    const taken: WaitingSend[] = []
    for (const topic of this.#accumulator.topics.values()) {
      for (const { waiting } of topic.partitions) takeAll(waiting, taken)
      for (const waiting of topic.waitingForPartition.values()) takeAll(waiting, taken)
      takeAll(topic.waiting, taken)
    }
    return taken
  }

  #admitWaiting(topic: Topic): void {
    for (let send = topic.waiting.shift(); send !== undefined; send = topic.waiting.shift()) {
      if (!send.isSettled) this.#admit(topic, send)
    }
    for (const [partition, waiting] of topic.waitingForPartition) {
      const state = topic.partitions[partition]
      if (state === undefined) continue
      // The entry stays until all are in: what a callback sends meanwhile queues behind them.
      for (let send = waiting.shift(); send !== undefined; send = waiting.shift()) {
        if (!send.isSettled) state.admit(send)
      }
      topic.waitingForPartition.delete(partition)
    }
  }

  #admit(topic: Topic, send: WaitingSend): void {
    try {
      const index = this.#hooks.choosePartition(topic, send)
      // A user's partitioner may have aborted the very send.
      if (send.isSettled) return
      const partition = topic.partitions[index]
      if (partition === undefined || topic.isWaitedFor(index)) this.waitForPartition(topic, index, send)
      else partition.admit(send)
    } catch (error) {
      send.fail(asKafkaError('unexpected error', error))
    }
  }

  /** Asks the cluster until the topic is known or nobody waits any more. Never rejects. */
  async #ask(topic: Topic): Promise<void> {
    topic.isAsking = true
    this.#startWaiting(topic.waiting)
    for (let first = dropSettled(topic.waiting); first !== undefined; first = dropSettled(topic.waiting)) {
      try {
        const metadata = await this.#cluster.waitForTopic(topic.name, first.expiryMs(this.#holdUps))
        this.update()
        if (topic.metadata === undefined) topic.update(metadata)
        this.#admitWaiting(topic)
      } catch (error) {
        this.#failDue(topic.waiting, this.#asKafkaError(error))
        await this.#nextTurn()
      }
    }
    topic.isAsking = false
    this.#stopWaiting(topic.waiting)
    // Nothing was ever sent to it, so there is nothing to remember.
    if (topic.metadata === undefined) this.#forget(topic)
  }

  async #askForPartition(topic: Topic, partition: number, waiting: Fifo<WaitingSend>): Promise<void> {
    this.#startWaiting(waiting)
    for (let first = dropSettled(waiting); first !== undefined; first = dropSettled(waiting)) {
      try {
        await this.#cluster.waitForTopic(topic.name, first.expiryMs(this.#holdUps), partition)
        this.update()
        this.#admitWaiting(topic)
      } catch (error) {
        this.#failDue(waiting, this.#asKafkaError(error))
        await this.#nextTurn()
      }
    }
    this.#stopWaiting(waiting)
    if (topic.waitingForPartition.get(partition) === waiting) topic.waitingForPartition.delete(partition)
  }

  /** A caller who answers each failure with another record must not keep the event loop from turning. */
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

  /** From now on the sender watches for times in which the process stands still. */
  #startWaiting(waiting: Fifo<WaitingSend>): void {
    this.#accumulator.unplaced.add(waiting)
    this.#accumulator.hooks.wake()
  }

  #stopWaiting(waiting: Fifo<WaitingSend>): void {
    this.#accumulator.unplaced.delete(waiting)
    this.#accumulator.hooks.wake()
  }

  /**
   * A timeout is that of the records whose time is over by now: it may be longer than when the cluster was asked, as a hold-up of the process may
   * be noticed behind that. Any other error is everybody's.
   */
  #failDue(waiting: Fifo<WaitingSend>, error: KafkaError): void {
    const now = this.#environment.clock.now()
    const isDue = (send: WaitingSend): boolean =>
      !(error instanceof TimeoutError) || send.expiryMs(this.#holdUps) <= now
    const due: WaitingSend[] = []
    for (let next = dropSettled(waiting); next !== undefined && isDue(next); next = dropSettled(waiting)) {
      waiting.shift()
      due.push(next)
    }
    // What a callback sends in answer comes behind all of these, and is another question.
    for (const send of due) send.fail(error)
  }
}

/** Whether the topic was deleted and another made under its name. */
function isAnother(old: TopicMetadata | undefined, now: TopicMetadata): boolean {
  if (old === undefined || old.topicId === ZERO_UUID || now.topicId === ZERO_UUID) return false
  return old.topicId !== now.topicId
}

function dropSettled(waiting: Fifo<WaitingSend>): WaitingSend | undefined {
  while (waiting.peek()?.isSettled === true) waiting.shift()
  return waiting.peek()
}

function takeAll(waiting: Fifo<WaitingSend>, taken: WaitingSend[]): void {
  for (let send = waiting.shift(); send !== undefined; send = waiting.shift()) taken.push(send)
}
