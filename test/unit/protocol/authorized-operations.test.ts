import { expect, it } from 'vitest'
import {
  AclOperation,
  bitField,
  CLUSTER_OPERATIONS,
  isAllowed,
  OPERATIONS_NOT_ASKED,
  TOPIC_OPERATIONS,
} from '../../../src/protocol/authorized-operations.js'

// The numbers are what a broker without an authorizer answers.
it('topics and clusters have the operations of Kafka', () => {
  expect(TOPIC_OPERATIONS).toBe(3576)
  expect(CLUSTER_OPERATIONS).toBe(8096)
})

it('an operation is allowed, not allowed or not known', () => {
  const readOnly = bitField([AclOperation.READ, AclOperation.DESCRIBE])
  expect(isAllowed(readOnly, AclOperation.READ)).toBe(true)
  expect(isAllowed(readOnly, AclOperation.WRITE)).toBe(false)
  expect(isAllowed(0, AclOperation.WRITE)).toBeNull()
  expect(isAllowed(OPERATIONS_NOT_ASKED, AclOperation.WRITE)).toBeNull()
})
