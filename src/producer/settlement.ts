import type { Clock } from '../environment/clock.js'
import type { KafkaError } from '../errors.js'
import type { BrokerNode } from '../network/broker-node.js'
import type { Cluster } from '../network/cluster.js'
import { brokerError } from '../protocol/broker-error.js'
import { errorCode, mayHaveBeenAppended } from '../protocol/error-codes.js'
import type { ProducePartitionResult, ProduceResponse } from '../protocol/produce.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import { type DeliveryHooks, deliver, deliverFailure } from './delivery.js'
import { deliveryObstacle } from './delivery-obstacle.js'
import type { Identity } from './identity.js'
import { LeaderHints } from './leader-hints.js'
import type { Partition } from './partition.js'
import type { DrainedBatch } from './produce-exchange.js'
import { refusalsOf } from './record-refusals.js'
import { addToSequence } from './sequence.js'
import { SequenceRecovery } from './sequence-recovery.js'
import { expired, inProduce, ofBatch, outOfOrder, unsplittable } from './settlement-errors.js'
import { splitBatch } from './split-batch.js'

export interface SettlementOptions {
  readonly retries: number
  /** The wait after `failures` failed attempts, in milliseconds. */
  readonly backoffMs: (failures: number) => number
  readonly deliveryTimeoutMs: number
}

const NETWORK_EXCEPTION = 13
/** UNKNOWN_PRODUCER_ID: the broker has no state of this producer, which is no loss if it deleted the records that made it. */
const UNKNOWN_PRODUCER_ID = 59

/**
 * What becomes of a batch once something is known of its request: it is done, goes back to its partition, or is split. All changes to a
 * partition's order that an answer can bring about are made here.
 */
export class Settlement {
  readonly #accumulator: Accumulator
  readonly #cluster: Cluster
  readonly #identity: Identity | null
  readonly #clock: Clock
  readonly #options: SettlementOptions
  readonly #hooks: DeliveryHooks
  readonly #hints: LeaderHints
  readonly #recovery: SequenceRecovery

