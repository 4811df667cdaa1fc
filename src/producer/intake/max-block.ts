import type { Clock } from '../../environment/clock.js'
import { TimeoutError } from '../../errors.js'

/**
 * A timeout that `max.block.ms` caused, with that setting in its message. Any other error is returned as it
 * is.
 */
export function endedByMaxBlock(error: unknown, maxBlockMs: number): unknown {
  if (!(error instanceof TimeoutError)) return error
  const { topic, partition, broker, possiblyPersisted, cause } = error
  return new TimeoutError(`timed out after max.block.ms=${maxBlockMs}: ${error.message}`, error.phase, {
    ...(topic !== undefined && { topic }),
    ...(partition !== undefined && { partition }),
    ...(broker !== undefined && { broker }),
    possiblyPersisted,
    cause,
  })
}

/** Runs a wait for at most `max.block.ms` from now. `wait` gets the deadline on the monotonic clock. */
export async function withinMaxBlock<T>(
  clock: Clock,
  maxBlockMs: number,
  wait: (deadlineMs: number) => Promise<T>,
): Promise<T> {
  try {
    return await wait(clock.now() + maxBlockMs)
  } catch (error) {
    throw endedByMaxBlock(error, maxBlockMs)
  }
}
