import type { KafkaError } from '../errors.js'
import type { BrokerNode } from './broker-node.js'

/** What the cluster tells its owner. Calls come synchronously; they may call back into the cluster, and must not throw. */
export interface ClusterListener {
  /** The set of nodes, or a topic, has changed: leaders may be known that were not, or be others. */
  metadataUpdated(): void
  /** The brokers belong to another cluster than before: nothing that was agreed with the old one holds. */
  clusterReplaced(): void
  /** The node has a connection that is set up. */
  nodeReady(node: BrokerNode): void
  /**
   * The node's connection was lost, or could not be made. The requests in flight are rejected after this call, in the order
   * they were sent. `error` is null for an end nobody needs to know about: closed while idle, or by close().
   */
  nodeDisconnected(node: BrokerNode, error: KafkaError | null): void
  /** A ready node may take a request again: one was answered, or a throttle has ended. */
  nodeAvailable(node: BrokerNode): void
  /** The broker asked for a pause (KIP-219). */
  nodeThrottled(node: BrokerNode, throttleMs: number): void
  /** Whether records of the topic are waiting: such a topic is kept however long ago it was last touched. */
  isTopicInUse(topic: string): boolean
  /** The topic was not used for `metadata.max.idle.ms` and is forgotten. */
  topicExpired(topic: string): void
}
