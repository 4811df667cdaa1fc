/**
 * For this long after the loss of a leader, the client may still read its responses. No new leader is elected
 * as fast.
 */
const graceMs = 300

export interface RecoveryTimes {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/**
 * Measures how long it takes from the loss of a leader to the next acknowledgement on each partition that it
 * led.
 */
export class Recovery {
  /** The time at which the leader was lost, for each partition without an acknowledgement since. */
  readonly #waiting = new Map<number, number>()
  readonly #samples: number[] = []

  /** To be called when the leader of these partitions is lost. */
  lost(partitions: readonly number[], timeMs: number): void {
    for (const partition of partitions) {
      if (!this.#waiting.has(partition)) this.#waiting.set(partition, timeMs)
    }
  }

  acknowledged(partition: number, timeMs: number): void {
    const since = this.#waiting.get(partition)
    if (since === undefined || timeMs < since + graceMs) return
    this.#waiting.delete(partition)
    this.#samples.push(timeMs - since)
  }

  /** The times in milliseconds; undefined without a sample. */
  times(): RecoveryTimes | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    if (sorted.length === 0) return undefined
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) }
  }
}
