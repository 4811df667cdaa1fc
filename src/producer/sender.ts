import type { Clock, Timer } from '../environment/clock.js'
import type { KafkaError, KafkaErrorDetails, ProducerClosedError } from '../errors.js'
import type { Logger } from '../logger.js'
import type { BrokerNode } from '../network/broker-node.js'
import type { Cluster } from '../network/cluster.js'
import { Produce, type ProduceResponse } from '../protocol/produce.js'
import { asKafkaError } from '../unexpected.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import { Deadlines } from './deadlines.js'
import { HEARTBEAT_MS, type HoldUps } from './hold-ups.js'
import type { Identity } from './identity.js'
import type { Partition } from './partition.js'
import { type DrainedBatch, ProduceExchange } from './produce-exchange.js'
import type { ProducerIdentity } from './sequence.js'
import type { Settlement } from './settlement.js'
import { about, ofBatch } from './settlement-errors.js'
import { Traffic } from './traffic.js'
import { unsettledBatches } from './unsettled.js'

export interface SenderOptions {
  /** 0, 1, or -1 for all in-sync replicas. */
  readonly acks: number
  readonly lingerMs: number
  readonly requestTimeoutMs: number
  readonly deliveryTimeoutMs: number
  readonly maxBlockMs: number
  readonly maxRequestSize: number
  /** The codec's number, for the batches' attributes. */
  readonly compression: number
  readonly logger: Logger
}

/**
 * Owns the decision of what goes on the wire, and when; everything else only calls `wake`. A pass looks at each partition that has
 * something to send, in turn, and asks of each by itself whether it may: no partition waits for another.
 */
export class Sender {
  readonly traffic: Traffic
  readonly #accumulator: Accumulator
  readonly #cluster: Cluster
  readonly #identity: Identity | null
  readonly #settlement: Settlement
  readonly #clock: Clock
  readonly #options: SenderOptions
  readonly #deadlines: Deadlines
  readonly #holdUps: HoldUps
  #passIsQueued = false
  #wokenAtMs = 0
  #timer: Timer | null = null
  #timerAtMs = Number.POSITIVE_INFINITY
  #timerSetAtMs = 0
  #isDraining = false
  #isClosed = false

  constructor(
    accumulator: Accumulator,
    cluster: Cluster,
    identity: Identity | null,
    settlement: Settlement,
    clock: Clock,
    holdUps: HoldUps,
    options: SenderOptions,
  ) {
    this.traffic = new Traffic(accumulator)
    this.#accumulator = accumulator
    this.#cluster = cluster
    this.#identity = identity
    this.#settlement = settlement
    this.#clock = clock
    this.#holdUps = holdUps
    this.#options = options
    const { deliveryTimeoutMs, maxBlockMs } = options
    this.#deadlines = new Deadlines(accumulator, settlement, holdUps, deliveryTimeoutMs, maxBlockMs)
  }

  /** Asks for a pass. Any number of calls in one turn of the event loop cost one pass. */
  wake(): void {
    if (this.#passIsQueued || this.#isClosed) return
    this.#passIsQueued = true
    this.#wokenAtMs = this.#clock.now()
    this.#clock.soon(() => {
      this.#passIsQueued = false
      if (!this.#isClosed) this.#pass(this.#clock.now())
    })
  }

  /** From now on nothing lingers: the producer is closing. */
  drainAll(): void {
    this.#isDraining = true
    this.wake()
  }

