import type { Clock } from '../../environment/clock.js'
import type { KafkaError } from '../../errors.js'
import type { Broker } from '../../network/broker/broker.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode, errorCode, mayHaveBeenAppended } from '../../protocol/error-codes.js'
import type { ProducePartitionResult, ProduceResponse } from '../../protocol/produce.js'
import type { Accumulator } from '../accumulator/accumulator.js'
import type { Batch } from '../accumulator/batch.js'
import { expired, inProduce, ofBatch, outOfOrder, unsplittable } from '../accumulator/batch-errors.js'
import type { DrainedBatch, Partition } from '../accumulator/partition.js'
import type { ProducerObserver } from '../accumulator/producer-observer.js'
import { splitBatch } from '../accumulator/split-batch.js'
import type { ProducerIdSource } from '../idempotence/producer-id-source.js'
import { addToSequence } from '../idempotence/sequence.js'
import type { ProducerCluster } from '../producer-cluster.js'
import { type DeliveryListener, deliver, deliverFailure } from './delivery.js'
import { deliveryObstacle } from './delivery-obstacle.js'
import { LeaderHints } from './leader-hints.js'
import { refusalsOf } from './record-refusals.js'
import type { SequenceRecovery } from './sequence-recovery.js'

export interface SettlementOptions {
  readonly retries: number
  /** The backoff after `failures` failed attempts, in milliseconds. */
  readonly backoffMs: (failures: number) => number
  readonly deliveryTimeoutMs: number
}

/** The parts that the settlement works with. */
export interface SettlementParts {
  readonly accumulator: Accumulator
  readonly cluster: ProducerCluster
  readonly producerIds: ProducerIdSource
  readonly recovery: SequenceRecovery
  readonly clock: Clock
  readonly listener: DeliveryListener
  readonly observer: ProducerObserver
}

/**
 * Decides about a batch once its request has a result: the batch is done, goes back to its partition, or is
 * split. Every change that a response makes to a partition's order is made here.
 */
export class Settlement {
  readonly #parts: SettlementParts
  readonly #options: SettlementOptions
  readonly #hints: LeaderHints

  constructor(parts: SettlementParts, options: SettlementOptions) {
    this.#parts = parts
    this.#options = options
    this.#hints = new LeaderHints(parts.cluster)
  }

  /**
   * The response has a result for one batch; undefined if the broker left the batch out, so that nothing is
   * known of it.
   */
  answered(
    { partition, batch }: DrainedBatch,
    result: ProducePartitionResult | undefined,
    response: ProduceResponse,
    node: Broker,
  ): void {
    partition.landed(batch)
    if (result === undefined) {
      batch.attempts.mayHaveLanded()
      this.#retryOrFail(
        partition,
        batch,
        brokerError(
          ErrorCode.NETWORK_EXCEPTION,
          inProduce(partition, batch, node, 'nothing about this partition'),
        ),
      )
      return
    }
    const { produce, refreshMetadata } = errorCode(result.errorCode)
    if (produce === 'success' || produce === 'duplicate') {
      this.#succeed(partition, batch, produce === 'success' ? result.baseOffset : -1n, result.logAppendTimeMs)
      return
    }
    if (mayHaveBeenAppended(result)) batch.attempts.mayHaveLanded()
    if (refreshMetadata) this.#parts.cluster.requestUpdate()
    const leaderMoved = this.#hints.take(partition, batch, result, response)
    if (batch.isDone) return
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
        else if (batch.attempts.maybePersisted)
          this.fail(partition, batch, unsplittable(partition, batch, error))
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

  /** The request ended without a response. The error says whether the socket was given any of its bytes. */
  unanswered({ partition, batch }: DrainedBatch, error: KafkaError): void {
    partition.landed(batch)
    if (error.possiblyPersisted) batch.attempts.mayHaveLanded()
    if (batch.isDone) return
    if (error.retriable) this.#retryOrFail(partition, batch, ofBatch(partition, batch, error))
    else this.fail(partition, batch, ofBatch(partition, batch, error))
  }

  /** The operating system has the request's bytes, and the broker sends no response (acks=0). */
  told({ partition, batch }: DrainedBatch): void {
    partition.landed(batch)
    this.#succeed(partition, batch, -1n, -1n)
  }

