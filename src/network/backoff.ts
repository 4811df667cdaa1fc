/** By how much of itself a delay varies in either direction, so that clients that failed together do not come back together. */
const JITTER = 0.2

/**
 * The delay in milliseconds before the attempt that follows `failures` failures in a row: doubles from `initialMs` with each
 * failure after the first, varied at random, never above `maxMs`, also where `initialMs` is.
 */
export function exponentialBackoff(
  initialMs: number,
  maxMs: number,
  failures: number,
  random: () => number,
): number {
  const doublings = Math.min(Math.max(failures - 1, 0), 32)
  const plainMs = Math.min(initialMs * 2 ** doublings, maxMs)
  return Math.min(plainMs * (1 - JITTER + 2 * JITTER * random()), maxMs)
}
