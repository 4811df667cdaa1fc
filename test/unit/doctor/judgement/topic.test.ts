import { expect, it } from 'vitest'
import { SeenSettings } from '../../../../src/doctor/judgement/seen-settings.js'
import { topicFinding } from '../../../../src/doctor/judgement/topic.js'
import { OPERATIONS_NOT_ASKED } from '../../../../src/protocol/authorized-operations.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { ZERO_UUID } from '../../../../src/protocol/uuid.js'

const judged = (errorCode: number, broker: SeenSettings) =>
  topicFinding(
    {
      errorCode,
      name: 'orders',
      topicId: ZERO_UUID,
      isInternal: false,
      partitions: [],
      topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
    },
    'orders',
    broker,
  )

const autoCreation = (value: string) =>
  SeenSettings.shown([
    { name: 'auto.create.topics.enable', value },
    { name: 'num.partitions', value: '6' },
    { name: 'default.replication.factor', value: '3' },
  ])
const hidden = SeenSettings.refused(ErrorCode.CLUSTER_AUTHORIZATION_FAILED)

it.each([
  [
    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    autoCreation('true'),
    'warning',
    'creates it with 6 partitions and 3 replicas of each',
  ],
  [
    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    autoCreation('false'),
    'wrong',
    'auto.create.topics.enable of the brokers is false',
  ],
  [
    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    hidden,
    'wrong',
    'it is not known whether the first record creates it',
  ],
  [ErrorCode.TOPIC_AUTHORIZATION_FAILED, hidden, 'wrong', 'the principal may not see the topic'],
  [
    ErrorCode.INVALID_TOPIC_EXCEPTION,
    hidden,
    'wrong',
    'the brokers refuse the topic (INVALID_TOPIC_EXCEPTION)',
  ],
])('error code %d', (code, broker, verdict, message) => {
  const found = judged(code, broker)
  expect(found.verdict).toBe(verdict)
  expect(found.message).toContain(message)
})

it('a missing topic comes with the command that creates it, and with the right that would tell more', () => {
  expect(
    judged(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, hidden).fixes.flatMap(({ lines }) => lines ?? []),
  ).toEqual([
    'odradek topics --create --topic orders --partitions 6 --bootstrap-server <server>',
    'kafka-acls --bootstrap-server <server> --add --allow-principal User:<name> --operation DescribeConfigs --cluster',
  ])
})
