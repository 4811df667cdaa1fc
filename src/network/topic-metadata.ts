/**
 * What is known of a topic. Immutable: a change makes a new object, and as long as nothing changes the object stays the same, so
 * comparing identities tells whether anything has to be looked at again.
 */
export interface TopicMetadata {
  readonly name: string
  /** ZERO_UUID where the broker has no topic ids (before Metadata v10). */
  readonly topicId: string
  /** The index is the partition's number; never empty. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface PartitionMetadata {
  readonly partition: number
  /** -1: the partition has no leader at present. */
  readonly leaderId: number
  /** -1 where the broker does not say (before Metadata v7). */
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}
