import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

interface Outcome {
  readonly batch: Batch
  readonly notify: () => void
}

/**
 * The outcomes of one partition's batches on their way to the callers. A batch may get its outcome while an
 * older batch is still to be sent again. Its records are then notified after those of the older batch, in the
 * order of the sends.
 */
export class OutcomeOrder {
  /** Outcomes that wait for an older batch, oldest first. Hardly ever are there any. */
  readonly #waiting: Outcome[] = []

  /** Calls `notify` as soon as every older batch of the partition has its outcome. Usually that is now. */
  notify(partition: Partition, batch: Batch, notify: () => void): void {
    const at = this.#waiting.findIndex((other) => other.batch.order > batch.order)
    this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { batch, notify })
    for (
      let [first] = this.#waiting;
      first !== undefined && !partition.hasPredecessorOf(first.batch);
      [first] = this.#waiting
    ) {
      this.#waiting.shift()
      first.notify()
    }
  }
}
