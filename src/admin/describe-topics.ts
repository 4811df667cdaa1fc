import { DescribeConfigs, type DescribeConfigsResult, TOPIC_RESOURCE } from '../protocol/describe-configs.js'
import { Metadata, type MetadataTopic } from '../protocol/metadata.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import type { BrokerRequests } from './broker-requests.js'
import type { TopicConfigEntry, TopicDescription } from './descriptions.js'
import type { TopicOutcomes } from './topic-outcome.js'

type WithoutConfigs = Omit<TopicDescription, 'configs'>

const TOPIC_AUTHORIZATION_FAILED = 29
const sources = {
  1: 'topic',
  2: 'broker',
  3: 'default-broker',
  4: 'static-broker',
  5: 'default',
} as const

/** What Metadata says of each topic. Never creates one. */
export async function describePartitions(
  requests: BrokerRequests,
  names: readonly string[],
  deadlineMs: number,
  outcomes: TopicOutcomes<WithoutConfigs>,
): Promise<void> {
  if (names.length === 0) return
  await requests.call({
    api: Metadata,
    target: 'any',
    deadlineMs,
    message: () => ({
      topics: [...outcomes.pending].map((name) => ({ name, topicId: ZERO_UUID })),
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    }),
    read: ({ topics }, attempt) => {
      const byName = new Map(topics.map((topic) => [topic.name, topic]))
      outcomes.take(attempt, (topic) => byName.get(topic), describe)
    },
  })
}

function describe({ topicId, isInternal, partitions }: MetadataTopic): WithoutConfigs {
  const inOrder = [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return {
    topicId: topicId === ZERO_UUID ? null : topicId,
    isInternal,
    partitions: inOrder.map((partition) => ({
      partition: partition.partitionIndex,
      leader: partition.leaderId,
      replicas: partition.replicaNodes,
      inSyncReplicas: partition.isrNodes,
      offlineReplicas: partition.offlineReplicas,
    })),
  }
}

/** The settings of each topic; null where they may not be seen. */
export async function describeTopicConfigs(
  requests: BrokerRequests,
  names: readonly string[],
  deadlineMs: number,
  outcomes: TopicOutcomes<{ configs: readonly TopicConfigEntry[] | null }>,
): Promise<void> {
  if (names.length === 0) return
  await requests.call({
    api: DescribeConfigs,
    target: 'any',
    deadlineMs,
    message: () => ({
      resources: [...outcomes.pending].map((resourceName) => ({
        resourceType: TOPIC_RESOURCE,
        resourceName,
        configurationKeys: null,
      })),
      includeSynonyms: false,
      includeDocumentation: false,
    }),
    read: ({ results }, attempt) => {
      const byName = new Map(results.map((result) => [result.resourceName, result]))
      outcomes.take(
        attempt,
        (topic) => hiddenIfNotAllowed(byName.get(topic)),
        ({ configs }) => ({ configs: configs?.map(configEntry) ?? null }),
      )
    },
  })
}

/** To be allowed to see a topic and not its settings is no reason to fail. */
function hiddenIfNotAllowed(result: DescribeConfigsResult | undefined) {
  if (result === undefined) return undefined
  if (result.errorCode !== TOPIC_AUTHORIZATION_FAILED) return result
  return { errorCode: 0, errorMessage: null, configs: null }
}

function configEntry(config: DescribeConfigsResult['configs'][number]): TopicConfigEntry {
  const { name, value, readOnly, isSensitive, configSource } = config
  return {
    name,
    value,
    source: sources[configSource as keyof typeof sources] ?? 'unknown',
    readOnly,
    isSensitive,
  }
}
