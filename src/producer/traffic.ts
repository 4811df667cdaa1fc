import type { Accumulator } from './accumulator.js'
import type { DrainedBatch } from './produce-exchange.js'

/** What a producer has sent, retries included, counted since its beginning; and how many requests are under way. */
export interface TrafficFigures {
  readonly requests: number
  readonly batches: number
  readonly records: number
  /** Of the batches as they go on the wire. */
  readonly bytes: number
  readonly requestsInFlight: number
  /** Topics that state is kept of. */
  readonly topics: number
  /** Memory that records take now, until they have their outcome and nothing reads their bytes any more. */
  readonly heldBytes: number
}

/** Counts Produce requests. */
export class Traffic implements TrafficFigures {
  requests = 0
  batches = 0
  records = 0
  bytes = 0
  requestsInFlight = 0
  readonly #accumulator: Accumulator

  constructor(accumulator: Accumulator) {
    this.#accumulator = accumulator
  }

  get topics(): number {
    return this.#accumulator.topics.size
  }

  get heldBytes(): number {
    return this.#accumulator.heldBytes
  }

  sent(batches: readonly DrainedBatch[]): void {
    this.requests++
    this.requestsInFlight++
    this.batches += batches.length
    for (const { batch } of batches) {
      this.records += batch.recordCount
      this.bytes += batch.wireSize
    }
  }

  settled(): void {
    this.requestsInFlight--
  }
}
