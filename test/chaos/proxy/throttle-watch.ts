import { throttleTimeOf } from './produce-throttle.js'

/** What a client may have sent before it read that it should wait. */
const graceMs = 500

/** Reads the throttle time of Produce responses, and sees whether requests come before it is over. */
export class ThrottleWatch {
  #pieces: Buffer[] = []
  #from = 0
  #until = 0

  /** The next bytes of a Produce response; the throttle time once it is complete, 0 before. */
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

  /** Whether a Produce request that comes now should not. */
  ignoredAt(nowMs: number): boolean {
    return nowMs > this.#from && nowMs < this.#until
  }
}
