/** Answers that the broker had given before it was gone are read until so long after. No new leader is elected that fast. */
const graceMs = 300

export interface RecoveryTimes {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly most: number
}

/** Measures how long it takes from the loss of a leader to the next acknowledgement on each partition that it led. */
export class Recovery {
  /** By partition: when its leader was lost, as long as nothing was acknowledged since. */
  readonly #waiting = new Map<number, number>()
  readonly #samples: number[] = []

  /** The leader of these partitions is gone. */
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

  /** Milliseconds; nothing without a sample. */
  times(): RecoveryTimes | undefined {
    const sorted = this.#samples.toSorted((a, b) => a - b)
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
    if (sorted.length === 0) return undefined
    return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) }
  }
}
