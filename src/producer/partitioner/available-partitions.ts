import type { TopicPartitions } from '../../config/partitioner-function.js'

/**
 * The partitions of one topic that have a leader, or all of them if none has. Records without a key go to
 * these. They are counted again only if the metadata object is another one, so that a record costs nothing.
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
