import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

interface Outcome {
  readonly batch: Batch
  readonly tell: () => void
}

/**
 * The outcomes of one partition's batches on their way to the callers. A batch may be in the log, or refused for good, while an older one is
 * still to be sent again: then its records hear of it behind those, as the sends were made.
 */
export class OutcomeOrder {
  /** Those that wait for an older batch, oldest first; hardly ever any. */
  readonly #waiting: Outcome[] = []

  /** Calls `tell` as soon as no older batch of the partition is without an outcome: now, as a rule. */
  tell(partition: Partition, batch: Batch, tell: () => void): void {
    const at = this.#waiting.findIndex((other) => other.batch.order > batch.order)
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { batch, tell })
    for (
      let [first] = this.#waiting;
      first !== undefined && !partition.hasPredecessorOf(first.batch);
      [first] = this.#waiting
    ) {
      this.#waiting.shift()
      first.tell()
    }
  }
}
