import type { MetadataPartition } from '../../protocol/metadata.js'
import { type Finding, finding } from '../finding.js'
import type { SeenSettings } from './seen-settings.js'
import { topicSubject } from './topic.js'
import { count } from './words.js'

/** The state of a topic's partitions, and the settings that judge it. */
export interface ReplicatedTopic {
  readonly name: string
  readonly partitions: readonly MetadataPartition[]
  readonly settings: SeenSettings
  /** The acknowledgements that the client asks for: -1 for all. */
  readonly acks: -1 | 0 | 1
  readonly brokerCount: number
  /** The brokers that this client cannot use. */
  readonly unusable: readonly number[]
}

/** Leaders, replicas and the replicas that `acks=all` needs. */
export function replicationFindings(topic: ReplicatedTopic): Finding[] {
  return [leadersFinding(topic), replicasFinding(topic), minIsrFinding(topic)]
}

function leadersFinding({ name, partitions, unusable }: ReplicatedTopic): Finding {
  const subject = topicSubject(name)
  const without = partitions.filter(({ leaderId }) => leaderId < 0)
  const leaders = [...new Set(partitions.map(({ leaderId }) => leaderId))]
    .filter((id) => id >= 0)
    .sort(byNumber)
  const beyond = partitions.filter(({ leaderId }) => unusable.includes(leaderId))
  if (without.length === 0 && beyond.length > 0)
    return finding(
      'leaders',
      subject,
      'wrong',
      `${listed(beyond)} a leader that this client cannot use: ${nodes(leaders.filter((id) => unusable.includes(id)))}`,
      { explanation: ['This follows from what is wrong with the broker.'] },
    )
  if (without.length === 0)
    return finding('leaders', subject, 'ok', `every partition has a leader: ${nodes(leaders)}`, {
      facts: { leaders: leaders.map(String) },
    })
  const replicas = [...new Set(without.flatMap(({ replicaNodes }) => replicaNodes))].sort(byNumber)
  return finding(
    'leaders',
    subject,
    'wrong',
    `${listed(without)} no leader, so records for ${without.length === 1 ? 'it' : 'them'} wait and expire`,
    {
      explanation: [`The replicas are on ${nodes(replicas)}, and none of them that was in sync is up.`],
      fixes: [
        {
          where: 'broker',
          setting: null,
          advice: `start ${nodes(replicas)} again; the log of a broker says why it does not come up`,
        },
      ],
      facts: { withoutLeader: without.map(({ partitionIndex }) => String(partitionIndex)) },
    },
  )
}

function replicasFinding({ name, partitions, brokerCount }: ReplicatedTopic): Finding {
  const subject = topicSubject(name)
  const lagging = partitions.filter(({ isrNodes, replicaNodes }) => isrNodes.length < replicaNodes.length)
  if (lagging.length > 0) {
    const missing = [
      ...new Set(
        lagging.flatMap(({ isrNodes, replicaNodes }) => replicaNodes.filter((id) => !isrNodes.includes(id))),
      ),
    ].sort(byNumber)
    return finding(
      'replicas',
      subject,
      'warning',
      `${listed(lagging)} fewer replicas in sync than replicas`,
      {
        explanation: [`The replicas on ${nodes(missing)} lag behind the leader, or are not served at all.`],
        fixes: [{ where: 'broker', setting: null, advice: `look at ${nodes(missing)}` }],
        facts: { underReplicated: lagging.map(({ partitionIndex }) => String(partitionIndex)) },
      },
    )
  }
  const factor = smallestFactor(partitions)
  if (factor === 1 && brokerCount > 1)
    return finding(
      'replicas',
      subject,
      'warning',
      'one replica only: the records are lost with the disk of its broker',
      {
        fixes: [
          {
            where: 'topic',
            setting: null,
            advice: 'create the topic with --replication-factor 3, or reassign its partitions',
          },
        ],
        facts: { replicationFactor: factor },
      },
    )
  return finding('replicas', subject, 'ok', 'all replicas are in sync', {
    facts: { replicationFactor: factor },
  })
}

function minIsrFinding({ name, partitions, settings, acks, brokerCount }: ReplicatedTopic): Finding {
  const subject = topicSubject(name)
  const given = settings.get('min.insync.replicas')
  if (given === undefined)
    return finding('min-isr', subject, 'unknown', settings.whyNot('min.insync.replicas'), {
      fixes: settings.remedies(`--topic ${name}`),
    })
  const least = Number(given)
  const factor = smallestFactor(partitions)
  const inSync = Math.min(...partitions.map(({ isrNodes }) => isrNodes.length))
  const facts = { minInsyncReplicas: least, replicationFactor: factor, inSync }
  // With other acknowledgements no leader looks at the number.
  const verdict = acks === -1 ? 'wrong' : 'warning'
  const set = (advice: string) => ({ where: 'topic', setting: 'min.insync.replicas', advice }) as const
  if (least > factor)
    return finding(
      'min-isr',
      subject,
      verdict,
      `min.insync.replicas is ${least}, and there ${factor === 1 ? 'is' : 'are'} ${count(factor, 'replica')}: acks=all always fails`,
      {
        explanation: ['A leader refuses the records with NOT_ENOUGH_REPLICAS.'],
        fixes: [
          set(`set it to ${Math.max(1, factor - 1)}`),
          { where: 'topic', setting: null, advice: `or give the topic ${count(least + 1, 'replica')}` },
        ],
        facts,
      },
    )
  if (least > inSync)
    return finding(
      'min-isr',
      subject,
      verdict,
      `min.insync.replicas is ${least}, and only ${count(inSync, 'replica')} ${inSync === 1 ? 'is' : 'are'} in sync: acks=all fails now`,
      {
        explanation: [
          'A leader refuses the records with NOT_ENOUGH_REPLICAS until the other replicas are back.',
        ],
        fixes: [{ where: 'broker', setting: null, advice: 'bring the missing brokers back' }],
        facts,
      },
    )
  if (least === factor && brokerCount > 1)
    return finding(
      'min-isr',
      subject,
      'warning',
      `min.insync.replicas is ${least}, as many as there are replicas: no broker may fail`,
      {
        fixes: [set(`set it to ${Math.max(1, factor - 1)}, or give the topic another replica`)],
        facts,
      },
    )
  if (least === 1 && factor >= 3 && acks === -1)
    return finding(
      'min-isr',
      subject,
      'warning',
      `min.insync.replicas is 1: acks=all is content with the leader alone, and its disk may be the only one`,
      { fixes: [set('set it to 2: a record is then acknowledged once two brokers have it')], facts },
    )
  return finding(
    'min-isr',
    subject,
    'ok',
    `acks=all needs ${least} of ${count(factor, 'replica')}, and ${inSync} ${inSync === 1 ? 'is' : 'are'} in sync`,
    {
      facts,
    },
  )
}

function smallestFactor(partitions: readonly MetadataPartition[]): number {
  return Math.min(...partitions.map(({ replicaNodes }) => replicaNodes.length))
}

/** `partition 3 has`, `2 of 6 partitions have`. */
function listed(partitions: readonly MetadataPartition[]): string {
  const numbers = partitions.map(({ partitionIndex }) => partitionIndex)
  if (numbers.length === 1) return `partition ${numbers[0]} has`
  const shown = numbers.slice(0, 5).join(', ')
  return `${numbers.length} partitions (${shown}${numbers.length > 5 ? ', ...' : ''}) have`
}

function nodes(ids: readonly number[]): string {
  return `${ids.length === 1 ? 'broker' : 'brokers'} ${ids.join(', ')}`
}

const byNumber = (a: number, b: number): number => a - b
