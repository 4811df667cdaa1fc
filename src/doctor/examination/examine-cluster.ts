import type { KafkaError } from '../../errors.js'
import { BROKER_RESOURCE } from '../../protocol/describe-configs.js'
import {
  Metadata,
  type MetadataBroker,
  type MetadataRequest,
  type MetadataTopic,
} from '../../protocol/metadata.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import { type Finding, type FindingDetails, finding } from '../finding.js'
import type { SeenSettings } from '../judgement/seen-settings.js'
import { ask, type OpenRoute } from '../walk/ask.js'
import { offeredMechanisms } from '../walk/probe.js'
import type { WalkContext } from '../walk/walk-context.js'
import { describedSettings } from './described-settings.js'

/** The cluster as one of its brokers describes it. */
export interface DescribedCluster {
  /** The server that was asked. */
  readonly entry: OpenRoute
  readonly clusterId: string | null
  /** Sorted by node id. */
  readonly brokers: readonly MetadataBroker[]
  /** Null if no topic was asked for, or if the answer has none. */
  readonly topic: MetadataTopic | null
  /** The settings of the broker that was asked. */
  readonly brokerSettings: SeenSettings
}

/** The settings of a broker that the doctor judges. */
const BROKER_SETTINGS: readonly string[] = [
  'advertised.listeners',
  'auto.create.topics.enable',
  'default.replication.factor',
  'message.max.bytes',
  'num.partitions',
  'socket.request.max.bytes',
]

/** Asks one bootstrap server after the other, until one describes the cluster. */
export async function examineCluster(
  context: WalkContext,
  entries: readonly OpenRoute[],
  topic: string | null,
): Promise<{ readonly cluster: DescribedCluster | null; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = []
  for (const entry of entries) {
    try {
      const { clusterId, brokers, topics } = await ask(context, entry, Metadata, metadataRequest(topic))
      const sorted = [...brokers].sort((a, b) => a.nodeId - b.nodeId)
      const ids = sorted.map(({ nodeId }) => String(nodeId))
      const message = `${clusterId ?? 'without an id'}, with ${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`
      findings.push(finding('cluster', 'cluster', 'ok', message, { facts: { clusterId, brokers: ids } }))
      // The node id of the broker that is asked is not known. A broker answers for itself and refuses the
      // others.
      const brokerSettings = await describedSettings(context, entry, {
        resourceType: BROKER_RESOURCE,
        resourceNames: ids,
        settings: BROKER_SETTINGS,
      })
      return {
        cluster: { entry, clusterId, brokers: sorted, topic: topics[0] ?? null, brokerSettings },
        findings,
      }
    } catch (error) {
      findings.push(await refused(context, entry, error as KafkaError))
    }
  }
  return { cluster: null, findings }
}

/** A request that creates no topic. */
export function metadataRequest(topic: string | null): MetadataRequest {
  return {
    topics: topic === null ? [] : [{ name: topic, topicId: ZERO_UUID }],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: true,
  }
}

/** A listener that demands a login ends the connection at the first request of a client without one. */
async function refused(context: WalkContext, entry: OpenRoute, error: KafkaError): Promise<Finding> {
  const offered = context.sasl === null ? await offeredMechanisms(context, entry.route) : null
  if (offered === null) return finding('cluster', entry.subject, 'wrong', error.message)
  const details: FindingDetails = {
    explanation: [`The broker offers ${offered.join(', ')}.`],
    fixes: [
      {
        where: 'client',
        setting: 'security.protocol',
        advice: `set it to ${context.options.tls === null ? 'SASL_PLAINTEXT' : 'SASL_SSL'}`,
      },
      { where: 'client', setting: 'sasl.mechanism', advice: `set it to one of ${offered.join(', ')}` },
      { where: 'client', setting: 'sasl.jaas.config', advice: 'set the user name and the password' },
    ],
    facts: { offered },
  }
  return finding(
    'cluster',
    entry.subject,
    'wrong',
    'the listener demands a login (SASL), and the client has none',
    details,
  )
}
