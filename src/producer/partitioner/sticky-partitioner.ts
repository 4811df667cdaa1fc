import type { TopicPartitions } from '../../config/partitioner-function.js'
import { AvailablePartitions } from './available-partitions.js'

/** The queue sizes of a topic's partitions. */
export interface PartitionLoads {
  /** Numbers of the partitions to choose from. They have a leader whose broker keeps up. */
  readonly partitions: readonly number[]
  /** Batches that wait, by the index of `partitions`; 0 for an empty queue. */
  readonly queueSizes: readonly number[]
  /** All partitions of the topic, including those that were left out. */
  readonly partitionCount: number
}

/** No partition. As the choice of a partitioner, it leaves the choice to the sticky partitioner. */
export const ANY_PARTITION = -1

/**
 * Chooses the partition for the records of one topic that neither name a partition nor have a key (KIP-480,
 * KIP-794). All of them go to one partition until about a batch has been produced to it, then to another one
 * at random. Over time every partition gets the same number of bytes, and batches are as large as with a
 * single partition.
 *
 * For each record: `update(0, isTailFull)` if a switch may be overdue, `peek`, append, `update(bytes,
 * isTailFull)`.
 */
export class StickyPartitioner {
  readonly #batchSize: number
  readonly #random: () => number
  readonly #available = new AvailablePartitions()
  #partition = ANY_PARTITION
  #producedBytes = 0
  /** The partitions to choose from and the running sums of their weights; null while all weigh the same. */
  #weighted: { readonly partitions: readonly number[]; readonly sums: readonly number[] } | null = null

  /**
   * @param batchSize `batch.size` in bytes
   * @param random a number from 0 (included) to 1 (excluded)
   */
  constructor(batchSize: number, random: () => number) {
    this.#batchSize = Math.max(batchSize, 1)
    this.#random = random
  }

  /** Whether the next `peek` chooses a partition. Loads matter only then. */
  get isUndecided(): boolean {
    return this.#partition === ANY_PARTITION
  }

  /** The partition for the next record. It stays the same until `update` has moved on. */
  peek(topic: TopicPartitions): number {
    // A topic that was deleted and created anew may have fewer partitions than before.
    if (this.#partition === ANY_PARTITION || this.#partition >= topic.partitions.length) {
      this.#partition = this.#choose(topic)
      this.#producedBytes = 0
    }
    return this.#partition
  }

  /**
   * Counts the bytes that an append added to the current partition's batches, and moves on when they are
   * enough: `batch.size`, or twice as many if moving on would leave a partly filled batch to linger.
   *
   * @param appendedBytes growth of the batch; for a new one its whole size, header included
   * @param isSwitchEnabled whether the partition's last batch is full or there is none
   */
  update(appendedBytes: number, isSwitchEnabled: boolean): void {
    this.#producedBytes += appendedBytes
    if (this.#producedBytes < this.#batchSize) return
    // The next partition is chosen when it is needed, by the loads of that moment.
    if (isSwitchEnabled || this.#producedBytes >= this.#batchSize * 2) this.#partition = ANY_PARTITION
  }

  /**
   * Makes the choice adaptive: the longer a partition's queue, the more rarely it is chosen. The choice is
   * uniform for null, for equal queues of all partitions, and for a topic of one partition. `loads` is not
   * kept.
   */
  updateQueueSizes(loads: PartitionLoads | null): void {
    this.#weighted = loads === null ? null : weigh(loads)
  }

  #choose(topic: TopicPartitions): number {
    const weighted = this.#weighted
    // Loads from before the topic shrank name partitions that are gone.
    if (weighted?.partitions.every((number) => number < topic.partitions.length)) {
      const { partitions, sums } = weighted
      const point = Math.floor(this.#random() * (sums.at(-1) as number))
      return partitions[sums.findIndex((sum) => sum > point)] as number
    }
    const candidates = this.#available.of(topic)
    return candidates[Math.floor(this.#random() * candidates.length)] as number
  }
}

/** Weighs each partition by how much shorter than the longest queue its own is. The longest weighs 1. */
function weigh({ partitions, queueSizes, partitionCount }: PartitionLoads) {
  if (partitions.length === 0 || partitionCount < 2) return null
  const longest = queueSizes.reduce((most, size) => Math.max(most, size), 0)
  const isUniform = partitions.length === partitionCount && queueSizes.every((size) => size === longest)
  if (isUniform) return null
  let sum = 0
  const sums = queueSizes.map((size) => {
    sum += longest + 1 - size
    return sum
  })
  return { partitions: [...partitions], sums }
}