  constructor(
    accumulator: Accumulator,
    cluster: Cluster,
    identity: Identity | null,
    clock: Clock,
    options: SettlementOptions,
    hooks: DeliveryHooks,
  ) {
    this.#accumulator = accumulator
    this.#cluster = cluster
    this.#identity = identity
    this.#clock = clock
    this.#options = options
    this.#hooks = hooks
    this.#hints = new LeaderHints(cluster)
    this.#recovery = new SequenceRecovery(identity, (partition, batch, error) =>
      this.fail(partition, batch, error),
    )
  }

  /** The broker's answer about one batch; undefined if it left the batch out, and then nothing is known of it. */
  answered(
    { partition, batch }: DrainedBatch,
    result: ProducePartitionResult | undefined,
    response: ProduceResponse,
    node: BrokerNode,
  ): void {
    partition.landed(batch)
    if (result === undefined) {
      batch.maybePersisted = true
      this.#retryOrFail(
        partition,
        batch,
        brokerError(NETWORK_EXCEPTION, inProduce(partition, batch, node, 'nothing about this partition')),
      )
      return
    }
    const { produce, refreshMetadata } = errorCode(result.errorCode)
    if (produce === 'success' || produce === 'duplicate') {
      this.#succeed(partition, batch, produce === 'success' ? result.baseOffset : -1n, result.logAppendTimeMs)
      return
    }
    if (mayHaveBeenAppended(result)) batch.maybePersisted = true
    if (refreshMetadata) this.#cluster.requestUpdate()
    const leaderMoved = this.#hints.take(partition, batch, result, response)
    if (batch.isDone) {
      this.#accumulator.release(batch)
      return
    }
    const error = brokerError(result.errorCode, inProduce(partition, batch, node, result.errorMessage))
    if (partition.isAbandoned) {
      this.fail(partition, batch, error)
      return
    }
    switch (produce) {
      case 'retry':
      case 'refresh':
        this.#retryOrFail(partition, batch, error, leaderMoved)
        return
      case 'split':
        if (batch.recordCount === 1) this.fail(partition, batch, error)
        else if (batch.maybePersisted) this.fail(partition, batch, unsplittable(partition, batch, error))
        else this.#split(partition, batch, error)
        return
      case 'sequence':
        this.#outOfSequence(partition, batch, result, error)
        return
      case 'newIdentity':
        this.#refusedIdentity(partition, batch, error)
        return
      case 'fail':
        this.fail(partition, batch, error, refusalsOf(partition, batch, result, error))
        return
      default:
        produce satisfies never
    }
  }

  /** The request ended without an answer. The error says whether any of its bytes had left. */
  unanswered({ partition, batch }: DrainedBatch, error: KafkaError): void {
    partition.landed(batch)
    if (error.possiblyPersisted) batch.maybePersisted = true
    if (batch.isDone) this.#accumulator.release(batch)
    else if (error.retriable) this.#retryOrFail(partition, batch, ofBatch(partition, batch, error))
    else this.fail(partition, batch, ofBatch(partition, batch, error))
  }

  /** The request's bytes are with the operating system, and no answer was asked for. */
  told({ partition, batch }: DrainedBatch): void {
    partition.landed(batch)
    this.#succeed(partition, batch, -1n, -1n)
  }

  /** Gives up a batch that has waited for longer than `delivery.timeout.ms`; it is in no queue any more. */
  expire(partition: Partition, batch: Batch, now: number): void {
    if (batch.state.kind === 'in flight') batch.maybePersisted = true
    const leader = this.#cluster.node(partition.leader.nodeId)
    const obstacle = deliveryObstacle(partition, batch, leader, this.#identity, now)
    this.fail(partition, batch, expired(partition, batch, now, this.#options.deliveryTimeoutMs, obstacle))
  }

  /** Ends a batch with an error for all its records. It is in no queue any more; its request may still be out. */
  fail(
    partition: Partition,
    batch: Batch,
    error: KafkaError,
    errorOf: (index: number) => KafkaError = () => error,
  ): void {
    if (batch.stamp !== null) this.#recovery.gaveUp(partition, batch, batch.stamp, batch.maybePersisted)
    this.#conclude(partition, batch, () => deliverFailure(partition, batch, errorOf, this.#hooks))
  }

  /** Has these partitions leave their identity, whatever is known of their sequences. */
  startAnew(partitions: readonly Partition[]): void {
    for (const partition of partitions) this.#recovery.startAnew(partition)
  }

  /** Restarts the sequences of partitions in doubt, each as soon as its own requests are settled. */
  restartSequences(): void {
    this.#recovery.restartAll()
  }

  #succeed(partition: Partition, batch: Batch, baseOffset: bigint, logAppendTimeMs: bigint): void {
    partition.confirmation.confirm(batch.round, batch.sentAtMs)
    if (batch.stamp !== null) {
      const last = addToSequence(batch.stamp.baseSequence, batch.recordCount - 1)
      const lastOffset = baseOffset === -1n ? -1n : baseOffset + BigInt(batch.recordCount - 1)
      partition.sequence.acknowledge(batch.stamp.identity, last, lastOffset)
    }
    if (batch.isDone) {
      this.#accumulator.release(batch)
      return
    }
    const brokerTimeMs = isOwnTimestamp(batch, logAppendTimeMs) ? -1n : logAppendTimeMs
    this.#conclude(partition, batch, () => deliver(partition, batch, baseOffset, brokerTimeMs, this.#hooks))
  }

  /** The batch has its outcome; its records hear of it in their turn. */
  #conclude(partition: Partition, batch: Batch, tell: () => void): void {
    batch.finish()
    partition.outcomes.tell(partition, batch, () => {
      tell()
      this.#accumulator.finished(batch)
    })
  }

  #retryOrFail(partition: Partition, batch: Batch, error: KafkaError, atOnce = false): void {
    if (batch.isDone) {
      this.#accumulator.release(batch)
      return
    }
    batch.lastError = error
    if (++batch.failures > this.#options.retries || partition.isAbandoned) {
      this.fail(partition, batch, error)
      return
    }
    batch.backoffUntilMs = atOnce ? 0 : this.#clock.now() + this.#options.backoffMs(batch.failures)
    partition.requeue(batch)
  }

  #split(partition: Partition, batch: Batch, error: KafkaError): void {
    const pieces = splitBatch(batch)
    for (const piece of pieces) {
      piece.lastError = error
      this.#accumulator.adopt(piece)
      this.#accumulator.seal(partition, piece)
      partition.insert(piece)
    }
    batch.finish()
    this.#accumulator.finished(batch)
  }

  /** OUT_OF_ORDER_SEQUENCE_NUMBER or UNKNOWN_PRODUCER_ID. */
  #outOfSequence(
    partition: Partition,
    batch: Batch,
    result: ProducePartitionResult,
    error: KafkaError,
  ): void {
    if (partition.hasPredecessorOf(batch)) {
      // What comes before it is not in the log yet: that is all the broker says. It follows when its turn comes.
      batch.lastError = error
      partition.requeue(batch)
      return
    }
    const { stamp } = batch
    const state = partition.sequence.state
    if (
      result.errorCode === UNKNOWN_PRODUCER_ID &&
      state.kind === 'assigned' &&
      state.lastAcknowledgedOffset !== -1n &&
      result.logStartOffset > state.lastAcknowledgedOffset
    ) {
      // The broker forgot the producer because it deleted all that the producer had written: also what an earlier attempt may have.
      // With nothing acknowledged that cannot be told from a log that others wrote to.
      batch.maybePersisted = false
    }
    if (stamp === null || batch.maybePersisted) {
      // Sent again under another identity it could be in the log twice; so the caller must decide.
      batch.maybePersisted = true
      this.fail(partition, batch, outOfOrder(partition, batch, error))
      return
    }
    this.#recovery.gaveUp(partition, batch, stamp, false)
    this.#retryOrFail(partition, batch, error)
  }

  #refusedIdentity(partition: Partition, batch: Batch, error: KafkaError): void {
    const { stamp } = batch
    if (stamp === null || batch.maybePersisted) {
      this.fail(partition, batch, error)
      return
    }
    this.#identity?.replace(stamp.identity)
    this.#recovery.gaveUp(partition, batch, stamp, false)
    this.#retryOrFail(partition, batch, error)
  }
}

/**
 * Whether the broker's append time is really the batch's own highest timestamp: that is what stands there when the broker finds that it
 * has the batch already, whatever kind of timestamp the topic keeps.
 */
function isOwnTimestamp(batch: Batch, logAppendTimeMs: bigint): boolean {
  return batch.attempts > 1 && logAppendTimeMs === BigInt(batch.maxTimestamp)
}
