interface Times {
  /** When batches for the broker were last ready. */
  readyMs: number
  /** When the broker last took requests while batches for it were ready. */
  takenMs: number
}

/**
 * Tells which brokers are late: batches for them are ready, and they have taken no request for longer than
 * `partitioner.availability.timeout.ms` (KIP-794). A broker for which nothing is ready is not late.
 */
export class BrokerAvailability {
  readonly #timeoutMs: number
  readonly #times = new Map<number, Times>()

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** Batches for the broker are ready. `takesRequests`: whether it takes a request now. */
  note(nodeId: number, takesRequests: boolean, nowMs: number): void {
    const times = this.#times.get(nodeId)
    if (times === undefined) {
      this.#times.set(nodeId, { readyMs: nowMs, takenMs: nowMs })
      return
    }
    times.readyMs = nowMs
    if (takesRequests) times.takenMs = nowMs
  }

  isLate(nodeId: number): boolean {
    const times = this.#times.get(nodeId)
    return times !== undefined && times.readyMs - times.takenMs > this.#timeoutMs
  }
}
