import { expect, it } from 'vitest'
import { producerIdFinding, writeRightFinding } from '../../../../src/doctor/judgement/rights.js'
import {
  AclOperation,
  bitField,
  OPERATIONS_NOT_ASKED,
} from '../../../../src/protocol/authorized-operations.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'

it.each([
  [bitField([AclOperation.WRITE, AclOperation.DESCRIBE]), 'ok'],
  [bitField([AclOperation.READ, AclOperation.DESCRIBE]), 'wrong'],
  [OPERATIONS_NOT_ASKED, 'unknown'],
])('the right to write in %d is %s', (operations, verdict) => {
  expect(writeRightFinding('orders', operations).verdict).toBe(verdict)
})

it('a principal without rights is told the ACLs that would help', () => {
  const code = ErrorCode.CLUSTER_AUTHORIZATION_FAILED
  const found = producerIdFinding({ errorCode: code, subject: 'cluster', topic: 'orders' })
  expect(found.verdict).toBe('wrong')
  expect(found.fixes.flatMap(({ lines }) => lines ?? [])).toEqual([
    'kafka-acls --bootstrap-server <server> --add --allow-principal User:<name> --operation Write --topic orders',
    'kafka-acls --bootstrap-server <server> --add --allow-principal User:<name> --operation IdempotentWrite --cluster',
  ])
  const withoutTopic = producerIdFinding({ errorCode: code, subject: 'cluster', topic: null })
  expect(withoutTopic.fixes).toHaveLength(2)
  const other = producerIdFinding({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, subject: 'c', topic: null })
  expect(other.message).toBe('the broker gives no producer id (UNKNOWN_SERVER_ERROR)')
})
