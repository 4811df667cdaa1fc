import type { Clock } from '../environment/clock.js'
import { type KafkaError, NetworkError, TimeoutError } from '../errors.js'
import type { BrokerNode } from '../network/broker-node.js'

type Settle = (error: KafkaError | null) => void

/** Callers that wait until a certain broker is connected. */
export class NodeWaiters {
  readonly #clock: Clock
  readonly #waiting = new Map<BrokerNode, Set<Settle>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * @param deadlineMs on clock.now()
   * @throws NetworkError if the connection cannot be made, TimeoutError at the deadline
   */
  untilReady(node: BrokerNode, deadlineMs: number): Promise<void> {
    if (node.isReady) return Promise.resolve()
    return new Promise((resolve, reject) => {
      const settle: Settle = (error) => {
        timer.cancel()
        this.#waiting.get(node)?.delete(settle)
        if (error === null) resolve()
        else reject(error)
      }
      const timer = this.#clock.setTimer(deadlineMs - this.#clock.now(), () => settle(tooLate(node)))
      const others = this.#waiting.get(node)
      if (others === undefined) this.#waiting.set(node, new Set([settle]))
      else others.add(settle)
      node.connect()
    })
  }

  ready(node: BrokerNode): void {
    this.#settleAll(node, null)
  }

  disconnected(node: BrokerNode, error: KafkaError | null): void {
    this.#settleAll(node, error ?? new NetworkError(`no connection to broker ${node.description}`))
  }

  close(error: KafkaError): void {
    for (const node of [...this.#waiting.keys()]) this.#settleAll(node, error)
  }

  #settleAll(node: BrokerNode, error: KafkaError | null): void {
    for (const settle of [...(this.#waiting.get(node) ?? [])]) settle(error)
    this.#waiting.delete(node)
  }
}

function tooLate(node: BrokerNode): TimeoutError {
  const why = node.lastError === undefined ? '' : `: ${node.lastError.message}`
  return new TimeoutError(`broker ${node.description} could not be connected in time${why}`, 'request', {
    broker: node.description,
  })
}
