import type { Timer } from '../environment/clock.js'
import type { ClusterState } from './cluster-state.js'

/** When the controller notices that brokers go and come. */
export class LeaderElection {
  readonly #state: ClusterState
  readonly #pending = new Map<number, Timer>()

  constructor(state: ClusterState) {
    this.#state = state
  }

  /** 0 is a broker that says goodbye; one that is killed is missed only after a while. */
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

  /** A broker that was killed is missed at the latest when it registers again, as another incarnation: others lead what it has led. */
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
