import { Fifo } from '../../fifo.js'
import type { TopicMetadata } from '../../network/metadata/topic-metadata.js'
import type { TopicPartitioner } from '../partitioner/partitioner.js'
import type { PartitionLoads, StickyPartitioner } from '../partitioner/sticky-partitioner.js'
import type { Accumulator } from './accumulator.js'
import { CompressionRatio } from './compression-ratio.js'
import { Partition } from './partition.js'
import type { WaitingSend } from './waiting-send.js'

/** The producer's state of a topic to which it has sent. */
export class Topic {
  readonly name: string
  readonly accumulator: Accumulator
  /** Chooses the partition by a record's key. */
  readonly partitioner: TopicPartitioner
  /** Chooses the partition for records that may go to any. */
  readonly sticky: StickyPartitioner
  /** Undefined until the cluster has it. */
  metadata: TopicMetadata | undefined = undefined
  /** The index is the partition's number. */
  readonly partitions: Partition[] = []
  readonly compression: CompressionRatio = new CompressionRatio()
  /** Sends that wait for metadata, in order. */
  readonly waiting: Fifo<WaitingSend> = new Fifo<WaitingSend>()
  /** Sends that name a partition that the topic does not have yet, in order for each partition. */
  readonly waitingForPartition: Map<number, Fifo<WaitingSend>> = new Map()
  /** Whether a record whose fields have the right names was sent to the topic. */
  hasSeenFields = false
  /** Whether this object is no longer the topic's state. */
  isForgotten = false
  /** Whether the cluster is being asked for the metadata that `waiting` needs. */
  isAsking = false

  constructor(
    name: string,
    partitioner: TopicPartitioner,
    sticky: StickyPartitioner,
    accumulator: Accumulator,
  ) {
    this.name = name
    this.partitioner = partitioner
    this.sticky = sticky
    this.accumulator = accumulator
  }

  /**
   * Takes over the cluster's metadata. Existing partitions keep their state, and none is dropped because
   * metadata lacks it.
   */
  update(metadata: TopicMetadata): void {
    this.metadata = metadata
    for (const { partition, leaderId, leaderEpoch } of metadata.partitions) {
      let state = this.partitions[partition]
      if (state === undefined) {
        state = new Partition(this, partition, this.accumulator)
        this.partitions[partition] = state
      }
      const { leader } = state
      if (leader.nodeId !== leaderId || leader.epoch !== leaderEpoch) {
        state.moveTo({ nodeId: leaderId, epoch: leaderEpoch })
      }
    }
  }

  /** Whether records that name the partition still wait for it. The partition may exist already. */
  isWaitedFor(partition: number): boolean {
    return this.waitingForPartition.size > 0 && this.waitingForPartition.has(partition)
  }

  /**
   * The queue sizes of the partitions with a leader, for a choice that prefers partitions that keep up
   * (KIP-794).
   */
  loads(): PartitionLoads {
    const led = this.partitions.filter((partition) => partition.leader.nodeId >= 0)
    return {
      partitions: led.map((partition) => partition.index),
      queueSizes: led.map((partition) => partition.queue.length),
      partitionCount: this.partitions.length,
    }
  }

  /** Forgets the partitions, because the topic was deleted and created anew. Returns the forgotten ones. */
  reset(): Partition[] {
    return this.partitions.splice(0)
  }
}
