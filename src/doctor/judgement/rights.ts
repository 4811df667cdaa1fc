import { AclOperation, isAllowed, OPERATIONS_NOT_ASKED } from '../../protocol/authorized-operations.js'
import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import { type Finding, finding } from '../finding.js'
import { acl, writeAcl } from './acl.js'
import { topicSubject } from './topic.js'
import { sentence } from './words.js'

/** Whether the principal may write, by the operations that the broker says it may perform on the topic. */
export function writeRightFinding(topic: string, operations: number): Finding {
  const subject = topicSubject(topic)
  if (operations === OPERATIONS_NOT_ASKED)
    return finding(
      'write-right',
      subject,
      'unknown',
      'not known: the broker does not tell rights (before Kafka 2.3)',
    )
  if (isAllowed(operations, AclOperation.WRITE) === true)
    return finding('write-right', subject, 'ok', 'the principal may write')
  return finding('write-right', subject, 'wrong', 'the principal may see the topic and may not write to it', {
    explanation: ['The brokers refuse the records with TOPIC_AUTHORIZATION_FAILED.'],
    fixes: [writeAcl(topic)],
  })
}

/** The answer to InitProducerId. */
export interface ProducerIdAnswer {
  readonly errorCode: number
  readonly subject: string
  readonly topic: string | null
}

/** Whether the principal may be an idempotent producer. */
export function producerIdFinding({ errorCode: code, subject, topic }: ProducerIdAnswer): Finding {
  if (code === ErrorCode.NONE)
    return finding('producer-id', subject, 'ok', 'the principal may be an idempotent producer')
  const { name, meaning } = errorCode(code)
  if (code !== ErrorCode.CLUSTER_AUTHORIZATION_FAILED)
    return finding('producer-id', subject, 'wrong', `the broker gives no producer id (${name})`, {
      explanation: [sentence(meaning)],
    })
  return finding(
    'producer-id',
    subject,
    'wrong',
    `the principal may not be an idempotent producer (${name})`,
    {
      explanation: [
        'Since Kafka 3.0 the right to write to any topic is enough. Before, it is a right of its own.',
      ],
      fixes: [
        ...(topic === null ? [] : [writeAcl(topic)]),
        acl('--operation IdempotentWrite --cluster'),
        {
          where: 'client',
          setting: 'enable.idempotence',
          advice: 'or set it to false, and lose the protection from duplicates',
        },
      ],
    },
  )
}
