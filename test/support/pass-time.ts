import type { ManualClock } from './manual-clock.js'
import { turns } from './turns.js'

/**
 * Lets time pass in small steps with turns of the event loop between them, so that it does not look like a
 * stall.
 */
export async function passTime(clock: ManualClock, ms: number, stepMs: number, count: number): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(left, stepMs))
    await turns(count)
  }
}
