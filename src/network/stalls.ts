import type { Clock, Timer } from '../environment/clock.js'

/**
 * A timer that fires later than this, in milliseconds, was not only behind other timers. The event loop was
 * blocked, or the process suspended.
 */
const STALLED_MS = 50

/**
 * Interval of the heartbeat in milliseconds. It runs while time matters to anything, and a late beat shows
 * how long the process stalled.
 *
 * Of each stall, the time until the heartbeat was due counts as time that passed: at most one interval.
 * Between two stalls one whole interval counts, so that a process that always stalls gives up in the end.
 */
const HEARTBEAT_MS = 500

/**
 * At most this many stalls are remembered. At least half a second that counts lies between two of them, so
 * they are enough for everything that takes up to 5,000 seconds.
 */
const MOST_REMEMBERED = 10_000

interface Stall {
  readonly startMs: number
  readonly endMs: number
}

/**
 * The stalls of this process: its event loop was blocked, or the whole process suspended. A stall is not the
 * peers' fault. So data that arrived meanwhile is delivered before a deadline is judged, and everything under
 * way has longer by the length of the stall. Each client has one instance.
 */
export class Stalls {
  readonly #clock: Clock
  /** On the monotonic clock, oldest first. */
  readonly #remembered: Stall[] = []
  #watchers = 0
  #heartbeat: Timer | null = null
  /** When the heartbeat is due. */
  #beatMs = Number.POSITIVE_INFINITY
  #isListening = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Milliseconds by which the deadline of something under way since `ms` is later, because of the stalls
   * noticed so far.
   */
  since(ms: number): number {
    // Invariant: DESIGN.md, "Time in which this process stood still is not the cluster's".
    let sum = 0
    for (let i = this.#remembered.length - 1; i >= 0; i--) {
      const { startMs, endMs } = this.#remembered[i] as Stall
      if (endMs <= ms) break
      sum += endMs - Math.max(startMs, ms)
    }
    return sum
  }

  /** Something runs at `now`. If the heartbeat was due long before, there was a stall. */
  notice(now: number): void {
    if (now - this.#beatMs <= STALLED_MS) return
    this.#remembered.push({ startMs: this.#beatMs, endMs: now })
    if (this.#remembered.length > MOST_REMEMBERED) this.#remembered.shift()
    this.#beat(now)
  }

  /** Watches for stalls until `unwatch` has been called as often. */
  watch(): void {
    if (this.#watchers++ === 0) this.#beat(this.#clock.now())
  }

  unwatch(): void {
    if (--this.#watchers > 0) return
    this.#heartbeat?.cancel()
    this.#beatMs = Number.POSITIVE_INFINITY
  }

  /**
   * A timer for something that must not blame its peer for a stall. Stalls are watched for until it fires or
   * is cancelled.
   */
  setTimer(delayMs: number, fire: () => void): Timer {
    let isOver = false
    const end = (): void => {
      if (isOver) return
      isOver = true
      this.unwatch()
    }
    this.watch()
    const timer = this.#clock.setTimer(delayMs, () => {
      this.notice(this.#clock.now())
      end()
      fire()
    })
    return {
      cancel: () => {
        timer.cancel()
        end()
      },
    }
  }

  /**
   * Calls `expired` after `delayMs` without stalls, once everything that has arrived meanwhile is delivered.
   */
  setDeadline(delayMs: number, expired: () => void): Timer {
    const startMs = this.#clock.now()
    let timer: Timer
    let isCancelled = false
    const leftMs = (): number => startMs + delayMs + this.since(startMs) - this.#clock.now()
    const wait = (ms: number): void => {
      timer = this.setTimer(ms, () => {
        if (leftMs() > 0) wait(leftMs())
        else
          afterDelivery(this.#clock, () => {
            if (!isCancelled) expired()
          })
      })
    }
    wait(delayMs)
    return {
      cancel() {
        isCancelled = true
        timer.cancel()
      },
    }
  }

  /**
   * Whether work that was due at `dueMs` may judge deadlines at `now`. Late work may not, because the
   * responses that arrived during the stall are still in the sockets: the caller must run it again after they
   * are read. This never refuses twice in a row, so an event loop that is always late does not stop the work.
   */
  mayJudge(dueMs: number, now: number): boolean {
    // Invariant: DESIGN.md, "Answers are heard before deadlines are judged".
    this.notice(now)
    this.#isListening = !this.#isListening && now - dueMs > STALLED_MS
    return !this.#isListening
  }

  #beat(now: number): void {
    this.#heartbeat?.cancel()
    this.#beatMs = now + HEARTBEAT_MS
    this.#heartbeat = this.#clock.setTimer(HEARTBEAT_MS, () => {
      const firedAtMs = this.#clock.now()
      this.notice(firedAtMs)
      // After a stall, `notice` has set the next beat. The runtime may fire a timer before it is due, so the
      // time of the beat does not tell.
      if (this.#beatMs < firedAtMs + HEARTBEAT_MS) this.#beat(firedAtMs)
    })
  }
}

/**
 * Calls `run` after everything that the network had delivered when this was called. The first turn of the
 * event loop reads the sockets. The second lets the received data take effect.
 */
export function afterDelivery(clock: Clock, run: () => void): void {
  clock.soon(() => clock.soon(run))
}
