import type { KafkaError } from '../errors.js'
import type { BrokerNode } from '../network/broker-node.js'
import { nodeObstacle } from '../network/node-obstacle.js'
import type { Batch } from './batch.js'
import type { Identity } from './identity.js'
import type { Partition } from './partition.js'

/** What keeps a batch from being sent. */
export interface DeliveryObstacle {
  /** In words; null if nothing is known that does. */
  readonly reason: string | null
  /** The failure behind it; null if none is known. */
  readonly error: KafkaError | null
}

/** @param node the leader's; undefined if there is none */
export function deliveryObstacle(
  partition: Partition,
  batch: Batch,
  node: BrokerNode | undefined,
  identity: Identity | null,
  now: number,
): DeliveryObstacle {
  return {
    reason: reasonOf(partition, batch, node, identity, now),
    error: node?.lastError ?? identity?.lastError ?? null,
  }
}

/** Of several the one that must go before the others matter. */
function reasonOf(
  { leader, sequence, inFlight, confirmation }: Partition,
  { stamp, state, order }: Batch,
  node: BrokerNode | undefined,
  identity: Identity | null,
  now: number,
): string | null {
  if (leader.nodeId < 0) return 'the partition has no leader'
  if (stamp === null && !sequence.isIntact) return 'they waited behind a batch whose outcome is unknown'
  if (node === undefined)
    return `the leader of the partition, node ${leader.nodeId}, is not among the brokers`
  const leaderObstacle = nodeObstacle(node, now)
  if (leaderObstacle !== null && (!node.isReady || node.pauseMs(now) > 0)) return leaderObstacle
  const identityObstacle = stamp === null ? (identity?.obstacle(now) ?? null) : null
  if (identityObstacle !== null) return identityObstacle
  if (state.kind === 'sealing') return 'they were still being compressed'
  if (inFlight.length > 0) {
    // One that is to be sent again waits for those behind it.
    const which = inFlight.some((other) => other.order < order) ? 'earlier' : 'other'
    return `broker ${confirmation.sentTo.nodeId} has not answered ${which} ones for the partition`
  }
  return leaderObstacle
}
