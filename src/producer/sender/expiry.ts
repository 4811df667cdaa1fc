import { BufferExhaustedError } from '../../errors.js'
import type { Stalls } from '../../network/stalls.js'
import type { Accumulator } from '../accumulator/accumulator.js'
import type { Batch } from '../accumulator/batch.js'
import type { Partition } from '../accumulator/partition.js'
import type { WaitingSend } from '../accumulator/waiting-send.js'
import type { Settlement } from '../settlement/settlement.js'

export interface ExpiryLimits {
  readonly deliveryTimeoutMs: number
  readonly maxBlockMs: number
}

/**
 * Gives up batches after `delivery.timeout.ms`, and records that wait for memory after `max.block.ms`. Times
 * are on the monotonic clock. Stalls of this process meanwhile make them later.
 */
export class Expiry {
  readonly #accumulator: Accumulator
  readonly #settlement: Settlement
  readonly #stalls: Stalls
  readonly #limits: ExpiryLimits

  constructor(accumulator: Accumulator, settlement: Settlement, stalls: Stalls, limits: ExpiryLimits) {
    this.#accumulator = accumulator
    this.#settlement = settlement
    this.#stalls = stalls
    this.#limits = limits
  }

  /**
   * Gives up everything whose time is over. The batches of a partition stand in the order in which they were
   * created, so the first ones decide. Records that callbacks send meanwhile are not looked at: with a
   * timeout of 0 they would be due at once, and this would never end.
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

  /** In the order of the sends, in which the records are notified. */
  #expirePartition(partition: Partition, now: number): void {
    for (const batch of partition.unsettled()) {
      if (batch.isDone || this.#expiry(batch) > now) continue
      if (batch.state.kind !== 'in flight') partition.remove(batch)
      this.#settlement.expire(partition, batch, now)
    }
  }

  /** The time at which something is due next, if nothing happens before. */
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
      const first = partition.waiting.first()
      if (first !== undefined)
        nextMs = Math.min(nextMs, first.expiryMs(this.#limits.maxBlockMs, this.#stalls))
    }
    return nextMs
  }

  #expiry(batch: Batch): number {
    return batch.createdAtMs + this.#limits.deliveryTimeoutMs + this.#stalls.since(batch.createdAtMs)
  }

  #expireWaiting(partitions: readonly Partition[], now: number): void {
    const { memory } = this.#accumulator
    for (const partition of partitions) {
      for (const send of this.#dueOf(partition, now)) {
        send.fail(
          new BufferExhaustedError(
            `no room for a record for ${partition} within max.block.ms=${this.#limits.maxBlockMs}: buffer.memory=${memory.totalBytes} is taken by records that are not acknowledged yet; send more slowly, or raise buffer.memory`,
            { topic: partition.topic.name, partition: partition.index },
          ),
        )
      }
      if (partition.waiting.first() === undefined) this.#accumulator.starvesNoMore(partition)
    }
    memory.serve()
  }

  /** The records that are due, oldest first. */
  #dueOf({ waiting }: Partition, now: number): WaitingSend[] {
    const due: WaitingSend[] = []
    for (const send of waiting.waiting()) {
      if (send.expiryMs(this.#limits.maxBlockMs, this.#stalls) > now) break
      due.push(send)
    }
    return due
  }
}
