/** As much of a topic's metadata as a choice among its partitions needs. */
export interface TopicPartitions {
  /** The index is the partition's number; never empty. */
  readonly partitions: readonly AvailablePartition[]
}

export interface AvailablePartition {
  readonly partition: number
  /** -1: the partition has no leader at present. */
  readonly leaderId: number
}

/**
 * The partitions of one topic that have a leader, or all of them if none has: where records go that may go anywhere. Counted again
 * only for a metadata object that is not the last one, so that asking costs nothing per record.
 */
export class AvailablePartitions {
  #seen: TopicPartitions | null = null
  #numbers: number[] = []

  of(topic: TopicPartitions): readonly number[] {
    if (topic !== this.#seen) {
      const led = topic.partitions.filter(({ leaderId }) => leaderId >= 0)
      this.#numbers = (led.length > 0 ? led : topic.partitions).map(({ partition }) => partition)
      this.#seen = topic
    }
    return this.#numbers
  }
}
