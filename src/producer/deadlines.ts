import { BufferExhaustedError } from '../errors.js'
import type { Fifo } from '../fifo.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import type { HoldUps } from './hold-ups.js'
import type { Partition } from './partition.js'
import type { Settlement } from './settlement.js'
import { unsettledBatches } from './unsettled.js'
import type { WaitingSend } from './waiting-send.js'

/**
 * `delivery.timeout.ms` for what is in a batch, `max.block.ms` for what waits for memory. All on the monotonic clock, and longer by what
 * this process stood still meanwhile.
 */
export class Deadlines {
  readonly #accumulator: Accumulator
  readonly #settlement: Settlement
  readonly #holdUps: HoldUps
  readonly #deliveryTimeoutMs: number
  readonly #maxBlockMs: number

  constructor(
    accumulator: Accumulator,
    settlement: Settlement,
    holdUps: HoldUps,
    deliveryTimeoutMs: number,
    maxBlockMs: number,
  ) {
    this.#accumulator = accumulator
    this.#settlement = settlement
    this.#holdUps = holdUps
    this.#deliveryTimeoutMs = deliveryTimeoutMs
    this.#maxBlockMs = maxBlockMs
  }

  /**
   * Gives up whatever is out of time. The batches of a partition were made in the order in which they stand. What a callback sends in
   * answer is not looked at: with no time at all it would be out of time at once, and this would never end.
   */
  expire(now: number): void {
    const isDue = (batch: Batch): boolean => this.#expiry(batch) <= now
    const { active, busy, starved } = this.#accumulator
    const waiting = [...starved]
    for (const partition of [...busy]) {
      if (partition.inFlight.some((batch) => !batch.isDone && isDue(batch)))
        this.#expirePartition(partition, now)
    }
    for (const partition of [...active]) {
      const [head] = partition.queue
      if (head !== undefined && isDue(head)) this.#expirePartition(partition, now)
    }
    this.#expireWaiting(waiting, now)
  }

  /** In the order of the sends, which is the order in which the records hear of it. */
  #expirePartition(partition: Partition, now: number): void {
    for (const batch of unsettledBatches(partition)) {
      if (batch.isDone || this.#expiry(batch) > now) continue
      if (batch.state.kind !== 'in flight') partition.remove(batch)
      this.#settlement.expire(partition, batch, now)
    }
  }

  /** When something will be out of time next, if nothing happens before. */
  next(): number {
    let nextMs = Number.POSITIVE_INFINITY
    for (const { inFlight } of this.#accumulator.busy) {
      const oldest = inFlight.find((batch) => !batch.isDone)
      if (oldest !== undefined) nextMs = Math.min(nextMs, this.#expiry(oldest))
    }
    for (const {
      queue: [head],
    } of this.#accumulator.active)
      if (head !== undefined) nextMs = Math.min(nextMs, this.#expiry(head))
    for (const partition of this.#accumulator.starved) {
      const first = partition.firstWaiting()
      if (first !== undefined) nextMs = Math.min(nextMs, first.expiryMs(this.#holdUps))
    }
    return nextMs
  }

  #expiry(batch: Batch): number {
    return batch.createdAtMs + this.#deliveryTimeoutMs + this.#holdUps.since(batch.createdAtMs)
  }

  #expireWaiting(partitions: readonly Partition[], now: number): void {
    const { memory, starved } = this.#accumulator
    for (const partition of partitions) {
      for (const send of this.#dueOf(partition.waiting, now)) {
        send.fail(
          new BufferExhaustedError(
            `no room for a record for ${partition} within max.block.ms=${this.#maxBlockMs}: buffer.memory=${memory.totalBytes} is taken by records that are not acknowledged yet; send more slowly, or raise buffer.memory`,
            { topic: partition.topic.name, partition: partition.index },
          ),
        )
      }
      if (partition.firstWaiting() === undefined) starved.delete(partition)
    }
    memory.serve()
  }

  /** Those that are out of time by now; the oldest stand first. */
  #dueOf(waiting: Fifo<WaitingSend>, now: number): WaitingSend[] {
    const due: WaitingSend[] = []
    for (const send of waiting) {
      if (send.isSettled) continue
      if (send.expiryMs(this.#holdUps) > now) break
      due.push(send)
    }
    return due
  }
}
