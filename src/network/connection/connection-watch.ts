import type { Clock, Timer } from '../../environment/clock.js'
import { afterDelivery, type Stalls } from '../stalls.js'
import type { InFlightRequest, InFlightRequests } from './in-flight-requests.js'

export interface ConnectionWatchOptions {
  readonly clock: Clock
  readonly stalls: Stalls
  /**
   * Milliseconds without traffic after which a connection with nothing in flight is idle; negative for never.
   */
  readonly maxIdleMs: number
}

export interface ConnectionWatchListener {
  /** A request has no response at its deadline. */
  overdue(request: InFlightRequest, nowMs: number): void
  /** Nothing is in flight, and there was no traffic for `maxIdleMs`. */
  idle(): void
}

/**
 * Watches the time of one connection with one timer. The timer stands for the first deadline of the requests
 * in flight, or for the end of the idle time if there are none. It is only ever moved earlier; when it fires
 * too early, it is set again.
 */
export class ConnectionWatch {
  readonly #options: ConnectionWatchOptions
  readonly #inFlight: InFlightRequests
  readonly #listener: ConnectionWatchListener
  #lastActivityMs: number
  #timer: { readonly dueMs: number; readonly timer: Timer } | null = null
  #hasEnded = false

  constructor(
    options: ConnectionWatchOptions,
    inFlight: InFlightRequests,
    listener: ConnectionWatchListener,
  ) {
    this.#options = options
    this.#inFlight = inFlight
    this.#listener = listener
    this.#lastActivityMs = options.clock.now()
  }

  /** Bytes were sent or received. */
  active(): void {
    this.#lastActivityMs = this.#options.clock.now()
  }

  /** A request was sent, with this deadline on the monotonic clock. */
  requestSent(deadlineMs: number): void {
    this.#wakeAt(deadlineMs)
  }

  end(): void {
    this.#hasEnded = true
    this.#timer?.timer.cancel()
    this.#timer = null
  }

  #wakeAt(dueMs: number): void {
    if (this.#timer !== null) {
      if (this.#timer.dueMs <= dueMs) return
      this.#timer.timer.cancel()
    }
    const { clock } = this.#options
    const timer = clock.setTimer(Math.max(dueMs - clock.now(), 0), () => {
      this.#timer = null
      // Judge later: after a blocked event loop the responses still lie in the socket, and timers run before
      // it is read.
      afterDelivery(clock, () => this.#judge())
    })
    this.#timer = { dueMs, timer }
  }

  #judge(): void {
    if (this.#hasEnded) return
    const now = this.#options.clock.now()
    this.#options.stalls.notice(now)
    const overdue = this.#inFlight.overdue(now)
    if (overdue !== undefined) {
      this.#listener.overdue(overdue, now)
      return
    }
    const nextMs = this.#nextMs()
    if (nextMs <= now) this.#listener.idle()
    else if (nextMs !== Number.POSITIVE_INFINITY) this.#wakeAt(nextMs)
  }

  #nextMs(): number {
    if (!this.#inFlight.isEmpty) return this.#inFlight.earliestDeadlineMs()
    const { maxIdleMs } = this.#options
    return maxIdleMs < 0 ? Number.POSITIVE_INFINITY : this.#lastActivityMs + maxIdleMs
  }
}
