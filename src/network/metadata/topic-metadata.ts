/**
 * The metadata of a topic. It is immutable: a change makes a new object. As long as nothing changes the
 * object stays the same, so two equal references mean that nothing has to be looked at again.
 */
export interface TopicMetadata {
  readonly name: string
  /** ZERO_UUID if the broker has no topic ids (before Metadata v10). */
  readonly topicId: string
  /** The index is the partition's number; never empty. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface PartitionMetadata {
  readonly partition: number
  /** -1 if the partition has no leader at present. */
  readonly leaderId: number
  /** -1 if the broker does not say (before Metadata v7). */
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}
