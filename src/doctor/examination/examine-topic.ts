import type { ResolvedProducerConfig } from '../../config/config.js'
import { TOPIC_RESOURCE } from '../../protocol/describe-configs.js'
import { dependentsOf } from '../checks.js'
import { type Finding, finding, skipped } from '../finding.js'
import { recordSizeFinding } from '../judgement/record-size.js'
import { replicationFindings } from '../judgement/replication.js'
import { writeRightFinding } from '../judgement/rights.js'
import { timestampsFinding } from '../judgement/time.js'
import { topicFinding, topicSubject } from '../judgement/topic.js'
import type { WalkContext } from '../walk/walk-context.js'
import { describedSettings } from './described-settings.js'
import type { DescribedCluster } from './examine-cluster.js'

export interface TopicQuestion {
  readonly topic: string
  /** The brokers that this client cannot use. */
  readonly unusable: readonly number[]
  readonly config: Pick<ResolvedProducerConfig, 'acks' | 'maxRequestSize' | 'batchSize'>
}

/** The settings of a topic that the doctor judges. */
const TOPIC_SETTINGS: readonly string[] = [
  'max.message.bytes',
  'message.timestamp.after.max.ms',
  'message.timestamp.before.max.ms',
  'message.timestamp.type',
  'min.insync.replicas',
]

/** The topic, the rights and the limits. */
export async function examineTopic(
  context: WalkContext,
  cluster: DescribedCluster,
  { topic: name, unusable, config }: TopicQuestion,
): Promise<Finding[]> {
  const { topic, brokerSettings, brokers } = cluster
  if (topic === null) {
    const hidden = finding(
      'topic',
      topicSubject(name),
      'wrong',
      'the broker leaves the topic out of its answer',
    )
    return [hidden, ...skipped(dependentsOf('topic'), topicSubject(name), 'the topic is not known')]
  }
  const found = topicFinding(topic, name, brokerSettings)
  if (topic.partitions.length === 0) {
    const because = found.verdict === 'warning' ? 'the topic does not exist yet' : 'the topic cannot be used'
    return [found, ...skipped(dependentsOf('topic'), topicSubject(name), because)]
  }
  const settings = await describedSettings(context, cluster.entry, {
    resourceType: TOPIC_RESOURCE,
    resourceNames: [name],
    settings: TOPIC_SETTINGS,
  })
  const { partitions, topicAuthorizedOperations } = topic
  return [
    found,
    ...replicationFindings({
      name,
      partitions,
      settings,
      acks: config.acks,
      brokerCount: brokers.length,
      unusable,
    }),
    writeRightFinding(name, topicAuthorizedOperations),
    recordSizeFinding({ ...config, topic: { name, settings }, broker: brokerSettings }),
    timestampsFinding(name, settings),
  ]
}
