import type { KafkaError } from '../errors.js'
import type { Batch, BatchStamp } from './batch.js'
import type { Identity } from './identity.js'
import type { Partition } from './partition.js'
import { inAnotherCluster, outOfOrder } from './settlement-errors.js'

/** A gap before everything. */
const ANOTHER_LOG = Number.NEGATIVE_INFINITY

/**
 * Brings partitions whose row of sequences has a gap, or may have one, back into order: under another epoch from 0 on, each when nothing
 * of its own is in flight, and no other partition with it.
 */
export class SequenceRecovery {
  readonly #identity: Identity | null
  readonly #fail: (partition: Partition, batch: Batch, error: KafkaError) => void
  /** The partitions in doubt, each with the order of the first batch that certainly is not in its log; Infinity where there is none. */
  readonly #doubtful = new Map<Partition, number>()

  constructor(
    identity: Identity | null,
    fail: (partition: Partition, batch: Batch, error: KafkaError) => void,
  ) {
    this.#identity = identity
    this.#fail = fail
  }

  /** A batch will not be sent again under the stamp that it has. */
  gaveUp(partition: Partition, batch: Batch, { identity }: BatchStamp, maybePersisted: boolean): void {
    partition.sequence.giveUp(identity, maybePersisted)
    if (partition.sequence.isIntact) return
    const before = this.#doubtful.get(partition) ?? Number.POSITIVE_INFINITY
    this.#doubtful.set(partition, maybePersisted ? before : Math.min(before, batch.order))
  }

  /** The log is another one: nothing of the row of sequences is in it, and nothing of it is sent there. */
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

  /** Whether the partition's row is in order again, or a new one has been started. */
  #restart(partition: Partition, gap: number): boolean {
    const { sequence, queue } = partition
    const state = sequence.state
    if (sequence.isIntact || state.kind === 'none') return true
    if (!sequence.isBroken) {
      // What is stamped already learns from the broker what became of the batch that was given up.
      if (queue.some((batch) => batch.stamp !== null)) return false
      sequence.resolve()
      if (sequence.isIntact) return true
    } else if (queue.some((batch) => batch.stamp !== null && batch.maybePersisted && batch.order < gap)) {
      // The row is whole up to the gap: what may be in the log before it is asked about under its own stamp.
      return false
    }
    this.#identity?.renew(state.identity)
    sequence.leave()
    for (const batch of queue.filter((queued) => queued.stamp !== null)) {
      if (batch.maybePersisted) {
        partition.remove(batch)
        const isElsewhere = gap === ANOTHER_LOG
        const error = isElsewhere ? inAnotherCluster(partition, batch) : outOfOrder(partition, batch)
        this.#fail(partition, batch, error)
      } else {
        batch.stamp = null
        batch.headerIsWritten = false
      }
    }
    return true
  }
}
