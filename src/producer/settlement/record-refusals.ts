import { InvalidRecordError, type KafkaError } from '../../errors.js'
import type { ProducePartitionResult } from '../../protocol/produce.js'
import type { Batch } from '../accumulator/batch.js'
import { about } from '../accumulator/batch-errors.js'
import type { Partition } from '../accumulator/partition.js'

/**
 * The error of each record of a batch that the broker refused for good, by the record's index. The broker may
 * name the records at fault (KIP-467). It did not append the others either.
 */
export function refusalsOf(
  partition: Partition,
  batch: Batch,
  result: ProducePartitionResult,
  error: KafkaError,
): (index: number) => KafkaError {
  if (result.recordErrors.length === 0) return () => error
  const messages = new Map(result.recordErrors.map(({ batchIndex, message }) => [batchIndex, message]))
  const { broker } = error
  const details = { ...about(partition, batch), cause: error, ...(broker !== undefined && { broker }) }
  const advice = batch.attempts.maybePersisted
    ? 'an earlier attempt to send it may have reached the log, so read it back before sending it again'
    : 'send it again'
  const sibling = new InvalidRecordError(
    `${partition}: another record of its batch was refused, so the broker took none of them; ${advice}`,
    { ...details, retriable: true },
  )
  return (index) => {
    if (!messages.has(index)) return sibling
    const reason = messages.get(index) ?? result.errorMessage ?? error.message
    return new InvalidRecordError(`the broker refused the record for ${partition}: ${reason}`, {
      ...details,
      code: error.code,
    })
  }
}
