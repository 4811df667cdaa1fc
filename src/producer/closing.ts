import type { Clock } from '../environment/clock.js'
import { type KafkaErrorDetails, ProducerClosedError } from '../errors.js'
import { waitForFlush } from './accumulator/flushes.js'
import type { ProducerCore } from './producer-core.js'

/**
 * Sends the records that a producer holds, for at most `timeoutMs`; 0 sends nothing. Never rejects: the
 * caller fails the remaining records.
 */
export async function drain(
  { sender, accumulator }: ProducerCore,
  clock: Clock,
  timeoutMs: number | undefined,
): Promise<void> {
  if (timeoutMs === 0) return
  sender.drainAll()
  try {
    await waitForFlush(accumulator.flushes, clock, timeoutMs === undefined ? {} : { timeoutMs })
  } catch {
    // Out of time.
  }
}

/** Error of a call on a closed producer. */
export function closed(): ProducerClosedError {
  return new ProducerClosedError('the producer is closed')
}

/** Makes the error of each record that has no outcome when its producer ends. */
export function closedBefore(
  timeoutMs: number | undefined,
): (known: KafkaErrorDetails) => ProducerClosedError {
  const why = timeoutMs === undefined ? '' : ` (close timed out after ${timeoutMs} ms)`
  return (known) =>
    new ProducerClosedError(
      `the producer was closed before the record was acknowledged${why}; ${known.possiblyPersisted ? 'it may be in the log' : 'it is not in the log'}`,
      known,
    )
}
