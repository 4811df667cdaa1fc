import { ErrorCode } from '../protocol/error-codes.js'
import type { Partition } from './topic-table.js'

/**
 * The error code if this node does not serve a reader of the partition; 0 if it does. `knownEpoch` is the
 * reader's leader epoch, -1 if its request has none (KIP-320).
 */
export function leadershipError(
  partition: Partition | undefined,
  nodeId: number,
  knownEpoch: number,
): number {
  if (partition === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
  if (knownEpoch !== -1 && knownEpoch < partition.leaderEpoch) return ErrorCode.FENCED_LEADER_EPOCH
  if (knownEpoch > partition.leaderEpoch) return ErrorCode.UNKNOWN_LEADER_EPOCH
  return partition.leader === nodeId ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER
}
