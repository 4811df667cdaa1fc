import type { Timer } from '../environment/clock.js'
import type { ClusterState } from './cluster-state.js'

/** Decides when the controller notices that a broker stops or starts. */
export class LeaderElection {
  readonly #state: ClusterState
  readonly #pending = new Map<number, Timer>()

  constructor(state: ClusterState) {
    this.#state = state
  }

  /**
   * With `failoverMs` 0 the broker shuts down in order. A killed broker is noticed only after `failoverMs`.
   */
  nodeDown(nodeId: number, failoverMs: number): void {
    this.#cancel(nodeId)
    if (failoverMs <= 0) {
      this.#state.nodeDown(nodeId, true)
      return
    }
    const timer = this.#state.clock.setTimer(failoverMs, () => {
      this.#pending.delete(nodeId)
      this.#state.nodeDown(nodeId, false)
    })
    this.#pending.set(nodeId, timer)
  }

  /**
   * A killed broker is noticed at the latest when it registers again as another incarnation. Other brokers
   * then lead its partitions.
   */
  nodeUp(nodeId: number): void {
    if (this.#pending.has(nodeId)) this.#state.nodeDown(nodeId, false)
    this.#cancel(nodeId)
    this.#state.nodeUp(nodeId)
  }

  cancelAll(): void {
    for (const nodeId of [...this.#pending.keys()]) this.#cancel(nodeId)
  }

  #cancel(nodeId: number): void {
    this.#pending.get(nodeId)?.cancel()
    this.#pending.delete(nodeId)
  }
}
