import type { MetadataPartition, MetadataTopic } from '../../protocol/metadata.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import type { PartitionMetadata, TopicMetadata } from './topic-metadata.js'

/** The reason for which a response about a topic cannot be used. */
export class UnusableTopic {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

/**
 * The metadata of a topic after a response about it. Objects that did not change keep their identity, the
 * whole topic included. A partition that the response leaves out stays as it was: a topic never loses
 * partitions, and a broker that has just started may not know all of them. A leader epoch below the known one
 * comes from a broker that is behind and changes nothing.
 *
 * The first id of a topic comes with the epochs of that id, even lower ones. Without an id nobody could tell
 * whether the topic had been created again. An id counts only if no known partition is missing.
 *
 * @param known undefined for a new topic, or one whose epochs and partitions start anew
 */
export function mergeTopic(
  known: TopicMetadata | undefined,
  name: string,
  received: MetadataTopic,
): TopicMetadata | UnusableTopic {
  const base = known !== undefined && isRecreated(known, received.topicId) ? undefined : known
  const byIndex = indexPartitions(received.partitions)
  if (byIndex instanceof UnusableTopic) return byIndex
  const before = base?.partitions ?? []
  const count = Math.max(before.length, highestIndex(byIndex) + 1)
  // The index comes from outside, so it is checked before anything of that size is allocated.
  if (count > before.length + byIndex.size) return new UnusableTopic(`partitions are missing below ${count}`)
  if (count === 0) return new UnusableTopic('the topic has no partitions')
  const getsId =
    base?.topicId === ZERO_UUID && received.topicId !== ZERO_UUID && byIndex.size >= before.length
  const partitions: PartitionMetadata[] = []
  let changed = base === undefined || count !== before.length
  for (let partition = 0; partition < count; partition++) {
    const merged = mergePartition(before[partition], byIndex.get(partition), getsId)
    if (merged === undefined) return new UnusableTopic(`partition ${partition} of ${count} is missing`)
    changed ||= merged !== before[partition]
    partitions.push(merged)
  }
  const topicId = base === undefined || getsId ? received.topicId : base.topicId
  if (!changed && base !== undefined && base.topicId === topicId) return base
  return { name, topicId, partitions }
}

/**
 * The topic with another leader of one partition; undefined unless the leader's epoch is newer than the known
 * one.
 */
export function withNewerLeader(
  topic: TopicMetadata | undefined,
  partition: number,
  leaderId: number,
  leaderEpoch: number,
): TopicMetadata | undefined {
  const before = topic?.partitions[partition]
  if (topic === undefined || before === undefined || leaderId < 0 || leaderEpoch <= before.leaderEpoch)
    return undefined
  const partitions = [...topic.partitions]
  partitions[partition] = { ...before, leaderId, leaderEpoch }
  return { ...topic, partitions }
}

/** Whether the id belongs to another topic of the same name, which has replaced the known one. */
export function isRecreated(known: TopicMetadata, topicId: string): boolean {
  return topicId !== ZERO_UUID && known.topicId !== ZERO_UUID && topicId !== known.topicId
}

function indexPartitions(
  received: readonly MetadataPartition[],
): ReadonlyMap<number, MetadataPartition> | UnusableTopic {
  const byIndex = new Map<number, MetadataPartition>()
  for (const partition of received) {
    const { partitionIndex } = partition
    if (partitionIndex < 0 || byIndex.has(partitionIndex))
      return new UnusableTopic(
        `partition ${partitionIndex} ${partitionIndex < 0 ? 'is negative' : 'comes twice'}`,
      )
    byIndex.set(partitionIndex, partition)
  }
  return byIndex
}

function highestIndex(byIndex: ReadonlyMap<number, MetadataPartition>): number {
  let highest = -1
  for (const index of byIndex.keys()) highest = Math.max(highest, index)
  return highest
}

function mergePartition(
  known: PartitionMetadata | undefined,
  received: MetadataPartition | undefined,
  mayGoBack: boolean,
): PartitionMetadata | undefined {
  if (received === undefined) return known
  const { partitionIndex, leaderId, leaderEpoch, replicaNodes, isrNodes, offlineReplicas } = received
  if (known !== undefined) {
    if (!mayGoBack && leaderEpoch !== -1 && leaderEpoch < known.leaderEpoch) return known
    if (
      known.leaderId === leaderId &&
      known.leaderEpoch === leaderEpoch &&
      sameNumbers(known.replicas, replicaNodes) &&
      sameNumbers(known.inSyncReplicas, isrNodes) &&
      sameNumbers(known.offlineReplicas, offlineReplicas)
    )
      return known
  }
  return {
    partition: partitionIndex,
    leaderId,
    leaderEpoch,
    replicas: replicaNodes,
    inSyncReplicas: isrNodes,
    offlineReplicas,
  }
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
