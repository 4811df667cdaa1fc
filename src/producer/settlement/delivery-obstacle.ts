import type { KafkaError } from '../../errors.js'
import type { Broker } from '../../network/broker/broker.js'
import { nodeObstacle } from '../../network/broker/node-obstacle.js'
import type { Batch } from '../accumulator/batch.js'
import type { DeliveryObstacle } from '../accumulator/batch-errors.js'
import type { Partition } from '../accumulator/partition.js'
import type { ProducerIdSource } from '../idempotence/producer-id-source.js'

/** The parts on which the delivery of a batch depends. */
export interface DeliveryParts {
  /** The leader; undefined if there is none. */
  readonly node: Broker | undefined
  /** Why the last metadata update failed. The partition may have another leader then. */
  readonly metadataError: KafkaError | undefined
  readonly producerIds: ProducerIdSource
}

export function deliveryObstacle(
  partition: Partition,
  batch: Batch,
  { node, metadataError, producerIds }: DeliveryParts,
  now: number,
): DeliveryObstacle {
  const reason = reasonOf(partition, batch, node, producerIds, now)
  const stale = metadataError === undefined ? null : `metadata are not up to date: ${metadataError.message}`
  const reasons = [reason, stale].filter((known) => known !== null)
  return {
    reason: reasons.length === 0 ? null : reasons.join('; '),
    error: node?.lastError ?? metadataError ?? producerIds.lastError,
  }
}

/** The reason to name: the one that has to be removed first. */
function reasonOf(
  { leader, sequence, inFlight, confirmation }: Partition,
  { stamp, state, order }: Batch,
  node: Broker | undefined,
  producerIds: ProducerIdSource,
  now: number,
): string | null {
  if (leader.nodeId < 0) return 'the partition has no leader'
  if (stamp === null && !sequence.isIntact) return 'they waited behind a batch whose outcome is unknown'
  if (node === undefined)
    return `the leader of the partition, node ${leader.nodeId}, is not among the brokers`
  const leaderObstacle = nodeObstacle(node, now)
  if (leaderObstacle !== null && (!node.isReady || node.pauseMs(now) > 0)) return leaderObstacle
  const identityObstacle = stamp === null ? producerIds.obstacle(now) : null
  if (identityObstacle !== null) return identityObstacle
  if (state.kind === 'sealing') return 'they were still being compressed'
  if (inFlight.length > 0) {
    // A batch that is sent again waits for the batches behind it, too.
    const which = inFlight.some((other) => other.order < order) ? 'earlier' : 'other'
    return `broker ${confirmation.sentTo.nodeId} has not answered ${which} ones for the partition`
  }
  return leaderObstacle
}
