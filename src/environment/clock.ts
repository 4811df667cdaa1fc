/** A timer that has been set. */
export interface Timer {
  /** Does nothing once the timer has fired. */
  cancel(): void
}

/**
 * Time, as the client sees it. Nothing else in the client asks the runtime what time it is, so that a test or a simulation can run
 * it on a clock of its own.
 */
export interface Clock {
  /** Milliseconds on a clock that never jumps; only differences mean anything. Every deadline is measured on it. */
  now(): number
  /** Milliseconds since 1970, for the timestamps of records and nothing else: this clock may be set back. */
  wallTime(): number
  /** Calls `fire` once, not before `delayMs` have passed. Any delay is allowed: beyond the runtime's limit it is cut to that. */
  setTimer(delayMs: number, fire: () => void): Timer
  /** Calls `run` soon, in a later turn of the event loop, behind what the network has already delivered. */
  soon(run: () => void): void
}
