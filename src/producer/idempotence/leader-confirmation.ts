/** The broker that leads a partition, and its leader epoch. */
export interface Leader {
  readonly nodeId: number
  readonly epoch: number
}

export const NO_LEADER: Leader = { nodeId: -1, epoch: -1 }

/**
 * Milliseconds for which a leader is sure to remember a silent producer. Brokers forget one after a day by
 * default; a setting below this is not expected.
 */
// Invariant: DESIGN.md, "A broker counts a producer's silence by the timestamps of its records".
const REMEMBERED_MS = 60_000

/**
 * Whether the leader has recently acknowledged something under the partition's identity, on the present
 * connection. Until it has, only one request is in flight. A leader that does not know an identity accepts
 * any first sequence. With two requests it could refuse the first and append the second, and then the first
 * could never be appended.
 */
export class LeaderConfirmation {
  /** The leader of the requests in flight, or of the last request. */
  #sentTo: Leader = NO_LEADER
  #atMs = Number.NEGATIVE_INFINITY
  #round = 0

  /**
   * The present round. A new one begins when the leader may have forgotten the producer. An acknowledgement
   * counts only in the round in which its request was sent.
   */
  get round(): number {
    return this.#round
  }

  get sentTo(): Leader {
    // Invariant: DESIGN.md, "Nothing goes to a new leader while the old one has requests".
    return this.#sentTo
  }

  holds(leader: Leader, now: number): boolean {
    // Invariant: DESIGN.md, "One request in flight until the first acknowledgement".
    const { nodeId, epoch } = this.#sentTo
    return nodeId === leader.nodeId && epoch === leader.epoch && now - this.#atMs < REMEMBERED_MS
  }

  /** A request goes to `leader`. */
  sending(leader: Leader, now: number): void {
    if (!this.holds(leader, now)) this.withdraw()
    this.#sentTo = leader
  }

  /**
   * A request that was sent in `round`, at `sentAtMs`, was acknowledged. The acknowledgement counts from when
   * its request was sent. This client may hear it after the end of its connection, when the broker may have
   * restarted, or after a stall, long after the broker gave it.
   */
  confirm(round: number, sentAtMs: number): void {
    if (round === this.#round) this.#atMs = Math.max(this.#atMs, sentAtMs)
  }

  withdraw(): void {
    this.#atMs = Number.NEGATIVE_INFINITY
    this.#round++
  }
}
