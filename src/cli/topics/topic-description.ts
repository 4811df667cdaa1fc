import type { PartitionDescription, TopicDescription } from '../../admin/descriptions.js'

/** Which lines of a description are wanted. */
export interface DescriptionFilter {
  readonly underReplicatedPartitions?: true
  readonly unavailablePartitions?: true
  readonly topicsWithOverrides?: true
}

type Described = TopicDescription & { readonly topic: string }

/** A topic in the lines that kafka-topics prints, each with a line feed. */
export function describedTopic(topic: Described, filter: DescriptionFilter = {}): string {
  const { underReplicatedPartitions, unavailablePartitions, topicsWithOverrides } = filter
  const overrides = overriddenConfigs(topic)
  if (topicsWithOverrides) return overrides.length > 0 ? topicLine(topic, overrides) : ''
  const partitions = topic.partitions.filter(
    (partition) =>
      (!underReplicatedPartitions || partition.inSyncReplicas.length < partition.replicas.length) &&
      (!unavailablePartitions || partition.leader < 0),
  )
  const lines = partitions.map((partition) => partitionLine(topic.topic, partition))
  if (!underReplicatedPartitions && !unavailablePartitions) lines.unshift(topicLine(topic, overrides))
  return lines.join('')
}

/** All that is not Kafka's own default. */
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
    // kafka-topics prints the same where a broker does not tell the replicas that may lead (KIP-966).
    'Elr: N/A',
    'LastKnownElr: N/A',
  ]
  return `\t${fields.join('\t')}\n`
}
