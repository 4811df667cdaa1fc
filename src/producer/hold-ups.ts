import { HELD_UP_MS, SLICE_MS } from '../network/deadline.js'

/**
 * While something is under way a pass comes at least this often, so that one that is late tells for how long the process stood still. And
 * so much of every hold-up counts as time that passed, as it does for the network's deadlines.
 */
export const HEARTBEAT_MS: number = SLICE_MS

/**
 * More are not remembered. Half a second counts of each at the least, so these are enough for all that is under way for up to 5,000 seconds of
 * time that counts.
 */
const MOST_REMEMBERED = 10_000

interface HoldUp {
  readonly startMs: number
  readonly endMs: number
}

/**
 * The times in which this process stood still: a blocked event loop, or the whole process suspended. They are not the cluster's fault. So
 * answers that have arrived meanwhile are heard before any deadline is judged, and what was under way has that much longer.
 */
export class HoldUps {
  #isListening = false
  /** On the monotonic clock, oldest first. */
  readonly #remembered: HoldUp[] = []

  /**
   * Whether a pass may go on that was set at `setAtMs` for `dueMs` and runs now, on the monotonic clock. If not, it is to come again
   * behind the network. That happens once: an event loop that is always late must not stop the work.
   */
  mayGoOn(setAtMs: number, dueMs: number, now: number): boolean {
    const startMs = setAtMs + HEARTBEAT_MS
    if (now - dueMs > HELD_UP_MS && now > startMs) {
      this.#remembered.push({ startMs, endMs: now })
      if (this.#remembered.length > MOST_REMEMBERED) this.#remembered.shift()
    }
    this.#isListening = !this.#isListening && now - dueMs > HELD_UP_MS
    return !this.#isListening
  }

  /** How much longer something may take that is under way since `ms`. */
  since(ms: number): number {
    let sum = 0
    for (let i = this.#remembered.length - 1; i >= 0; i--) {
      const { startMs, endMs } = this.#remembered[i] as HoldUp
      if (endMs <= ms) break
      sum += endMs - Math.max(startMs, ms)
    }
    return sum
  }
}
