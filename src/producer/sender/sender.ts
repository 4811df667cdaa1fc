import type { Clock, Timer } from '../../environment/clock.js'
import type { Codec } from '../../environment/codecs.js'
import type { KafkaError, KafkaErrorDetails, ProducerClosedError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import type { Broker } from '../../network/broker/broker.js'
import type { Stalls } from '../../network/stalls.js'
import { Produce, type ProduceResponse } from '../../protocol/produce.js'
import { asKafkaError } from '../../unexpected.js'
import type { Accumulator } from '../accumulator/accumulator.js'
import type { Batch } from '../accumulator/batch.js'
import { about, ofBatch } from '../accumulator/batch-errors.js'
import type { DrainedBatch, Partition } from '../accumulator/partition.js'
import type { ProducerObserver } from '../accumulator/producer-observer.js'
import type { ProducerIdSource, Stamping } from '../idempotence/producer-id-source.js'
import type { ProducerCluster } from '../producer-cluster.js'
import type { SequenceRecovery } from '../settlement/sequence-recovery.js'
import type { Settlement } from '../settlement/settlement.js'
import { Expiry } from './expiry.js'
import { Linger, type LingerOptions } from './linger.js'
import { ProduceExchange } from './produce-exchange.js'

export interface SenderOptions extends LingerOptions {
  /** 0, 1, or -1 for all in-sync replicas. */
  readonly acks: number
  readonly requestTimeoutMs: number
  readonly deliveryTimeoutMs: number
  readonly maxBlockMs: number
  readonly maxRequestSize: number
  readonly codec: Codec
  /** Null without transactions. */
  readonly transactionalId: string | null
  readonly logger: Logger
}

/** The parts that the sender works with. */
export interface SenderParts {
  readonly accumulator: Accumulator
  readonly cluster: ProducerCluster
  readonly producerIds: ProducerIdSource
  readonly settlement: Settlement
  readonly recovery: SequenceRecovery
  readonly clock: Clock
  readonly observer: ProducerObserver
}

/**
 * Decides which batches are sent, and when. All other parts only call `wake`. A pass looks at each partition
 * with something to send, in turn. It decides for each by itself, so no partition waits for another.
 */
export class Sender {
  readonly #accumulator: Accumulator
  readonly #cluster: ProducerCluster
  readonly #producerIds: ProducerIdSource
  readonly #settlement: Settlement
  readonly #recovery: SequenceRecovery
  readonly #clock: Clock
  readonly #stalls: Stalls
  readonly #observer: ProducerObserver
  readonly #options: SenderOptions
  readonly #expiry: Expiry
  readonly #linger: Linger
  #passIsQueued = false
  #wokenAtMs = 0
  #timer: Timer | null = null
  #timerAtMs = Number.POSITIVE_INFINITY
  #isClosed = false

  constructor(parts: SenderParts, options: SenderOptions) {
    this.#observer = parts.observer
    this.#accumulator = parts.accumulator
    this.#cluster = parts.cluster
    this.#producerIds = parts.producerIds
    this.#settlement = parts.settlement
    this.#recovery = parts.recovery
    this.#clock = parts.clock
    this.#stalls = parts.cluster.stalls
    this.#options = options
    this.#linger = new Linger(parts.accumulator, parts.cluster, options)
    this.#expiry = new Expiry(parts.accumulator, parts.settlement, this.#stalls, options)
  }

  /** Asks for a pass. Any number of calls in one turn of the event loop cost one pass. */
  wake(): void {
    if (this.#passIsQueued || this.#isClosed) return
    this.#passIsQueued = true
    this.#wokenAtMs = this.#clock.now()
    // A blocked event loop may delay the first pass, so the record that was just sent needs the stall to be
    // noticed.
    this.#stalls.watch()
    this.#clock.soon(() => {
      if (this.#isClosed) return
      this.#passIsQueued = false
      this.#pass(this.#clock.now())
      this.#stalls.unwatch()
    })
  }

  /** From now on nothing lingers: the producer is closing. */
  drainAll(): void {
    this.#linger.end()
    this.wake()
  }

  /** Ends all work at once. `errorOf` makes the error of each batch without an outcome. */
  abort(errorOf: (known: KafkaErrorDetails) => ProducerClosedError): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#timer?.cancel()
    if (this.#passIsQueued) this.#stalls.unwatch()
    for (const partition of [...this.#accumulator.busy, ...this.#accumulator.active]) {
      for (const batch of partition.unsettled()) {
        if (batch.state.kind === 'in flight') batch.attempts.mayHaveLanded()
        else partition.remove(batch)
        this.#settlement.fail(partition, batch, errorOf(about(partition, batch)))
      }
    }
  }

  /**
   * Fails batches that are not in flight: those without a stamp if the cluster refuses a producer id, or all
   * if no broker accepts the credentials. A batch without a stamp cannot be in the log: it was never sent, or
   * every attempt was refused. The error of another one says whether it may be.
   */
  failWaiting(error: KafkaError, which: 'unstamped' | 'all'): void {
    const unsent = [...this.#accumulator.active].flatMap((partition) =>
      partition.queue
        .filter(({ stamp }) => stamp === null || which === 'all')
        .map((batch) => ({ partition, batch })),
    )
    // Records that callbacks send meanwhile belong to the next attempt. Sealing keeps them out of these
    // batches, without compression because none of them is sent.
    for (const { batch } of unsent) if (batch.state.kind === 'open') batch.sealAsItIs()
    // One by one: as long as a batch is in its queue, the records that were sent later are notified later.
    for (const { partition, batch } of unsent) {
      if (batch.isDone) continue
      partition.remove(batch)
      this.#settlement.fail(partition, batch, ofBatch(partition, batch, error))
    }
  }

  #pass(now: number): void {
    const dueMs = Math.min(this.#timerAtMs, this.#wokenAtMs)
    this.#disarm()
    if (!this.#stalls.mayJudge(dueMs, now)) {
      this.#arm(now, now)
      return
    }
    this.#expiry.expire(now)
    this.#recovery.restartAll()
    const stamping = this.#stamping(now)
    const ready = new Map<Broker, Partition[]>()
    let nextMs = Number.POSITIVE_INFINITY
    if (this.#accumulator.active.size > 0) nextMs = this.#producerIds.retryAtMs
    for (const partition of this.#accumulator.active) {
      const [head] = partition.queue
      if (head === undefined) continue
      const dueMs = this.#dueAt(partition, head)
      if (dueMs > now) {
        nextMs = Math.min(nextMs, dueMs)
        continue
      }
      const node = this.#nodeFor(partition, now)
      if (node === null || !partition.mayDrain(stamping, now)) continue
      const partitions = ready.get(node)
      if (partitions === undefined) ready.set(node, [partition])
      else partitions.push(partition)
    }
    for (const [node, partitions] of ready) this.#sendTo(node, partitions, stamping, now)
    this.#arm(Math.min(nextMs, this.#expiry.next()), now)
  }

  #stamping(now: number): Stamping {
    if (this.#accumulator.active.size > 0) this.#producerIds.ensure(now)
    return this.#producerIds.stamping
  }

  /** When the first batch of the queue may be sent, as far as time decides. */
  #dueAt(partition: Partition, head: Batch): number {
    const { count, backoffUntilMs } = head.attempts
    if (count > 0 || backoffUntilMs > 0) return backoffUntilMs
    return this.#linger.endMs(partition, head)
  }

  /** The leader's node if it takes a request now. If not, an event is to come that wakes the sender. */
  #nodeFor(partition: Partition, now: number): Broker | null {
    const node = partition.leader.nodeId < 0 ? undefined : this.#cluster.node(partition.leader.nodeId)
    if (node === undefined) {
      this.#cluster.requestUpdate()
      return null
    }
    if (!node.isReady) {
      node.connect()
      return null
    }
    return node.canSend(now) ? node : null
  }

  /**
   * Sends requests to one broker, each with one batch of every partition that may send, as long as the broker
   * takes them.
   */
  #sendTo(node: Broker, partitions: Partition[], stamping: Stamping, now: number): void {
    let waiting = partitions
    while (waiting.length > 0 && node.canSend(now)) {
      const batches: DrainedBatch[] = []
      const more: Partition[] = []
      let bytes = 0
      for (const partition of waiting) {
        const head = this.#sealedHead(partition)
        if (head === null) continue
        if (batches.length > 0 && bytes + head.wireSize > this.#options.maxRequestSize) {
          more.push(partition)
          continue
        }
        bytes += head.wireSize
        const batch = partition.drain(node.nodeId, stamping, this.#options.codec.number, now)
        batches.push({ partition, batch })
        if (this.#mayGoOn(partition, stamping, now)) more.push(partition)
      }
      if (batches.length === 0) return
      this.#dispatch(node, batches)
      waiting = more
    }
  }

  /** The first batch of the queue, if its bytes are ready for the wire. */
  #sealedHead(partition: Partition): Batch | null {
    const head = partition.queue[0]
    if (head === undefined) return null
    if (head.state.kind === 'open') this.#accumulator.seal(partition, head)
    return head.state.kind === 'sealed' ? head : null
  }

  #mayGoOn(partition: Partition, stamping: Stamping, now: number): boolean {
    const head = partition.queue[0]
    return head !== undefined && this.#dueAt(partition, head) <= now && partition.mayDrain(stamping, now)
  }

  #dispatch(node: Broker, batches: readonly DrainedBatch[]): void {
    const exchange = new ProduceExchange(batches, this.#options)
    this.#observer.requestSent(batches)
    void (this.#options.acks === 0 ? this.#tell(node, exchange) : this.#ask(node, exchange))
  }

  async #tell(node: Broker, { batches, request, requestOptions }: ProduceExchange): Promise<void> {
    try {
      await node.tell(Produce, request, requestOptions)
    } catch (error) {
      this.#failed(batches, error)
      return
    }
    this.#settle(batches, (drained) => this.#settlement.told(drained))
  }

  async #ask(node: Broker, exchange: ProduceExchange): Promise<void> {
    const { batches, request, requestOptions } = exchange
    let response: ProduceResponse
    try {
      response = (await node.request(Produce, request, requestOptions)).response
    } catch (error) {
      this.#failed(batches, error)
      return
    }
    const results = exchange.match(response)
    this.#noteUnasked(exchange.unasked(response, results), node)
    this.#settle(batches, (drained, i) => this.#settlement.answered(drained, results[i], response, node))
  }

  #noteUnasked(count: number, node: Broker): void {
    if (count === 0) return
    this.#options.logger.debug(
      `broker ${node.description} answered Produce with ${count} result(s) that were not asked for, or twice: ignored`,
    )
  }

  #failed(batches: readonly DrainedBatch[], error: unknown): void {
    const reason = asKafkaError('unexpected error while sending', error, true)
    this.#settle(batches, (drained) => this.#settlement.unanswered(drained, reason))
  }

  #settle(batches: readonly DrainedBatch[], settle: (drained: DrainedBatch, index: number) => void): void {
    this.#observer.requestEnded(batches)
    batches.forEach(settle)
    this.wake()
  }

  #arm(atMs: number, now: number): void {
    if (this.#isClosed || atMs === Number.POSITIVE_INFINITY) return
    this.#timerAtMs = atMs
    // Invariant: DESIGN.md, "Answers are heard before deadlines are judged".
    this.#timer = this.#stalls.setTimer(atMs - now, () => this.wake())
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }
}
