import { isAtLeast, runKafkaTool } from './kafka-tool.js'

export interface TopicOptions {
  readonly topic: string
  readonly partitions?: number
  /** The cluster's default (all nodes) unless given. */
  readonly replicationFactor?: number
  readonly config?: Readonly<Record<string, string>>
}

/** Creates a topic with `kafka-topics`. */
export async function createTopic(bootstrapServers: readonly string[], options: TopicOptions): Promise<void> {
  const { topic, partitions, replicationFactor, config = {} } = options
  const args = ['--create', '--topic', topic]
  if (partitions !== undefined) args.push('--partitions', String(partitions))
  if (replicationFactor !== undefined) args.push('--replication-factor', String(replicationFactor))
  for (const [key, value] of Object.entries(config)) args.push('--config', `${key}=${value}`)
  await runTopicCommand(bootstrapServers, args)
}

export async function deleteTopic(bootstrapServers: readonly string[], topic: string): Promise<void> {
  await runTopicCommand(bootstrapServers, ['--delete', '--topic', topic])
}

/** Raises the number of partitions. */
export async function addPartitions(
  bootstrapServers: readonly string[],
  topic: string,
  partitions: number,
): Promise<void> {
  await runTopicCommand(bootstrapServers, ['--alter', '--topic', topic, '--partitions', String(partitions)])
}

async function runTopicCommand(bootstrapServers: readonly string[], args: readonly string[]): Promise<void> {
  await runKafkaTool(
    (version) =>
      isAtLeast(version, '3.7') ? 'org.apache.kafka.tools.TopicCommand' : 'kafka.admin.TopicCommand',
    ['--bootstrap-server', bootstrapServers.join(','), ...args],
  )
}
