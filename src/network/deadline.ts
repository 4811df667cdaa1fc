import type { Clock, Timer } from '../environment/clock.js'

/** A timer that fires later than this was not just behind other timers: the event loop was blocked, or the process suspended. */
export const HELD_UP_MS = 50

/** A deadline is waited for in slices of this length, and so much of a hold-up counts: otherwise nothing would end in a process that is always held up. */
export const SLICE_MS = 500

/**
 * Calls `run` behind everything that the network had delivered when this was called. One turn of the event loop reads the sockets;
 * the second one lets what was read take effect.
 */
export function afterDelivery(clock: Clock, run: () => void): void {
  clock.soon(() => clock.soon(run))
}

/**
 * Calls `expired` when `delayMs` have passed, and what arrived meanwhile has been delivered. Time in which this process stood still was
 * not the peer's: of a hold-up no more than SLICE_MS count.
 */
export function setDeadline(clock: Clock, delayMs: number, expired: () => void): Timer {
  let cancelled = false
  let timer: Timer
  const wait = (leftMs: number): void => {
    const sliceMs = Math.min(leftMs, SLICE_MS)
    const setAtMs = clock.now()
    timer = clock.setTimer(sliceMs, () => {
      const elapsedMs = clock.now() - setAtMs
      const stillLeftMs = leftMs - (elapsedMs - sliceMs > HELD_UP_MS ? sliceMs : elapsedMs)
      if (stillLeftMs > 0) {
        wait(stillLeftMs)
        return
      }
      afterDelivery(clock, () => {
        if (!cancelled) expired()
      })
    })
  }
  wait(delayMs)
  return {
    cancel() {
      cancelled = true
      timer.cancel()
    },
  }
}
