import type { Clock, Timer } from '../../src/environment/clock.js'

interface Waiting {
  readonly at: number
  readonly order: number
  readonly fire: () => void
}

/** Time that passes only when a test says so. */
export class ManualClock implements Clock {
  #now = 0
  #order = 0
  #wallStart: number
  readonly #timers = new Set<Waiting>()

  constructor(wallStart = 1_700_000_000_000) {
    this.#wallStart = wallStart
  }

  now(): number {
    return this.#now
  }

  wallTime(): number {
    return this.#wallStart + this.#now
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const timer = { at: this.#now + Math.max(delayMs, 0), order: this.#order++, fire }
    this.#timers.add(timer)
    return { cancel: () => this.#timers.delete(timer) }
  }

  soon(run: () => void): void {
    setImmediate(run)
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size
  }

  /** Lets time pass and fires the timers that are due meanwhile, in order. */
  advance(ms: number): void {
    const end = this.#now + ms
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.fire()
    }
    this.#now = end
  }

  /**
   * Lets time pass without timers, like a suspended or busy process. `advance(0)` then fires the late ones.
   */
  block(ms: number): void {
    this.#now += ms
  }

  /** Sets the wall clock alone, as an administrator does. */
  setWallTime(ms: number): void {
    this.#wallStart = ms - this.#now
  }

  #next(until: number): Waiting | undefined {
    let next: Waiting | undefined
    for (const timer of this.#timers) {
      if (timer.at > until) continue
      if (next === undefined || timer.at < next.at || (timer.at === next.at && timer.order < next.order)) {
        next = timer
      }
    }
    return next
  }
}
