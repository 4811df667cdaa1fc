import { describe, expect, it } from 'vitest'
import {
  AuthenticationError,
  AuthorizationError,
  BrokerError,
  InvalidRecordError,
  InvalidTopicError,
  KafkaError,
  NetworkError,
  OutOfOrderSequenceError,
  ProducerFencedError,
  ProtocolError,
  RecordTooLargeError,
  TimeoutError,
  TransactionAbortableError,
} from '../../../src/errors.js'
import { brokerError } from '../../../src/protocol/broker-error.js'
import { ERROR_CODES } from '../../../src/protocol/error-code-table.js'
import { errorCode } from '../../../src/protocol/error-codes.js'

const produce = { api: 'Produce', topic: 'orders', partition: 3, broker: 'b:9092 (1)' }

describe('brokerError', () => {
  it('says what happened, to what, where, and what to do', () => {
    expect(brokerError(29, produce).message).toBe(
      'broker b:9092 (1) answered Produce for orders-3 with TOPIC_AUTHORIZATION_FAILED: ' +
        'the principal may not do this to the topic; a producer needs WRITE and DESCRIBE',
    )
    expect(brokerError(7, { ...produce, attempts: 3, brokerMessage: 'slow' }).message).toMatch(
      /with REQUEST_TIMED_OUT after 3 attempts: .* \(the broker says: slow\)$/,
    )
    expect(brokerError(17, { api: 'CreateTopics', topic: 'a b' }).message).toMatch(
      /^a broker answered CreateTopics for topic a b with INVALID_TOPIC_EXCEPTION: /,
    )
    expect(brokerError(53, { api: 'InitProducerId', subject: 'transactional id "t"' }).message).toMatch(
      /^a broker answered InitProducerId for transactional id "t" with TRANSACTIONAL_ID_AUTHORIZATION_FAILED: /,
    )
  })

  it.each<[number, abstract new (...args: never[]) => KafkaError, object]>([
    [29, AuthorizationError, { code: 'TOPIC_AUTHORIZATION_FAILED', fatal: false }],
    [31, AuthorizationError, { code: 'CLUSTER_AUTHORIZATION_FAILED', fatal: true }],
    [58, AuthenticationError, { code: 'SASL_AUTHENTICATION_FAILED', fatal: true }],
    [33, AuthenticationError, { code: 'UNSUPPORTED_SASL_MECHANISM', fatal: true }],
    [17, InvalidTopicError, { code: 'INVALID_TOPIC_EXCEPTION' }],
    [10, RecordTooLargeError, { code: 'RECORD_TOO_LARGE', size: 4_000, limit: -1, possiblyPersisted: false }],
    [18, RecordTooLargeError, { code: 'RECORD_TOO_LARGE' }],
    [87, InvalidRecordError, { code: 'INVALID_RECORD' }],
    [32, InvalidRecordError, { code: 'INVALID_TIMESTAMP' }],
    [45, OutOfOrderSequenceError, { code: 'OUT_OF_ORDER_SEQUENCE_NUMBER', abortable: false }],
    [59, OutOfOrderSequenceError, { code: 'UNKNOWN_PRODUCER_ID' }],
    [90, ProducerFencedError, { code: 'PRODUCER_FENCED', fatal: true }],
    [120, TransactionAbortableError, { code: 'TRANSACTION_ABORTABLE', abortable: true }],
    [
      7,
      TimeoutError,
      { code: 'REQUEST_TIMED_OUT', phase: 'request', retriable: true, possiblyPersisted: true },
    ],
    [13, NetworkError, { code: 'NETWORK_EXCEPTION', retriable: true }],
    [35, ProtocolError, { code: 'UNSUPPORTED_VERSION', retriable: false }],
    [
      19,
      BrokerError,
      { code: 'NOT_ENOUGH_REPLICAS', errorCode: 19, retriable: true, possiblyPersisted: false },
    ],
    [9_999, BrokerError, { code: 'UNKNOWN_9999', errorCode: 9_999, possiblyPersisted: true }],
  ])('makes of %i the leaf that fits', (code, leaf, details) => {
    const error = brokerError(code, { ...produce, size: 4_000, attempts: 2 })
    expect(error).toBeInstanceOf(leaf)
    expect(error).toMatchObject({
      ...details,
      topic: 'orders',
      partition: 3,
      broker: 'b:9092 (1)',
      attempts: 2,
    })
  })

  it('carries what the table says of every code', () => {
    for (const [code] of ERROR_CODES) {
      const { retriable, fatal, possiblyPersisted } = errorCode(code)
      expect(brokerError(code, produce)).toMatchObject({ retriable, fatal, possiblyPersisted })
    }
  })

  it('lets the caller know better whether the records may be in the log', () => {
    expect(brokerError(29, { ...produce, possiblyPersisted: true }).possiblyPersisted).toBe(true)
    expect(brokerError(7, { ...produce, possiblyPersisted: false }).possiblyPersisted).toBe(false)
    expect(brokerError(7, { api: 'InitProducerId' }).possiblyPersisted).toBe(false)
  })

  it('calls an error abortable only where there is a transaction to abort', () => {
    expect(brokerError(45, produce).abortable).toBe(false)
    expect(brokerError(45, { ...produce, transactional: true }).abortable).toBe(true)
  })

  it('leaves out what is not known', () => {
    const error = brokerError(19, { api: 'Produce' })
    expect(error).toBeInstanceOf(KafkaError)
    expect(Object.keys(error)).not.toEqual(expect.arrayContaining(['topic']))
    expect(error.cause).toBeUndefined()
    const cause = new Error('first')
    expect(brokerError(19, { api: 'Produce', cause }).cause).toBe(cause)
  })
})
