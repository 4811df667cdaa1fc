/** A timer that has been set. */
export interface Timer {
  /** Prevents the timer from firing. Does nothing if it has fired. */
  cancel(): void
}

/**
 * The client's source of time. No other part of the client asks the runtime for the time, so a test or a
 * simulation can run the client on a clock of its own.
 */
export interface Clock {
  /**
   * Milliseconds on a clock that never jumps; only differences mean anything. Every deadline is measured on
   * it.
   */
  now(): number
  /**
   * Milliseconds since 1970, for the timestamps of records and for the times in tokens. No deadline is
   * measured on it, because this clock may be set back.
   */
  wallTime(): number
  /**
   * Calls `fire` once, not before `delayMs` have passed. A delay beyond the runtime's limit is cut to that
   * limit.
   */
  setTimer(delayMs: number, fire: () => void): Timer
  /** Calls `run` in a later turn of the event loop, after the data that the network has already delivered. */
  soon(run: () => void): void
}
