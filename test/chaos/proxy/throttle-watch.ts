import { throttleTimeOf } from './produce-throttle.js'

/** Requests up to this time after a throttle may have been sent before the client read of it. */
const graceMs = 500

/** Reads the throttle times of Produce responses, and notices requests that come before their end. */
export class ThrottleWatch {
  #pieces: Buffer[] = []
  #from = 0
  #until = 0

  /**
   * Takes the next bytes of a Produce response. Returns the throttle time when the response is complete, and
   * 0 before.
   */
  response(version: number, chunk: Buffer, isLast: boolean, nowMs: number): number {
    this.#pieces.push(chunk)
    if (!isLast) return 0
    const throttleMs = throttleTimeOf(Buffer.concat(this.#pieces), version)
    this.#pieces = []
    if (throttleMs > 0) {
      this.#from = nowMs + graceMs
      this.#until = nowMs + throttleMs
    }
    return throttleMs
  }

  /** Whether a Produce request at this time ignores a throttle. */
  ignoredAt(nowMs: number): boolean {
    return nowMs > this.#from && nowMs < this.#until
  }
}
