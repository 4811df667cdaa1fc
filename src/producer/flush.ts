import type { Clock } from '../environment/clock.js'
import { AbortError, TimeoutError } from '../errors.js'
import { afterDelivery } from '../network/deadline.js'
import type { Flushes } from './flushes.js'

export interface FlushOptions {
  /** Milliseconds; without it only `max.block.ms` and `delivery.timeout.ms` of the records bound the wait. */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal
}

/** Waits for everything that is under way now. However it ends, no timer and no listener is left behind. */
export function waitForFlush(
  flushes: Flushes,
  clock: Clock,
  { timeoutMs, signal }: FlushOptions,
): Promise<void> {
  const abortError = (): AbortError =>
    new AbortError('the flush was aborted; the records go on', { cause: signal?.reason })
  if (signal?.aborted) return Promise.reject(abortError())
  return new Promise((resolve, reject) => {
    let isOver = false
    let stopWaiting = (): void => {}
    const end = (settle: () => void): void => {
      if (isOver) return
      isOver = true
      stopWaiting()
      timer?.cancel()
      signal?.removeEventListener('abort', aborted)
      settle()
    }
    const aborted = (): void => end(() => reject(abortError()))
    const timedOut = (): void =>
      end(() =>
        reject(new TimeoutError(`flush did not end within ${timeoutMs} ms; the records go on`, 'flush')),
      )
    // After a blocked event loop the answers lie in the sockets, and timers are served before those.
    const timer =
      timeoutMs === undefined ? null : clock.setTimer(timeoutMs, () => afterDelivery(clock, timedOut))
    signal?.addEventListener('abort', aborted)
    stopWaiting = flushes.wait(() => end(resolve))
  })
}
