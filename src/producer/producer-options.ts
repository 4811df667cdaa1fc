import type { TopicMetadata } from '../network/metadata/topic-metadata.js'

/** Options of `send`. */
export interface SendOptions {
  /** Rejects the promise with AbortError when it fires. A record that is not in a batch yet is not sent. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `flush`. */
export interface FlushOptions {
  /**
   * Milliseconds, after which the flush rejects with TimeoutError. By default `max.block.ms` and
   * `delivery.timeout.ms` of the records bound the wait.
   */
  readonly timeoutMs?: number | undefined
  /** Rejects the flush with AbortError when it fires. The records are sent nevertheless. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `close`. */
export interface CloseOptions {
  /**
   * Milliseconds after which the remaining records fail; 0 sends nothing more. By default `max.block.ms` and
   * `delivery.timeout.ms` of the records bound the wait.
   */
  readonly timeoutMs?: number | undefined
}

/** A partition of a topic, with its leader and replicas. */
export interface PartitionInfo {
  readonly topic: string
  readonly partition: number
  /** Node id of the leader; -1 if there is none at present. */
  readonly leader: number
  /** Node ids of all replicas, the leader's included. */
  readonly replicas: readonly number[]
  /** Node ids of the replicas that are in sync with the leader. */
  readonly inSyncReplicas: readonly number[]
  /** Node ids of the replicas that are offline; empty if the broker is older than Kafka 1.0. */
  readonly offlineReplicas: readonly number[]
}

export function partitionInfo(
  topic: string,
  { partition, leaderId, replicas, inSyncReplicas, offlineReplicas }: TopicMetadata['partitions'][number],
): PartitionInfo {
  return { topic, partition, leader: leaderId, replicas, inSyncReplicas, offlineReplicas }
}
