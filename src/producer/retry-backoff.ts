import { exponentialBackoff } from '../network/backoff.js'

/** From the second failure in a row on no pause is shorter, whatever `retry.backoff.ms` says; milliseconds. */
const LEAST_MS = 10
/** What that grows to: the default of `retry.backoff.ms`. */
const LEAST_MAX_MS = 100

export interface RetryBackoffConfig {
  readonly retryBackoffMs: number
  readonly retryBackoffMaxMs: number
}

/**
 * The pause in milliseconds before a request is sent again that has failed `failures` times in a row. With a pause of 0 a batch for a
 * topic that is gone would go to the broker thousands of times a second, for all of `delivery.timeout.ms`.
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
