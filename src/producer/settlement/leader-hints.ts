import type { LeaderHint, ProducePartitionResult, ProduceResponse } from '../../protocol/produce.js'
import type { Batch } from '../accumulator/batch.js'
import type { Partition } from '../accumulator/partition.js'
import type { ProducerCluster } from '../producer-cluster.js'

/**
 * How often a batch may follow hints without a backoff. Brokers that refer it to each other in a circle are
 * then asked no faster than with metadata.
 */
const AT_ONCE = 3

/** Leaders that Produce responses name (KIP-951). A refused batch need not wait for metadata then. */
export class LeaderHints {
  readonly #cluster: ProducerCluster

  constructor(cluster: ProducerCluster) {
    this.#cluster = cluster
  }

  /**
   * Takes the hint beside a batch's refusal, if there is one. Returns whether the batch may follow it at
   * once.
   */
  take(
    partition: Partition,
    batch: Batch,
    result: ProducePartitionResult,
    response: ProduceResponse,
  ): boolean {
    const hint = result.currentLeader
    // A topic that is gone had its own leaders and epochs. They say nothing about a new topic of the same
    // name.
    if (hint === null || hint.leaderId < 0 || hint.leaderEpoch < 0 || partition.isAbandoned) return false
    const address = response.nodeEndpoints.find((endpoint) => endpoint.nodeId === hint.leaderId)
    const { name } = partition.topic
    const { leaderId, leaderEpoch } = hint
    const isNews = this.#cluster.applyLeaderHint(name, partition.index, leaderId, leaderEpoch, address)
    if (!isNews && !hasMovedSince(partition, batch, hint)) return false
    return batch.attempts.followedHint() <= AT_ONCE
  }
}

/**
 * Whether the hint is known already from the refusal of another batch, and this batch was under way to the
 * former leader then.
 */
function hasMovedSince(
  { leader }: Partition,
  { state }: Batch,
  { leaderId, leaderEpoch }: LeaderHint,
): boolean {
  if (leader.nodeId !== leaderId || leader.epoch !== leaderEpoch) return false
  return state.kind === 'in flight' && state.nodeId !== leaderId
}
