import type { AuthenticationError, KafkaError } from '../errors.js'
import type { Broker } from './broker/broker.js'

/**
 * Hears the events of the cluster. Every call is synchronous, may call back into the cluster, and must not
 * throw.
 */
export interface ClusterListener {
  /** The brokers or a topic have changed. Partitions may have other leaders. */
  metadataUpdated(): void
  /** The brokers belong to another cluster than before. Nothing that was agreed with the old one is valid. */
  clusterReplaced(): void
  /** The node has a connection whose set-up is done. */
  nodeReady(node: Broker): void
  /**
   * The node's connection was lost, or could not be made. After this call its requests in flight reject, in
   * the order in which they were sent. `error` is null if the end is no failure: the connection was idle, or
   * close() ended it.
   */
  nodeDisconnected(node: Broker, error: KafkaError | null): void
  /**
   * No known broker can be used, and at least one does not accept the credentials. It comes again with each
   * attempt that changes nothing.
   */
  refused(error: AuthenticationError): void
  /** A ready node can take a request again, because a request was answered or a throttle ended. */
  nodeAvailable(node: Broker): void
  /** The broker throttled the client (KIP-219). */
  nodeThrottled(node: Broker, throttleMs: number): void
  /** Whether records of the topic are waiting. Such a topic does not expire. */
  isTopicInUse(topic: string): boolean
  /** The topic was not used for `metadata.max.idle.ms`. Its metadata is gone. */
  topicExpired(topic: string): void
}

/** For callers that ask the cluster and need no events. */
export const noClusterListener: ClusterListener = {
  metadataUpdated: nothing,
  clusterReplaced: nothing,
  nodeReady: nothing,
  nodeDisconnected: nothing,
  refused: nothing,
  nodeAvailable: nothing,
  nodeThrottled: nothing,
  isTopicInUse: () => false,
  topicExpired: nothing,
}

function nothing(): void {
  // The caller needs no events.
}
