/** Whose requests a partition's batches are in. */
export interface Leader {
  readonly nodeId: number
  readonly epoch: number
}

export const NO_LEADER: Leader = { nodeId: -1, epoch: -1 }

/** Brokers forget producers that are silent, after a day unless told otherwise; never after less than this, it is assumed. */
const REMEMBERED_MS = 60_000

/**
 * Whether a leader has lately, and since it was connected to, acknowledged something under the partition's identity. As long as it has
 * not, one request is out at a time: to a leader that knows nothing of an identity any sequence is a good first one, so a second request
 * could be appended although the first was refused, and the first could then never be.
 */
export class Confirmation {
  /** The leader that the requests in flight went to, or the last one did. */
  #sentTo: Leader = NO_LEADER
  #atMs = Number.NEGATIVE_INFINITY
  #round = 0

  /** Changes with whatever may have made the leader forget: an acknowledgement counts in the round in which its request was sent. */
  get round(): number {
    return this.#round
  }

  get sentTo(): Leader {
    return this.#sentTo
  }

  holds(leader: Leader, now: number): boolean {
    const { nodeId, epoch } = this.#sentTo
    return nodeId === leader.nodeId && epoch === leader.epoch && now - this.#atMs < REMEMBERED_MS
  }

  /** A request goes to `leader`. */
  sending(leader: Leader, now: number): void {
    if (!this.holds(leader, now)) this.withdraw()
    this.#sentTo = leader
  }

  /**
   * A request has been acknowledged that was sent in `round`, at `sentAtMs`. The acknowledgement may be heard behind the end of its
   * connection, when the broker may have started again since; or long after it was given, in a process that stood still. So it counts from
   * when its request was sent.
   */
  confirm(round: number, sentAtMs: number): void {
    if (round === this.#round) this.#atMs = Math.max(this.#atMs, sentAtMs)
  }

  withdraw(): void {
    this.#atMs = Number.NEGATIVE_INFINITY
    this.#round++
  }
}
