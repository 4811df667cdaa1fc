import type { KafkaError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import type { Batch } from '../accumulator/batch.js'
import type { DrainedBatch, Partition } from '../accumulator/partition.js'
import type { ProducerObserver } from '../accumulator/producer-observer.js'

/** Failed attempts of one batch after which the user hears of them. Elections and restarts cause fewer. */
const WARN_AFTER_ATTEMPTS = 5

/** Warns once when the records of a partition do not get through, and says when they do again. */
export class DeliveryLog implements ProducerObserver {
  readonly #logger: Logger
  /** Weak, because a partition whose topic is forgotten never gets through again. */
  readonly #stuck = new WeakSet<Partition>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  batchRetried(partition: Partition, batch: Batch, error: KafkaError): void {
    const { count } = batch.attempts
    const fields = {
      topic: partition.topic.name,
      partition: partition.index,
      attempts: count,
      code: error.code,
    }
    if (count < WARN_AFTER_ATTEMPTS || this.#stuck.has(partition)) {
      this.#logger.debug(`${partition}: sending again after attempt ${count}: ${error.message}`, fields)
      return
    }
    this.#stuck.add(partition)
    this.#logger.warn(
      `records for ${partition} do not get through, after ${count} attempts: ${error.message}; trying again`,
      fields,
    )
  }

  batchEnded(partition: Partition, _batch: Batch, error: KafkaError | null): void {
    if (error !== null || !this.#stuck.delete(partition)) return
    const fields = { topic: partition.topic.name, partition: partition.index }
    this.#logger.info(`records for ${partition} get through again`, fields)
  }

  batchSplit(partition: Partition, batch: Batch, pieces: readonly Batch[]): void {
    this.#logger.debug(
      `${partition}: a batch of ${batch.recordCount} records was too large, and goes in ${pieces.length} pieces`,
      { topic: partition.topic.name, partition: partition.index },
    )
  }

  requestSent(_batches: readonly DrainedBatch[]): void {}

  requestEnded(_batches: readonly DrainedBatch[]): void {}

  memoryMissing(_partition: Partition): void {}
}
