import type { Clock, Timer } from '../environment/clock.js'

/** A timer that fires later than this was held up by this process: a blocked event loop, or the whole process suspended. */
export const LATE_MS = 500

/** What the peer gets after such a hold-up, in which our own bytes may not have left. */
export const GRACE_MS = 1_000

/**
 * Calls `run` behind everything that the network had delivered when this was called. One turn of the event loop reads the sockets;
 * the second one lets what was read take effect.
 */
export function afterDelivery(clock: Clock, run: () => void): void {
  clock.soon(() => clock.soon(run))
}

/**
 * Calls `expired` when `delayMs` have passed, and what arrived meanwhile has been delivered. A process that was held up when the
 * timer was due grants GRACE_MS more, once: the time was not the peer's.
 */
export function setDeadline(clock: Clock, delayMs: number, expired: () => void): Timer {
  let cancelled = false
  let timer: Timer
  const wait = (waitMs: number, mayGrant: boolean): void => {
    const dueMs = clock.now() + waitMs
    timer = clock.setTimer(waitMs, () => {
      const lateMs = clock.now() - dueMs
      if (lateMs < 0) {
        // The clock's timers have a longest, and this one is longer.
        wait(-lateMs, mayGrant)
        return
      }
      if (mayGrant && lateMs > LATE_MS) {
        wait(GRACE_MS, false)
        return
      }
      afterDelivery(clock, () => {
        if (!cancelled) expired()
      })
    })
  }
  wait(delayMs, true)
  return {
    cancel() {
      cancelled = true
      timer.cancel()
    },
  }
}
