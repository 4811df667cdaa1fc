import type { KafkaError } from '../../errors.js'
import type { Batch } from '../accumulator/batch.js'
import { inAnotherCluster, outOfOrder } from '../accumulator/batch-errors.js'
import type { BatchStamp } from '../accumulator/batch-options.js'
import type { Partition } from '../accumulator/partition.js'
import type { ProducerIdSource } from '../idempotence/producer-id-source.js'

/** Stands for the gap of a partition whose whole row of sequences belongs to another cluster's log. */
const ANOTHER_LOG = Number.NEGATIVE_INFINITY

/**
 * Restarts partitions whose row of sequences has a gap, or may have one, at sequence 0 under another epoch.
 * Each partition restarts by itself, when nothing of its own is in flight.
 */
export class SequenceRecovery {
  readonly #producerIds: ProducerIdSource
  readonly #fail: (partition: Partition, batch: Batch, error: KafkaError) => void
  /**
   * The partitions in doubt. The value is the order of the first batch that is certainly not in the log;
   * Infinity if there is none.
   */
  readonly #doubtful = new Map<Partition, number>()

  constructor(
    producerIds: ProducerIdSource,
    fail: (partition: Partition, batch: Batch, error: KafkaError) => void,
  ) {
    this.#producerIds = producerIds
    this.#fail = fail
  }

  /** A batch will not be sent again under its stamp. */
  gaveUp(partition: Partition, batch: Batch, { identity }: BatchStamp, maybePersisted: boolean): void {
    partition.sequence.giveUp(identity, maybePersisted)
    if (partition.sequence.isIntact) return
    const before = this.#doubtful.get(partition) ?? Number.POSITIVE_INFINITY
    this.#doubtful.set(partition, maybePersisted ? before : Math.min(before, batch.order))
  }

  /** The log is another one. Nothing of the row is in it, and no batch of the row is sent to it. */
  startAnew(partition: Partition): void {
    const { state } = partition.sequence
    if (state.kind === 'none') return
    partition.sequence.giveUp(state.identity, false)
    this.#doubtful.set(partition, ANOTHER_LOG)
  }

  restartAll(): void {
    for (const [partition, gap] of this.#doubtful) {
      if (partition.inFlight.length > 0) continue
      if (this.#restart(partition, gap)) this.#doubtful.delete(partition)
    }
  }

  /** Returns whether the row is in order again, or a new one has begun. */
  #restart(partition: Partition, gap: number): boolean {
    const { sequence, queue } = partition
    const state = sequence.state
    if (sequence.isIntact || state.kind === 'none') return true
    if (!sequence.isBroken) {
      // The broker's responses to the stamped batches will show what became of the batch that was given up.
      if (queue.some((batch) => batch.stamp !== null)) return false
      sequence.resolve()
      if (sequence.isIntact) return true
    } else if (
      queue.some((batch) => batch.stamp !== null && batch.attempts.maybePersisted && batch.order < gap)
    ) {
      // Up to the gap the row is whole. Batches that may be in the log are sent again under their own stamp
      // first.
      return false
    }
    this.#producerIds.renew(state.identity)
    sequence.leave()
    for (const batch of queue.filter((queued) => queued.stamp !== null)) {
      if (batch.attempts.maybePersisted) {
        partition.remove(batch)
        const isElsewhere = gap === ANOTHER_LOG
        const error = isElsewhere ? inAnotherCluster(partition, batch) : outOfOrder(partition, batch)
        this.#fail(partition, batch, error)
      } else {
        batch.unstamp()
      }
    }
    return true
  }
}
