/**
 * The part of a delay by which it varies in either direction, so that clients that failed together do not
 * return together.
 */
const JITTER = 0.2

/**
 * The delay in milliseconds after `failures` failures in a row. It is `initialMs` after the first failure and
 * doubles with each further one. It varies at random and is never above `maxMs`, even if `initialMs` is.
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
