import type { Environment } from '../environment/environment.js'
import type { KafkaError } from '../errors.js'
import type { BrokerNode } from './broker-node.js'
import type { ClusterListener } from './cluster-listener.js'
import type { NetworkOptions } from './network-options.js'
import type { TopicMetadata } from './topic-metadata.js'

/** Where a broker can be reached, as another broker says. */
export interface NodeAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The brokers and topics of one Kafka cluster, as far as they were needed. Connects by itself when something is asked of it. */
export class Cluster {
  constructor(_options: NetworkOptions, _environment: Environment, _listener: ClusterListener) {
    throw todo()
  }

  /** Kafka's name for the cluster; null until a broker has told. */
  get clusterId(): string | null {
    throw todo()
  }

  /** What is known of a topic, for every record that is sent: synchronous, one look-up. */
  topic(_name: string): TopicMetadata | undefined {
    throw todo()
  }

  /** The topic is in use: keeps it from expiring. Cheap enough for every record. */
  touchTopic(_name: string): void {
    throw todo()
  }

  /** The last thing metadata said against the topic; undefined if all was well the last time. */
  topicError(_name: string): KafkaError | undefined {
    throw todo()
  }

  /**
   * Resolves when the topic, and the partition if one is named, is known; at once if it already is.
   *
   * @param deadlineMs on the environment's clock.now()
   * @throws TimeoutError (phase `metadata`) saying why; AuthorizationError, InvalidTopicError, AuthenticationError without waiting
   */
  waitForTopic(_name: string, _deadlineMs: number, _partition?: number): Promise<TopicMetadata> {
    throw todo()
  }

  /** Asks for all topics in use soon, respecting the backoff. For a leader that has moved or is missing. */
  requestUpdate(): void {
    throw todo()
  }

  /** Resolves with the next metadata that arrives after this call. */
  waitForUpdate(_deadlineMs: number): Promise<void> {
    throw todo()
  }

  /**
   * A leader that a Produce response named (KIP-951). Taken only if its epoch is newer than what is known and its node is known or
   * named along with it.
   */
  applyLeaderHint(
    _topic: string,
    _partition: number,
    _leaderId: number,
    _leaderEpoch: number,
    _address?: NodeAddress,
  ): boolean {
    throw todo()
  }

  /** The broker with this id, if metadata or a hint has named it. */
  node(_nodeId: number): BrokerNode | undefined {
    throw todo()
  }

  /** A broker that a coordinator look-up or a hint has named; made if unknown, moved if its address is another. */
  nodeAt(_address: NodeAddress): BrokerNode {
    throw todo()
  }

  /** All brokers known by id. */
  nodes(): BrokerNode[] {
    throw todo()
  }

  /** The controller, or the broker that speaks for it, as the last metadata said. */
  controller(): BrokerNode | undefined {
    throw todo()
  }

  /** The ready node with the fewest requests in flight that can take another one; undefined if there is none. */
  leastLoadedNode(): BrokerNode | undefined {
    throw todo()
  }

  /** The least loaded node; connects as needed. TimeoutError names every address tried and why it failed. */
  ready(_deadlineMs: number): Promise<BrokerNode> {
    throw todo()
  }

  /** Ends everything at once: connections, timers, and whatever waits is rejected. Idempotent. */
  close(): void {
    throw todo()
  }
}

function todo(): Error {
  return new Error('not written yet')
}
