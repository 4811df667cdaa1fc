import type { KafkaError } from '../errors.js'
import type { Batch } from './batch.js'
import type { Identity } from './identity.js'
import type { Partition } from './partition.js'
import type { ProducerIdentity } from './sequence.js'
import { outOfOrder } from './settlement-errors.js'

/**
 * Brings partitions whose row of sequences has a gap, or may have one, back into order: under another epoch from 0 on, each when nothing
 * of its own is in flight, and no other partition with it.
 */
export class SequenceRecovery {
  readonly #identity: Identity | null
  readonly #fail: (partition: Partition, batch: Batch, error: KafkaError) => void
  readonly #doubtful = new Set<Partition>()

  constructor(
    identity: Identity | null,
    fail: (partition: Partition, batch: Batch, error: KafkaError) => void,
  ) {
    this.#identity = identity
    this.#fail = fail
  }

  /** A batch with a stamp of `identity` will not be sent under it again. */
  gaveUp(partition: Partition, identity: ProducerIdentity, maybePersisted: boolean): void {
    partition.sequence.giveUp(identity, maybePersisted)
    if (!partition.sequence.isIntact) this.#doubtful.add(partition)
  }

  restartAll(): void {
    for (const partition of this.#doubtful) {
      if (partition.inFlight.length > 0) continue
      if (this.#restart(partition)) this.#doubtful.delete(partition)
    }
  }

  /** Whether the partition's row is in order again, or a new one has been started. */
  #restart(partition: Partition): boolean {
    const { sequence, queue } = partition
    const state = sequence.state
    if (sequence.isIntact || state.kind === 'none') return true
    if (!sequence.isBroken) {
      // What is stamped already learns from the broker what became of the batch that was given up.
      if (queue.some((batch) => batch.stamp !== null)) return false
      sequence.resolve()
      if (sequence.isIntact) return true
    }
    this.#identity?.renew(state.identity)
    sequence.leave()
    for (const batch of queue.filter((queued) => queued.stamp !== null)) {
      if (batch.maybePersisted) {
        partition.remove(batch)
        this.#fail(partition, batch, outOfOrder(partition, batch, batch.lastError))
      } else {
        batch.stamp = null
        batch.headerIsWritten = false
      }
    }
    return true
  }
}
