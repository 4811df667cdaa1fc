import { GRACE_MS, LATE_MS } from '../network/deadline.js'

/** A pass that runs this much after its time has been held up, and judges no deadline before the network has been heard. */
const HELD_UP_MS = 50

/** While something is under way a pass comes at least this often: one that is late tells for how long the process stood still. */
export const HEARTBEAT_MS = 500

/**
 * The times in which this process stood still: a blocked event loop, or the whole process suspended. What runs out of time in one is not
 * the cluster's fault. Answers that have arrived are heard first, and what had no chance to be sent gets one.
 */
export class HoldUps {
  #isListening = false
  #judgeFromMs = Number.NEGATIVE_INFINITY
  #graceIsSpent = false

  /** No deadline is judged before, on the monotonic clock. */
  get judgeFromMs(): number {
    return this.#judgeFromMs
  }

  /**
   * Whether a pass that runs `lateMs` after its time may go on; if not, it is to come again behind the network. That happens once: an
   * event loop that is always late must not stop the work.
   */
  mayGoOn(lateMs: number, now: number): boolean {
    if (lateMs <= HELD_UP_MS || this.#isListening) {
      this.#isListening = false
      // Grace is given once; again only after deadlines were judged in a pass that came in time.
      if (lateMs <= LATE_MS && this.mayJudge(now)) this.#graceIsSpent = false
      return true
    }
    this.#isListening = true
    if (lateMs > LATE_MS && !this.#graceIsSpent) {
      this.#graceIsSpent = true
      this.#judgeFromMs = now + GRACE_MS
    }
    return false
  }

  mayJudge(now: number): boolean {
    return now >= this.#judgeFromMs
  }
}