  /** Ends all work at once. What has no outcome fails with the error that `errorOf` makes from what is known of each batch. */
  abort(errorOf: (known: KafkaErrorDetails) => ProducerClosedError): void {
    this.#isClosed = true
    this.#timer?.cancel()
    for (const partition of [...this.#accumulator.busy, ...this.#accumulator.active]) {
      for (const batch of unsettledBatches(partition)) {
        if (batch.state.kind === 'in flight') batch.maybePersisted = true
        else partition.remove(batch)
        this.#settlement.fail(partition, batch, errorOf(about(partition, batch)))
      }
    }
  }

  /** Fails what no attempt under way or in the log can be of, for want of a producer id: never sent, or only ever refused. */
  failUnsent(error: KafkaError): void {
    const unsent = [...this.#accumulator.active].flatMap((partition) =>
      partition.queue.filter(({ stamp }) => stamp === null).map((batch) => ({ partition, batch })),
    )
    // What a callback sends in answer joins none of these, and belongs to the next attempt. None goes out, so none is compressed.
    for (const { batch } of unsent) if (batch.state.kind === 'open') batch.sealAsItIs()
    // One after the other: as long as it has a place in its queue, what was sent later hears of its outcome later.
    for (const { partition, batch } of unsent) {
      if (batch.isDone) continue
      partition.remove(batch)
      this.#settlement.fail(partition, batch, ofBatch(partition, batch, error))
    }
  }

  #pass(now: number): void {
    const timerAtMs = this.#timerAtMs
    const setAtMs = timerAtMs < this.#wokenAtMs ? this.#timerSetAtMs : this.#wokenAtMs
    this.#disarm()
    if (!this.#holdUps.mayGoOn(setAtMs, Math.min(timerAtMs, this.#wokenAtMs), now)) {
      this.#arm(now, now)
      return
    }
    this.#deadlines.expire(now)
    this.#settlement.restartSequences()
    const identity = this.#currentIdentity(now)
    const ready = new Map<BrokerNode, Partition[]>()
    let nextMs = Number.POSITIVE_INFINITY
    if (this.#identity !== null && this.#accumulator.active.size > 0) nextMs = this.#identity.retryAtMs
    for (const partition of this.#accumulator.active) {
      const [head] = partition.queue
      if (head === undefined) continue
      const dueMs = this.#dueAt(head)
      if (dueMs > now) {
        nextMs = Math.min(nextMs, dueMs)
        continue
      }
      const node = this.#nodeFor(partition, now)
      if (node === null || !partition.mayDrain(this.#identity !== null, identity, now)) continue
      const partitions = ready.get(node)
      if (partitions === undefined) ready.set(node, [partition])
      else partitions.push(partition)
    }
    for (const [node, partitions] of ready) this.#sendTo(node, partitions, identity, now)
    this.#arm(Math.min(nextMs, this.#deadlines.next()), now)
  }

  #currentIdentity(now: number): ProducerIdentity | null {
    if (this.#identity === null) return null
    if (this.#accumulator.active.size > 0) this.#identity.ensure(now)
    return this.#identity.current
  }

  /** When the head of the queue may go, as far as time is concerned. */
  #dueAt(head: Batch): number {
    if (head.attempts > 0 || head.backoffUntilMs > 0) return head.backoffUntilMs
    const { flushes, memory } = this.#accumulator
    const lingers =
      head.state.kind === 'open' &&
      !head.isFull &&
      !this.#isDraining &&
      !memory.hasWaiters &&
      !flushes.isFlushing(head.generation)
    return lingers ? head.createdAtMs + this.#options.lingerMs : 0
  }

  /** The leader's node if it takes a request now. If not, something is under way that will wake us. */
  #nodeFor(partition: Partition, now: number): BrokerNode | null {
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

  /** Requests to one broker, each with one batch of every partition that may send, as long as the broker takes them. */
  #sendTo(node: BrokerNode, partitions: Partition[], identity: ProducerIdentity | null, now: number): void {
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
        const batch = partition.drain(
          node.nodeId,
          this.#identity !== null,
          identity,
          this.#options.compression,
          now,
        )
        batches.push({ partition, batch })
        this.#accumulator.busy.add(partition)
        if (this.#mayGoOn(partition, identity, now)) more.push(partition)
      }
      if (batches.length === 0) return
      this.#dispatch(node, batches)
      waiting = more
    }
  }

  /** The head of the queue, if its bytes are ready for the wire. */
  #sealedHead(partition: Partition): Batch | null {
    const head = partition.queue[0]
    if (head === undefined) return null
    if (head.state.kind === 'open') partition.closeOpenBatch(head)
    return head.state.kind === 'sealed' ? head : null
  }

  #mayGoOn(partition: Partition, identity: ProducerIdentity | null, now: number): boolean {
    const head = partition.queue[0]
    return (
      head !== undefined &&
      this.#dueAt(head) <= now &&
      partition.mayDrain(this.#identity !== null, identity, now)
    )
  }

  #dispatch(node: BrokerNode, batches: readonly DrainedBatch[]): void {
    const exchange = new ProduceExchange(batches, this.#options.acks, this.#options.requestTimeoutMs)
    this.traffic.sent(batches)
    void (this.#options.acks === 0 ? this.#tell(node, exchange) : this.#ask(node, exchange))
  }

  async #tell(node: BrokerNode, { batches, request, requestOptions }: ProduceExchange): Promise<void> {
    try {
      await node.tell(Produce, request, requestOptions)
    } catch (error) {
      this.#failed(batches, error)
      return
    }
    this.#settle(batches, (drained) => this.#settlement.told(drained))
  }

  async #ask(node: BrokerNode, exchange: ProduceExchange): Promise<void> {
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

  #noteUnasked(count: number, node: BrokerNode): void {
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
    this.traffic.settled()
    batches.forEach((drained, i) => {
      settle(drained, i)
      if (drained.partition.inFlight.length === 0) this.#accumulator.busy.delete(drained.partition)
    })
    this.wake()
  }

  #arm(atMs: number, now: number): void {
    if (this.#isClosed) return
    if (atMs === Number.POSITIVE_INFINITY && this.#accumulator.unplaced.size === 0) return
    this.#timerAtMs = Math.min(atMs, now + HEARTBEAT_MS)
    this.#timerSetAtMs = now
    this.#timer = this.#clock.setTimer(this.#timerAtMs - now, () => this.wake())
  }

  #disarm(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }
}
