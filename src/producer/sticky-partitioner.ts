import { AvailablePartitions, type TopicPartitions } from './available-partitions.js'

/** How much waits for each partition of a topic. */
export interface PartitionLoads {
  /** Numbers of partitions that records may go to: led, and not left out for a broker that does not keep up. */
  readonly partitions: readonly number[]
  /** Batches that wait, by the index of `partitions`; an empty queue counts 0. */
  readonly queueSizes: readonly number[]
  /** Partitions of the topic, with those that were left out. */
  readonly partitionCount: number
}

/** The partition of no record yet; also "wherever the sticky partitioner is" as the choice of a partitioner. */
export const ANY_PARTITION = -1

/**
 * Where the records of one topic go that neither name a partition nor have a key (KIP-480, KIP-794): all to one partition until
 * about a batch has been produced to it, then to another at random. Over time every partition gets as many bytes as any other, and
 * batches are as large as if there were one partition only.
 *
 * For each record: `update(0, isTailFull)` if a switch may be overdue, `peek`, append, `update(bytes, isTailFull)`.
 */
export class StickyPartitioner {
  readonly #batchSize: number
  readonly #random: () => number
  readonly #available = new AvailablePartitions()
  #partition = ANY_PARTITION
  #producedBytes = 0
  /** Partitions to choose from by weight, and the running sums of the weights; null while all are alike. */
  #weighted: { readonly partitions: readonly number[]; readonly sums: readonly number[] } | null = null

  /**
   * @param batchSize `batch.size` in bytes
   * @param random 0 (included) to 1 (excluded)
   */
  constructor(batchSize: number, random: () => number) {
    this.#batchSize = Math.max(batchSize, 1)
    this.#random = random
  }

  /** Whether the next `peek` chooses: the moment at which loads matter. */
  get isUndecided(): boolean {
    return this.#partition === ANY_PARTITION
  }

  /** The partition for the next record. The same until `update` has moved on. */
  peek(topic: TopicPartitions): number {
    // A topic that was deleted and made again may have fewer partitions than it had.
    if (this.#partition === ANY_PARTITION || this.#partition >= topic.partitions.length) {
      this.#partition = this.#choose(topic)
      this.#producedBytes = 0
    }
    return this.#partition
  }

  /**
   * Counts what an append added to the current partition's batches and moves on when that was enough: `batch.size`, or twice that
   * where moving on would leave a fractional batch behind to linger.
   *
   * @param appendedBytes growth of the batch; for a new one its whole size, header included
   * @param isSwitchEnabled whether the partition's last batch is full or there is none
   */
  update(appendedBytes: number, isSwitchEnabled: boolean): void {
    this.#producedBytes += appendedBytes
    if (this.#producedBytes < this.#batchSize) return
    // The next one is chosen when it is needed, by the loads of that moment.
    if (isSwitchEnabled || this.#producedBytes >= this.#batchSize * 2) this.#partition = ANY_PARTITION
  }

  /**
   * Makes the choice adaptive: the longer a partition's queue, the rarer it is chosen. Null, equal queues with nothing left out, and
   * a topic of one partition make it uniform. Nothing of `loads` is kept.
   */
  updateQueueSizes(loads: PartitionLoads | null): void {
    this.#weighted = loads === null ? null : weigh(loads)
  }

  #choose(topic: TopicPartitions): number {
    const weighted = this.#weighted
    // Loads that were taken before the topic shrank name partitions that are gone.
    if (weighted?.partitions.every((number) => number < topic.partitions.length)) {
      const { partitions, sums } = weighted
      const point = Math.floor(this.#random() * (sums.at(-1) as number))
      return partitions[sums.findIndex((sum) => sum > point)] as number
    }
    const candidates = this.#available.of(topic)
    return candidates[Math.floor(this.#random() * candidates.length)] as number
  }
}

/** A partition's weight is how far its queue is from the longest, and 1 for the longest itself. */
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
