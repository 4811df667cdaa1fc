import type { KafkaError } from '../../errors.js'

/** The attempts to send one batch, and their results. */
export class Attempts {
  #count = 0
  #round = 0
  #sentAtMs = 0
  #failures = 0
  #hints = 0
  #backoffUntilMs = 0
  #maybePersisted = false
  #lastError: KafkaError | null = null

  /** How often the batch was handed to a connection. */
  get count(): number {
    return this.#count
  }

  /** The confirmation round in which the last attempt was sent: see LeaderConfirmation. */
  get round(): number {
    return this.#round
  }

  /** When the last attempt was made, on the monotonic clock. */
  get sentAtMs(): number {
    return this.#sentAtMs
  }

  /** Before this time the batch is not sent again, on the monotonic clock; 0 if it need not wait. */
  get backoffUntilMs(): number {
    return this.#backoffUntilMs
  }

  /**
   * Whether some attempt may have reached the log. A later clean refusal does not clear it, because the
   * refusal is about that attempt only.
   */
  get maybePersisted(): boolean {
    // Invariant: DESIGN.md, "A batch that may be in the log stays so".
    return this.#maybePersisted
  }

  /** The error of the latest attempt. A timeout shows it as the reason. */
  get lastError(): KafkaError | null {
    return this.#lastError
  }

  /** The batch is handed to a connection. */
  sent(round: number, nowMs: number): void {
    this.#count++
    this.#round = round
    this.#sentAtMs = nowMs
  }

  /** An attempt may have reached the log. */
  mayHaveLanded(): void {
    this.#maybePersisted = true
  }

  /** No attempt is in the log, although earlier ones may have seemed to be. */
  haveNotLanded(): void {
    this.#maybePersisted = false
  }

  /** An attempt failed that counts against `retries`. Returns how many have failed. */
  failed(error: KafkaError): number {
    this.#lastError = error
    return ++this.#failures
  }

  /** An attempt failed that does not count against `retries`. */
  failedInTurn(error: KafkaError): void {
    this.#lastError = error
  }

  /** A refusal named the leader to send to. Returns how many have done so. */
  followedHint(): number {
    return ++this.#hints
  }

  /**
   * Sets the time before which the batch is not sent again.
   *
   * @param untilMs on the monotonic clock; 0 for at once
   */
  backOff(untilMs: number): void {
    this.#backoffUntilMs = untilMs
  }
}
