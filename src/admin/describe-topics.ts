import type { AddressedRequests } from '../network/addressed-requests.js'
import { DescribeConfigs, type DescribeConfigsResult, TOPIC_RESOURCE } from '../protocol/describe-configs.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { Metadata, type MetadataTopic } from '../protocol/metadata.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import { idOrNull, type TopicConfigEntry, type TopicDescription } from './descriptions.js'
import { inPieces } from './pieces.js'
import type { TopicOutcomes } from './topic-outcome.js'

type WithoutConfigs = Omit<TopicDescription, 'configs'>

const sources = {
  1: 'topic',
  2: 'broker',
  3: 'default-broker',
  4: 'static-broker',
  5: 'default',
} as const

/** Asks for the partitions of each topic. It never creates a topic. */
export async function describePartitions(
  requests: AddressedRequests,
  deadlineMs: number,
  outcomes: TopicOutcomes<WithoutConfigs>,
): Promise<void> {
  await inPieces(outcomes, (piece) =>
    requests.call({
      api: Metadata,
      target: 'any',
      deadlineMs,
      message: () => ({
        topics: outcomes.pendingOf(piece).map((name) => ({ name, topicId: ZERO_UUID })),
        allowAutoTopicCreation: false,
        includeClusterAuthorizedOperations: false,
        includeTopicAuthorizedOperations: false,
      }),
      read: ({ topics }, attempt) => {
        const byName = new Map(topics.map((topic) => [topic.name, topic]))
        outcomes.take(attempt, (topic) => byName.get(topic), describe, outcomes.pendingOf(piece))
      },
    }),
  )
}

function describe({ topicId, isInternal, partitions }: MetadataTopic): WithoutConfigs {
  const inOrder = [...partitions].sort((a, b) => a.partitionIndex - b.partitionIndex)
  return {
    topicId: idOrNull(topicId),
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

/** Asks for the settings of each topic; null if the principal may not see them. */
export async function describeTopicConfigs(
  requests: AddressedRequests,
  deadlineMs: number,
  outcomes: TopicOutcomes<{ configs: readonly TopicConfigEntry[] | null }>,
): Promise<void> {
  await inPieces(outcomes, (piece) =>
    requests.call({
      api: DescribeConfigs,
      target: 'any',
      deadlineMs,
      message: () => ({
        resources: outcomes.pendingOf(piece).map((resourceName) => ({
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
          outcomes.pendingOf(piece),
        )
      },
    }),
  )
}

/**
 * A principal may see a topic and not its settings. The description then has no settings, and does not fail.
 */
function hiddenIfNotAllowed(result: DescribeConfigsResult | undefined) {
  if (result === undefined) return undefined
  if (result.errorCode !== ErrorCode.TOPIC_AUTHORIZATION_FAILED) return result
  return { errorCode: ErrorCode.NONE, errorMessage: null, configs: null }
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
