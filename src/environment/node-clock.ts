import { performance } from 'node:perf_hooks'
import { clearTimeout, setImmediate, setTimeout } from 'node:timers'
import { outsideContexts } from './async-context.js'
import type { Clock } from './clock.js'

/** The longest delay that the runtime's timers accept, in milliseconds. A longer one would fire at once. */
const MAX_TIMER_MS = 0x7fffffff

/**
 * Taken when this module is loaded, like the timers. A test that fakes them later means its own time, not the
 * network's.
 */
const monotonicMs = performance.now.bind(performance)

/** The runtime's time. A test can fake the wall clock only, and that appears in records' timestamps only. */
export const nodeClock: Clock = {
  now: monotonicMs,
  wallTime: () => Date.now(),
  setTimer(delayMs, fire) {
    // Rounded up: a timer that fires early finds nothing to do and has to be set again for the rest.
    const ms = Math.min(Math.max(Math.ceil(delayMs), 0), MAX_TIMER_MS)
    const timer = outsideContexts(() => setTimeout(fire, ms))
    return { cancel: () => clearTimeout(timer) }
  },
  soon(run) {
    outsideContexts(() => setImmediate(run))
  },
}
