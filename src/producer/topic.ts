import { Fifo } from '../fifo.js'
import type { TopicMetadata } from '../network/topic-metadata.js'
import type { Accumulator } from './accumulator.js'
import { Partition } from './partition.js'
import type { TopicPartitioner } from './partitioner.js'
import type { PartitionLoads, StickyPartitioner } from './sticky-partitioner.js'
import type { WaitingSend } from './waiting-send.js'

/** What the producer keeps of a topic that it has sent to. */
export class Topic {
  readonly name: string
  /** Chooses among the partitions by a record's key. */
  readonly partitioner: TopicPartitioner
  /** Where records go that may go anywhere. */
  readonly sticky: StickyPartitioner
  /** undefined until the cluster has told. */
  metadata: TopicMetadata | undefined = undefined
  /** The index is the partition's number. */
  readonly partitions: Partition[] = []
  /** Sends that wait for metadata, in order. */
  readonly waiting: Fifo<WaitingSend> = new Fifo<WaitingSend>()
  /** Sends that name a partition the topic does not have yet, in order for each. */
  readonly waitingForPartition: Map<number, Fifo<WaitingSend>> = new Map()
  /** Whether a newer object has taken its place. */
  isForgotten = false
  /** Whether the cluster is being asked on behalf of `waiting`. */
  isAsking = false
  readonly #accumulator: Accumulator

  constructor(
    name: string,
    partitioner: TopicPartitioner,
    sticky: StickyPartitioner,
    accumulator: Accumulator,
  ) {
    this.name = name
    this.partitioner = partitioner
    this.sticky = sticky
    this.#accumulator = accumulator
  }

  /** Takes over what the cluster knows now. Partitions are added and keep their state; none is ever dropped for missing once. */
  update(metadata: TopicMetadata): void {
    this.metadata = metadata
    for (const { partition, leaderId, leaderEpoch } of metadata.partitions) {
      let state = this.partitions[partition]
      if (state === undefined) {
        state = new Partition(this, partition, this.#accumulator)
        this.partitions[partition] = state
      }
      const { leader } = state
      if (leader.nodeId !== leaderId || leader.epoch !== leaderEpoch) {
        state.moveTo({ nodeId: leaderId, epoch: leaderEpoch })
      }
    }
  }

  /** Whether records that name the partition still wait for it, although it may have come. */
  isWaitedFor(partition: number): boolean {
    return this.waitingForPartition.size > 0 && this.waitingForPartition.has(partition)
  }

  /** What waits for each partition that has a leader, for a choice that prefers those which keep up (KIP-794). */
  loads(): PartitionLoads {
    const led = this.partitions.filter((partition) => partition.leader.nodeId >= 0)
    return {
      partitions: led.map((partition) => partition.index),
      queueSizes: led.map((partition) => partition.queue.length),
      partitionCount: this.partitions.length,
    }
  }

  /** Forgets the partitions: the topic was deleted and made anew, and what comes next starts from nothing. */
  reset(): Partition[] {
    return this.partitions.splice(0)
  }
}
