import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import type { MetadataTopic } from '../../protocol/metadata.js'
import { type Finding, type Fix, finding } from '../finding.js'
import { writeAcl } from './acl.js'
import type { SeenSettings } from './seen-settings.js'
import { count, sentence } from './words.js'

export function topicSubject(topic: string): string {
  return `topic ${topic}`
}

/** Whether the topic is there, or will be. */
export function topicFinding(topic: MetadataTopic, name: string, broker: SeenSettings): Finding {
  const subject = topicSubject(name)
  const { errorCode: code, partitions } = topic
  if (code === ErrorCode.UNKNOWN_TOPIC_OR_PARTITION) return missing(name, broker)
  if (code === ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    return finding(
      'topic',
      subject,
      'wrong',
      'the principal may not see the topic (TOPIC_AUTHORIZATION_FAILED)',
      {
        explanation: [
          'Brokers say the same of a topic that does not exist, so that nobody can find out its name.',
        ],
        fixes: [writeAcl(name)],
      },
    )
  if (code !== ErrorCode.NONE && code !== ErrorCode.LEADER_NOT_AVAILABLE)
    return finding('topic', subject, 'wrong', `the brokers refuse the topic (${errorCode(code).name})`, {
      explanation: [sentence(errorCode(code).meaning)],
    })
  const factor = partitions[0]?.replicaNodes.length ?? 0
  return finding(
    'topic',
    subject,
    'ok',
    `${count(partitions.length, 'partition')}, ${count(factor, 'replica')} of each`,
    {
      facts: { topicId: topic.topicId, partitions: partitions.length, replicationFactor: factor },
    },
  )
}

function missing(name: string, broker: SeenSettings): Finding {
  const subject = topicSubject(name)
  const create: Fix = {
    where: 'topic',
    setting: null,
    advice: 'create it',
    lines: [`odradek topics --create --topic ${name} --partitions 6 --bootstrap-server <server>`],
  }
  const autoCreation = broker.get('auto.create.topics.enable')
  if (autoCreation === 'true') {
    const [partitions, factor] = [broker.get('num.partitions'), broker.get('default.replication.factor')]
    return finding(
      'topic',
      subject,
      'warning',
      `the topic does not exist; the first record creates it with ${count(Number(partitions), 'partition')} and ${count(Number(factor), 'replica')} of each`,
      { fixes: [create], facts: { exists: false, autoCreateTopicsEnable: true } },
    )
  }
  const isOff = autoCreation === 'false'
  return finding(
    'topic',
    subject,
    'wrong',
    isOff
      ? 'the topic does not exist, and auto.create.topics.enable of the brokers is false'
      : 'the topic does not exist, and it is not known whether the first record creates it',

    {
      fixes: [
        create,
        ...(isOff
          ? [{ where: 'broker', setting: 'auto.create.topics.enable', advice: 'or set it to true' } as const]
          : broker.remedies('--cluster')),
      ],
      facts: { exists: false, autoCreateTopicsEnable: isOff ? false : null },
    },
  )
}
