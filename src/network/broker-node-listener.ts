import type { KafkaError } from '../errors.js'
import type { BrokerNode } from './broker-node.js'

/** What a node tells its owner; every call comes synchronously. */
export interface BrokerNodeListener {
  nodeReady(node: BrokerNode): void
  /** Comes before the requests in flight are rejected; `error` is null for an end that nobody needs to know about. */
  nodeDisconnected(node: BrokerNode, error: KafkaError | null): void
  nodeAvailable(node: BrokerNode): void
  nodeThrottled(node: BrokerNode, throttleMs: number): void
  /** The node may be connected to again, and nobody has asked for that yet. */
  nodeBackoffEnded(node: BrokerNode): void
}

export interface BrokerNodeIdentity {
  /** Negative for a bootstrap server. */
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** Whether the address comes from a broker rather than from the user. */
  readonly advertised: boolean
}
