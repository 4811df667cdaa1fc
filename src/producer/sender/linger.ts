import type { Accumulator } from '../accumulator/accumulator.js'
import type { Batch } from '../accumulator/batch.js'
import type { Partition } from '../accumulator/partition.js'
import type { ProducerCluster } from '../producer-cluster.js'

export interface LingerOptions {
  readonly lingerMs: number
  /** Whether the user set `lingerMs`, so that it means what it means in Java. */
  readonly lingerIsGiven: boolean
}

/**
 * Decides how long a batch that is not full waits for more records. A `lingerMs` that the user set is Java's.
 * By default, a batch waits only if waiting pays. If nothing is on its way to the leader, the batch goes at
 * once. Otherwise it fills until a response comes (Nagle's algorithm, RFC 896), for at most `lingerMs`.
 */
export class Linger {
  readonly #accumulator: Accumulator
  readonly #cluster: ProducerCluster
  readonly #options: LingerOptions
  #isOver = false

  constructor(accumulator: Accumulator, cluster: ProducerCluster, options: LingerOptions) {
    this.#accumulator = accumulator
    this.#cluster = cluster
    this.#options = options
  }

  /** From now on no batch lingers. */
  end(): void {
    this.#isOver = true
  }

  /**
   * When the first batch of the partition's queue has lingered long enough, on the monotonic clock; 0 if it
   * need not linger.
   */
  endMs({ leader }: Partition, head: Batch): number {
    const { flushes, memory } = this.#accumulator
    const mayLinger =
      head.state.kind === 'open' &&
      !head.isFull &&
      !this.#isOver &&
      !memory.hasWaiters &&
      !flushes.isFlushing(head.generation)
    if (!mayLinger) return 0
    const { lingerMs, lingerIsGiven } = this.#options
    if (!lingerIsGiven && this.#isIdle(leader.nodeId)) return 0
    return head.createdAtMs + lingerMs
  }

  #isIdle(nodeId: number): boolean {
    const node = nodeId < 0 ? undefined : this.#cluster.node(nodeId)
    return node === undefined || node.inFlight === 0
  }
}
