import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import type { DrainedBatch, Partition } from './partition.js'
import type { ProducerObserver } from './producer-observer.js'

/** Figures of a producer: what it has done since it was made, and what is under way. */
export interface TrafficFigures {
  /** Produce requests, including those that were sent again. */
  readonly requests: number
  /** Batches in those requests. */
  readonly batches: number
  /** Records in those batches. */
  readonly records: number
  /** Bytes of those batches on the wire. */
  readonly bytes: number
  readonly requestsInFlight: number
  /** How often a batch was put back to be sent again. */
  readonly retries: number
  /** How many batches were split. */
  readonly splits: number
  /** Records in batches that failed. */
  readonly failedRecords: number
  /** How often records of a partition began to wait for memory. */
  readonly memoryWaits: number
  /** Topics of which the producer keeps state. */
  readonly topics: number
  /**
   * Bytes of memory that records take now, until they have their outcome and their bytes are no longer read.
   */
  readonly heldBytes: number
}

/** Counts what a producer does. */
export class Traffic implements TrafficFigures, ProducerObserver {
  requests = 0
  batches = 0
  records = 0
  bytes = 0
  requestsInFlight = 0
  retries = 0
  splits = 0
  failedRecords = 0
  memoryWaits = 0
  /** The accumulator whose topics and memory are shown. */
  accumulator: Accumulator | null = null

  get topics(): number {
    return this.accumulator?.topics.size ?? 0
  }

  get heldBytes(): number {
    return this.accumulator?.heldBytes ?? 0
  }

  requestSent(batches: readonly DrainedBatch[]): void {
    this.requests++
    this.requestsInFlight++
    this.batches += batches.length
    for (const { batch } of batches) {
      this.records += batch.recordCount
      this.bytes += batch.wireSize
    }
  }

  requestEnded(): void {
    this.requestsInFlight--
  }

  batchEnded(_partition: Partition, batch: Batch, error: Error | null): void {
    if (error !== null) this.failedRecords += batch.recordCount
  }

  batchRetried(): void {
    this.retries++
  }

  batchSplit(): void {
    this.splits++
  }

  memoryMissing(): void {
    this.memoryWaits++
  }
}