  /** Gives up a batch after `delivery.timeout.ms`. The batch must not be in a queue any more. */
  expire(partition: Partition, batch: Batch, now: number): void {
    if (batch.state.kind === 'in flight') batch.attempts.mayHaveLanded()
    const { cluster, producerIds } = this.#parts
    const node = cluster.node(partition.leader.nodeId)
    const { metadataError } = cluster
    const obstacle = deliveryObstacle(partition, batch, { node, metadataError, producerIds }, now)
    this.fail(partition, batch, expired(partition, batch, now, this.#options.deliveryTimeoutMs, obstacle))
  }

  /**
   * Ends a batch with an error for all its records. The batch must not be in a queue any more; its request
   * may be in flight.
   */
  fail(
    partition: Partition,
    batch: Batch,
    error: KafkaError,
    errorOf: (index: number) => KafkaError = () => error,
  ): void {
    if (batch.stamp !== null)
      this.#parts.recovery.gaveUp(partition, batch, batch.stamp, batch.attempts.maybePersisted)
    this.#parts.observer.batchEnded(partition, batch, error)
    this.#conclude(partition, batch, () => deliverFailure(partition, batch, errorOf, this.#parts.listener))
  }

  #succeed(partition: Partition, batch: Batch, baseOffset: bigint, logAppendTimeMs: bigint): void {
    partition.confirmation.confirm(batch.attempts.round, batch.attempts.sentAtMs)
    if (batch.stamp !== null) {
      const last = addToSequence(batch.stamp.baseSequence, batch.recordCount - 1)
      const lastOffset = baseOffset === -1n ? -1n : baseOffset + BigInt(batch.recordCount - 1)
      partition.sequence.acknowledge(batch.stamp.identity, last, lastOffset)
    }
    if (batch.isDone) return
    this.#parts.observer.batchEnded(partition, batch, null)
    const brokerTimeMs = isOwnTimestamp(batch, logAppendTimeMs) ? -1n : logAppendTimeMs
    this.#conclude(partition, batch, () =>
      deliver(partition, batch, baseOffset, brokerTimeMs, this.#parts.listener),
    )
  }

  /** Ends a batch with its outcome. Its records are notified in their turn. */
  #conclude(partition: Partition, batch: Batch, notify: () => void): void {
    // Invariant: DESIGN.md, "A callback may do anything".
    batch.finish()
    partition.outcomes.notify(partition, batch, () => {
      notify()
      this.#parts.accumulator.finished(batch)
    })
  }

  #retryOrFail(partition: Partition, batch: Batch, error: KafkaError, atOnce = false): void {
    if (batch.isDone) return
    const failures = batch.attempts.failed(error)
    if (failures > this.#options.retries || partition.isAbandoned) {
      this.fail(partition, batch, error)
      return
    }
    batch.attempts.backOff(atOnce ? 0 : this.#parts.clock.now() + this.#options.backoffMs(failures))
    this.#parts.observer.batchRetried(partition, batch, error)
    partition.requeue(batch)
  }

  #split(partition: Partition, batch: Batch, error: KafkaError): void {
    partition.topic.compression.refuse(batch.wireSize, batch.records.length)
    const pieces = splitBatch(batch)
    this.#parts.observer.batchSplit(partition, batch, pieces)
    for (const piece of pieces) {
      piece.attempts.failedInTurn(error)
      this.#parts.accumulator.adopt(piece)
      this.#parts.accumulator.seal(partition, piece)
      partition.insert(piece)
    }
    batch.finish()
    this.#parts.accumulator.finished(batch)
  }

  /** Handles OUT_OF_ORDER_SEQUENCE_NUMBER and UNKNOWN_PRODUCER_ID. */
  #outOfSequence(
    partition: Partition,
    batch: Batch,
    result: ProducePartitionResult,
    error: KafkaError,
  ): void {
    // Invariant: DESIGN.md, "OUT_OF_ORDER_SEQUENCE_NUMBER means something only for the first batch".
    if (partition.hasPredecessorOf(batch)) {
      // The batches before it are not in the log yet, and the error says no more than that. It is sent again
      // in its turn.
      batch.attempts.failedInTurn(error)
      this.#parts.observer.batchRetried(partition, batch, error)
      partition.requeue(batch)
      return
    }
    const { stamp } = batch
    const state = partition.sequence.state
    // Invariant: DESIGN.md, "UNKNOWN_PRODUCER_ID may be no loss".
    if (
      result.errorCode === ErrorCode.UNKNOWN_PRODUCER_ID &&
      state.kind === 'assigned' &&
      state.lastAcknowledgedOffset !== -1n &&
      result.logStartOffset > state.lastAcknowledgedOffset
    ) {
      // The broker forgot the producer because all records of the producer were deleted, including those of
      // an earlier attempt. Without an acknowledged offset this case looks like a log to which other
      // producers wrote.
      batch.attempts.haveNotLanded()
    }
    if (stamp === null || batch.attempts.maybePersisted) {
      // Under another identity the batch could be in the log twice, so the caller must decide.
      batch.attempts.mayHaveLanded()
      this.fail(partition, batch, outOfOrder(partition, batch, error))
      return
    }
    this.#parts.recovery.gaveUp(partition, batch, stamp, false)
    this.#retryOrFail(partition, batch, error)
  }

  #refusedIdentity(partition: Partition, batch: Batch, error: KafkaError): void {
    const { stamp } = batch
    if (stamp === null || batch.attempts.maybePersisted) {
      this.fail(partition, batch, error)
      return
    }
    this.#parts.producerIds.replace(stamp.identity)
    this.#parts.recovery.gaveUp(partition, batch, stamp, false)
    this.#retryOrFail(partition, batch, error)
  }
}

/**
 * Whether the append time is really the batch's own highest timestamp. A broker that has the batch already
 * answers with that, whatever type of timestamp the topic keeps.
 */
function isOwnTimestamp(batch: Batch, logAppendTimeMs: bigint): boolean {
  return batch.attempts.count > 1 && logAppendTimeMs === BigInt(batch.maxTimestamp)
}
