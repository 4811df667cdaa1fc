import { exponentialBackoff } from '../../network/backoff.js'

/** Least pause from the second failure in a row on, in milliseconds, even if `retry.backoff.ms` is lower. */
const LEAST_MS = 10
/** Upper limit to which the least pause grows, in milliseconds: the default of `retry.backoff.ms`. */
const LEAST_MAX_MS = 100

export interface RetryBackoffConfig {
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

/**
 * The pause in milliseconds before a request that has failed `failures` times in a row is sent again. Without
 * a least pause, a batch for a topic that is gone would go to the broker thousands of times a second, for the
 * whole `delivery.timeout.ms`.
 */
export function retryBackoffMs(
  { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs }: RetryBackoffConfig,
  failures: number,
  random: () => number,
): number {
  const asAskedMs = exponentialBackoff(initialMs, maxMs, failures, random)
  return failures < 2
    ? asAskedMs
    : Math.max(asAskedMs, exponentialBackoff(LEAST_MS, LEAST_MAX_MS, failures - 1, random))
}
