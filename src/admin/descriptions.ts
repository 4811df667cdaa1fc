/** A topic as it is now. */
export interface TopicDescription {
  /** Null where brokers have no topic ids (before Kafka 2.8). */
  readonly topicId: string | null
  /** One of Kafka's own, such as `__consumer_offsets`. */
  readonly isInternal: boolean
  /** In the order of their numbers. */
  readonly partitions: readonly PartitionDescription[]
  /** Null where they may not be seen. */
  readonly configs: readonly TopicConfigEntry[] | null
}

export interface PartitionDescription {
  readonly partition: number
  /** Node id; -1 if there is none at present. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}

/** One setting of a topic, and who set it. */
export interface TopicConfigEntry {
  readonly name: string
  /** Null if it is sensitive or not set. */
  readonly value: string | null
  /** `default` is Kafka's own; `default-broker` was set for all brokers while they ran. */
  readonly source: 'topic' | 'broker' | 'default-broker' | 'static-broker' | 'default' | 'unknown'
  readonly readOnly: boolean
  readonly isSensitive: boolean
}

export interface CreatedTopic {
  /** Null with `validateOnly`, and before Kafka 2.8. */
  readonly topicId: string | null
  /** -1 where the broker does not tell (before Kafka 2.4). */
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
  /** Node id of the controller, or of a broker that speaks for it; -1 if unknown. */
  readonly controllerId: number
  readonly brokers: readonly BrokerDescription[]
}

export interface BrokerDescription {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}
