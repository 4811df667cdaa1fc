export interface SendOptions {
  /** Rejects the promise at once; the record is not sent if it is not in a batch yet. */
  readonly signal?: AbortSignal
}

export interface CloseOptions {
  /** Milliseconds until what is left fails; 0 sends nothing more. Without it `max.block.ms` and `delivery.timeout.ms` bound the wait. */
  readonly timeoutMs?: number
}

/** What is known of a partition. */
export interface PartitionInfo {
  readonly topic: string
  readonly partition: number
  /** Node id; -1 if there is none at present. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
}
