/** A pass that runs this much after its time has been held up, and judges no deadline before the network has been heard. */
const HELD_UP_MS = 50

/** A pass that runs this much after its time was not just behind other work: the process stood still. */
const STOOD_STILL_MS = 500

/** While something is under way a pass comes at least this often: one that is late tells for how long the process stood still. */
export const HEARTBEAT_MS = 500

/** More are not remembered; the oldest are the longest, and the least likely to matter still. */
const MOST_REMEMBERED = 100

/**
 * The times in which this process stood still: a blocked event loop, or the whole process suspended. They are not the cluster's fault. So
 * answers that have arrived meanwhile are heard before any deadline is judged, and what was under way has that much longer: as long as
 * the longest of them, not their sum, so that a process which is always held up gives up what is out of time all the same.
 */
export class HoldUps {
  #isListening = false
  /** Oldest first, each longer than all after it: what is shorter than a later one never counts again. */
  readonly #remembered: { readonly endMs: number; readonly lengthMs: number }[] = []

  /**
   * Whether a pass may go on that was set at `setAtMs` for `dueMs` and runs now, on the monotonic clock. If not, it is to come again
   * behind the network. That happens once: an event loop that is always late must not stop the work.
   */
  mayGoOn(setAtMs: number, dueMs: number, now: number): boolean {
    if (now - dueMs > STOOD_STILL_MS) this.#remember(now, now - setAtMs)
    this.#isListening = !this.#isListening && now - dueMs > HELD_UP_MS
    return !this.#isListening
  }

  /** How long something may take more that is under way since `ms`. */
  longestSince(ms: number): number {
    return this.#remembered.find(({ endMs }) => endMs > ms)?.lengthMs ?? 0
  }

  #remember(endMs: number, lengthMs: number): void {
    const remembered = this.#remembered
    while ((remembered.at(-1)?.lengthMs ?? Number.POSITIVE_INFINITY) <= lengthMs) remembered.pop()
    remembered.push({ endMs, lengthMs })
    if (remembered.length > MOST_REMEMBERED) remembered.shift()
  }
}
