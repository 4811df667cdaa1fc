import type { PartitionDescription, TopicDescription } from '../../admin/descriptions.js'
import { CommandFailure } from '../failure.js'

/** The filter for the lines of a description. At most one field is set. Without one, all lines are wanted. */
export interface DescriptionFilter {
  readonly underReplicatedPartitions?: true
  readonly underMinIsrPartitions?: true
  readonly atMinIsrPartitions?: true
  readonly unavailablePartitions?: true
  readonly topicsWithOverrides?: true
}

type Described = TopicDescription & { readonly topic: string }

/**
 * Describes a topic in the lines that kafka-topics prints, each with a line feed.
 *
 * @throws CommandFailure if the filter needs a setting of the topic and the principal may not see it
 */
export function describedTopic(topic: Described, filter: DescriptionFilter = {}): string {
  const overrides = overriddenConfigs(topic)
  if (filter.topicsWithOverrides) return overrides.length > 0 ? topicLine(topic, overrides) : ''
  const isWanted = partitionFilter(topic, filter)
  const lines = topic.partitions
    .filter((partition) => isWanted === null || isWanted(partition))
    .map((partition) => partitionLine(topic.topic, partition))
  return isWanted === null ? [topicLine(topic, overrides), ...lines].join('') : lines.join('')
}

/** Null if all partitions are wanted. */
function partitionFilter(
  topic: Described,
  filter: DescriptionFilter,
): ((partition: PartitionDescription) => boolean) | null {
  if (filter.underReplicatedPartitions) {
    return ({ inSyncReplicas, replicas }) => inSyncReplicas.length < replicas.length
  }
  if (filter.unavailablePartitions) return ({ leader }) => leader < 0
  if (filter.underMinIsrPartitions) {
    const least = minInSyncReplicas(topic)
    return ({ leader, inSyncReplicas }) => leader < 0 || inSyncReplicas.length < least
  }
  if (filter.atMinIsrPartitions) {
    const least = minInSyncReplicas(topic)
    return ({ inSyncReplicas }) => inSyncReplicas.length === least
  }
  return null
}

function minInSyncReplicas({ topic, configs }: Described): number {
  const setting = configs?.find(({ name }) => name === 'min.insync.replicas')
  if (setting?.value) return Number(setting.value)
  throw new CommandFailure(
    `you may not see min.insync.replicas of topic ${topic}; it needs DescribeConfigs on the topic`,
  )
}

/** The settings that are not Kafka's own defaults. */
function overriddenConfigs({ configs }: Described): string[] {
  return (configs ?? [])
    .filter(({ source }) => source !== 'default')
    .map(({ name, value }) => `${name}=${value ?? 'null'}`)
}

function topicLine({ topic, topicId, partitions }: Described, overrides: readonly string[]): string {
  const fields = [
    `Topic: ${topic}`,
    ...(topicId === null ? [] : [`TopicId: ${topicId}`]),
    `PartitionCount: ${partitions.length}`,
    `ReplicationFactor: ${partitions[0]?.replicas.length ?? 0}`,
    `Configs: ${overrides.join(',')}`,
  ]
  return `${fields.join('\t')}\n`
}

function partitionLine(topic: string, description: PartitionDescription): string {
  const { partition, leader, replicas, inSyncReplicas } = description
  const fields = [
    `Topic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader < 0 ? 'none' : leader}`,
    `Replicas: ${replicas.join(',')}`,
    `Isr: ${inSyncReplicas.join(',')}`,
    // kafka-topics prints the same if a broker does not report the eligible leader replicas (KIP-966).
    'Elr: N/A',
    'LastKnownElr: N/A',
  ]
  return `\t${fields.join('\t')}\n`
}
