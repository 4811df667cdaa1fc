import type { KafkaError } from '../../errors.js'
import type { Batch } from './batch.js'
import type { DrainedBatch, Partition } from './partition.js'

/**
 * Hears of the work of sender, settlement and memory queues, for figures and logs. Calls come for requests
 * and batches, never for records. They must not throw.
 */
export interface ProducerObserver {
  /** A Produce request is handed to a connection. */
  requestSent(batches: readonly DrainedBatch[]): void
  /** The request has its response, or ended without one. The outcomes of its batches come after this. */
  requestEnded(batches: readonly DrainedBatch[]): void
  /** The batch has its outcome. `error` is null if the batch is in the log. */
  batchEnded(partition: Partition, batch: Batch, error: KafkaError | null): void
  /** The batch is to be sent again. */
  batchRetried(partition: Partition, batch: Batch, error: KafkaError): void
  /** Smaller batches are sent in place of this one. */
  batchSplit(partition: Partition, batch: Batch, pieces: readonly Batch[]): void
  /** Records of the partition begin to wait for memory. */
  memoryMissing(partition: Partition): void
}

/** Several observers as one. */
export function observedBy(observers: readonly ProducerObserver[]): ProducerObserver {
  const tell = (call: (observer: ProducerObserver) => void): void => {
    for (const observer of observers) call(observer)
  }
  return {
    requestSent: (batches) => tell((one) => one.requestSent(batches)),
    requestEnded: (batches) => tell((one) => one.requestEnded(batches)),
    batchEnded: (partition, batch, error) => tell((one) => one.batchEnded(partition, batch, error)),
    batchRetried: (partition, batch, error) => tell((one) => one.batchRetried(partition, batch, error)),
    batchSplit: (partition, batch, pieces) => tell((one) => one.batchSplit(partition, batch, pieces)),
    memoryMissing: (partition) => tell((one) => one.memoryMissing(partition)),
  }
}
