import type { Clock } from '../environment/clock.js'
import type { Flushes } from './accumulator/flushes.js'
import { copied } from './intake/serialization.js'
import type { ProducerRecord } from './record.js'

/**
 * The outcomes of records that were refused. They come on a later turn, like all others, and `flush` and
 * `close` wait for them.
 */
export class Refusals {
  readonly #flushes: Flushes
  readonly #clock: Clock
  #waiting = 0

  constructor(flushes: Flushes, clock: Clock) {
    this.#flushes = flushes
    this.#clock = clock
  }

  /** Calls `tell` on a later turn. It must not throw. */
  add(tell: () => void): void {
    const { generation } = this.#flushes
    this.#flushes.started(generation)
    this.#waiting++
    this.#clock.soon(() => {
      this.#waiting--
      tell()
      this.#flushes.ended(generation)
    })
  }

  /** Resolves when the outcomes of all that were refused before the call are told. */
  async told(): Promise<void> {
    if (this.#waiting === 0) return
    await new Promise<void>((resolve) => this.#clock.soon(resolve))
  }
}

/** The record as it is now. The caller may use its bytes again before the outcome is told. */
export function snapshot(record: ProducerRecord): ProducerRecord {
  try {
    const { key, value } = record
    if (typeof key !== 'object' && typeof value !== 'object') return record
    return { ...record, ...(key !== undefined && { key: copied(key) }), value: copied(value) }
  } catch {
    // A getter that throws may be why the record was refused.
    return record
  }
}
