import type { Cluster } from '../network/cluster.js'
import type { LeaderHint, ProducePartitionResult, ProduceResponse } from '../protocol/produce.js'
import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

/** How often one batch goes where it is sent without a pause. Brokers that send it round and round are asked no faster than by metadata. */
const AT_ONCE = 3

/** Leaders that Produce responses name (KIP-951): they spare a refused batch the wait for metadata. */
export class LeaderHints {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** Takes the hint beside a batch's refusal, if there is one, and says whether the batch may follow it at once. */
  take(
    partition: Partition,
    batch: Batch,
    result: ProducePartitionResult,
    response: ProduceResponse,
  ): boolean {
    const hint = result.currentLeader
    // The leader of a topic that is gone, and its epoch, say nothing about the one that has its name now.
    if (hint === null || hint.leaderId < 0 || hint.leaderEpoch < 0 || partition.isAbandoned) return false
    const address = response.nodeEndpoints.find((endpoint) => endpoint.nodeId === hint.leaderId)
    const { name } = partition.topic
    const { leaderId, leaderEpoch } = hint
    const isNews = this.#cluster.applyLeaderHint(name, partition.index, leaderId, leaderEpoch, address)
    if (!isNews && !hasMovedSince(partition, batch, hint)) return false
    return ++batch.hintsFollowed <= AT_ONCE
  }
}

/** Whether the hint is what another batch's refusal has told already, behind which this one was under way to the former leader. */
function hasMovedSince(
  { leader }: Partition,
  { state }: Batch,
  { leaderId, leaderEpoch }: LeaderHint,
): boolean {
  if (leader.nodeId !== leaderId || leader.epoch !== leaderEpoch) return false
  return state.kind === 'in flight' && state.nodeId !== leaderId
}
