import { ZERO_UUID } from '../protocol/uuid.js'

/** The current state of a topic. */
export interface TopicDescription {
  /** Null if the brokers have no topic ids (before Kafka 2.8). */
  readonly topicId: string | null
  /** Whether the topic is one of Kafka's own, such as `__consumer_offsets`. */
  readonly isInternal: boolean
  /** Sorted by partition number. */
  readonly partitions: readonly PartitionDescription[]
  /** Null if the principal may not see them. */
  readonly configs: readonly TopicConfigEntry[] | null
}

export interface PartitionDescription {
  readonly partition: number
  /** The node id of the leader; -1 if there is none at present. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** One setting of a topic, and where its value comes from. */
export interface TopicConfigEntry {
  readonly name: string
  /** Null if it is sensitive or not set. */
  readonly value: string | null
  /**
   * `topic`: set for the topic. `broker` and `default-broker`: set dynamically, for one broker or for all.
   * `static-broker`: from a broker's file. `default`: Kafka's own default.
   */
  readonly source: 'topic' | 'broker' | 'default-broker' | 'static-broker' | 'default' | 'unknown'
  readonly readOnly: boolean
  readonly isSensitive: boolean
}

export interface CreatedTopic {
  /** Null with `validateOnly`, and before Kafka 2.8. */
  readonly topicId: string | null
  /** -1 if the broker does not report it (before Kafka 2.4). */
  readonly numPartitions: number
  readonly replicationFactor: number
}

export interface ListedTopic {
  readonly topic: string
  readonly topicId: string | null
  readonly isInternal: boolean
}

export interface ClusterDescription {
  readonly clusterId: string | null
  /** The node id of the controller, or of a broker that forwards requests to it; -1 if unknown. */
  readonly controllerId: number
  readonly brokers: readonly BrokerDescription[]
}

export interface BrokerDescription {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

/** A topic id as descriptions have it: null where the broker has none. */
export function idOrNull(topicId: string): string | null {
  return topicId === ZERO_UUID ? null : topicId
}
