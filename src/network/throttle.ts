import type { Clock, Timer } from '../environment/clock.js'
import type { ApiIdentity } from '../protocol/api.js'

/** Longest pause in milliseconds. A longer one that a broker asks for is cut to it. */
const MAX_THROTTLE_MS = 600_000

/**
 * The version from which the broker answers at once and leaves the pause to the client (KIP-219); 1 for other
 * APIs.
 */
const clientThrottledFrom: ReadonlyMap<string, number> = new Map([
  ['Produce', 6],
  ['Metadata', 6],
  ['FindCoordinator', 2],
  ['ApiVersions', 2],
])

/** The pause in milliseconds that a response asks the client to make; 0 if none. */
export function requestedThrottleMs(api: ApiIdentity, version: number, response: unknown): number {
  if (version < (clientThrottledFrom.get(api.name) ?? 1)) return 0
  if (typeof response !== 'object' || response === null || !('throttleTimeMs' in response)) return 0
  const { throttleTimeMs } = response
  if (typeof throttleTimeMs !== 'number' || throttleTimeMs <= 0) return 0
  return Math.min(throttleTimeMs, MAX_THROTTLE_MS)
}

/** The pause that one broker has asked for. Its end never becomes earlier. */
export class Throttle {
  readonly #clock: Clock
  readonly #ended: () => void
  #untilMs = Number.NEGATIVE_INFINITY
  #askedMs = 0
  #timer: Timer | null = null

  constructor(clock: Clock, ended: () => void) {
    this.#clock = clock
    this.#ended = ended
  }

  isOn(nowMs: number): boolean {
    return nowMs < this.#untilMs
  }

  /** The length of the pause that is on, in milliseconds, as the broker asked for it; 0 if none is on. */
  pauseMs(nowMs: number): number {
    return this.isOn(nowMs) ? this.#askedMs : 0
  }

  extend(byMs: number): void {
    const untilMs = this.#clock.now() + byMs
    if (untilMs > this.#untilMs) {
      this.#untilMs = untilMs
      this.#askedMs = byMs
    }
    if (this.#timer === null) this.#wait()
  }

  clear(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#untilMs = Number.NEGATIVE_INFINITY
  }

  #wait(): void {
    this.#timer = this.#clock.setTimer(this.#untilMs - this.#clock.now(), () => {
      this.#timer = null
      if (this.isOn(this.#clock.now())) this.#wait()
      else this.#ended()
    })
  }
}
