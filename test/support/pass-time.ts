import type { ManualClock } from './manual-clock.js'
import { turns } from './turns.js'

/** Time passes in small steps, and the event loop turns after each: else it would look as if this process stood still. */
export async function passTime(clock: ManualClock, ms: number, stepMs: number, count: number): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    clock.advance(Math.min(left, stepMs))
    await turns(count)
  }
}
