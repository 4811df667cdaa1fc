import { BufferExhaustedError } from '../errors.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import type { Settlement } from './settlement.js'

/** `delivery.timeout.ms` for what is in a batch, `max.block.ms` for what waits for memory. All on the monotonic clock. */
export class Deadlines {
  readonly #accumulator: Accumulator
  readonly #settlement: Settlement
  readonly #deliveryTimeoutMs: number
  readonly #maxBlockMs: number

  constructor(
    accumulator: Accumulator,
    settlement: Settlement,
    deliveryTimeoutMs: number,
    maxBlockMs: number,
  ) {
    this.#accumulator = accumulator
    this.#settlement = settlement
    this.#deliveryTimeoutMs = deliveryTimeoutMs
    this.#maxBlockMs = maxBlockMs
  }

  /** Gives up whatever is out of time. The batches of a partition were made in the order in which they stand. */
  expire(now: number): void {
    for (const partition of this.#accumulator.busy) {
      for (const batch of partition.inFlight) {
        if (!batch.isDone && this.#expiry(batch) <= now) this.#settlement.expire(partition, batch, now)
      }
    }
    for (const partition of this.#accumulator.active) {
      for (let head = partition.queue[0]; head !== undefined; head = partition.queue[0]) {
        if (this.#expiry(head) > now) break
        partition.remove(head)
        this.#settlement.expire(partition, head, now)
      }
    }
    this.#expireWaiting(now)
  }

  /** When something will be out of time next, if nothing happens before. */
  next(): number {
    let nextMs = Number.POSITIVE_INFINITY
    for (const { inFlight } of this.#accumulator.busy) {
      const oldest = inFlight.find((batch) => !batch.isDone)
      if (oldest !== undefined) nextMs = Math.min(nextMs, this.#expiry(oldest))
    }
    for (const { queue } of this.#accumulator.active)
      nextMs = Math.min(nextMs, this.#expiry(queue[0] as Batch))
    for (const partition of this.#accumulator.starved) {
      const first = partition.firstWaiting()
      if (first !== undefined) nextMs = Math.min(nextMs, first.deadlineMs)
    }
    return nextMs
  }

  #expiry(batch: Batch): number {
    return batch.createdAtMs + this.#deliveryTimeoutMs
  }

  #expireWaiting(now: number): void {
    const { memory, starved } = this.#accumulator
    for (const partition of starved) {
      for (let first = partition.firstWaiting(); first !== undefined; first = partition.firstWaiting()) {
        if (first.deadlineMs > now) break
        first.fail(
          new BufferExhaustedError(
            `no room for a record for ${partition} within max.block.ms=${this.#maxBlockMs}: buffer.memory=${memory.totalBytes} is taken by records that are not acknowledged yet; send more slowly, or raise buffer.memory`,
            { topic: partition.topic.name, partition: partition.index },
          ),
        )
      }
      if (partition.waiting.length === 0) starved.delete(partition)
    }
    memory.serve()
  }
}
