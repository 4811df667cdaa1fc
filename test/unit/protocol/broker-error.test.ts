import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/error-code-table.js'
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
import { ErrorCode, errorCode } from '../../../src/protocol/error-codes.js'

const produce = { api: 'Produce', topic: 'orders', partition: 3, broker: 'b:9092 (1)' }

describe('brokerError', () => {
  it('says what happened, to which partition, at which broker, and what to do', () => {
    expect(brokerError(ErrorCode.TOPIC_AUTHORIZATION_FAILED, produce).message).toBe(
      'broker b:9092 (1) answered Produce for orders-3 with TOPIC_AUTHORIZATION_FAILED: ' +
        'the principal may not do this to the topic; a producer needs WRITE and DESCRIBE',
    )
    expect(
      brokerError(ErrorCode.REQUEST_TIMED_OUT, { ...produce, attempts: 3, brokerMessage: 'slow' }).message,
    ).toMatch(/with REQUEST_TIMED_OUT after 3 attempts: .* \(the broker says: slow\)$/)
    expect(
      brokerError(ErrorCode.INVALID_TOPIC_EXCEPTION, { api: 'CreateTopics', topic: 'a b' }).message,
    ).toMatch(/^a broker answered CreateTopics for topic a b with INVALID_TOPIC_EXCEPTION: /)
    expect(
      brokerError(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, {
        api: 'InitProducerId',
        subject: 'transactional id "t"',
      }).message,
    ).toMatch(
      /^a broker answered InitProducerId for transactional id "t" with TRANSACTIONAL_ID_AUTHORIZATION_FAILED: /,
    )
  })

  it.each<[number, abstract new (...args: never[]) => KafkaError, object]>([
    [
      ErrorCode.TOPIC_AUTHORIZATION_FAILED,
      AuthorizationError,
      { code: 'TOPIC_AUTHORIZATION_FAILED', fatal: false },
    ],
    [
      ErrorCode.CLUSTER_AUTHORIZATION_FAILED,
      AuthorizationError,
      { code: 'CLUSTER_AUTHORIZATION_FAILED', fatal: true },
    ],
    [
      ErrorCode.SASL_AUTHENTICATION_FAILED,
      AuthenticationError,
      { code: 'SASL_AUTHENTICATION_FAILED', fatal: true },
    ],
    [
      ErrorCode.UNSUPPORTED_SASL_MECHANISM,
      AuthenticationError,
      { code: 'UNSUPPORTED_SASL_MECHANISM', fatal: true },
    ],
    [ErrorCode.INVALID_TOPIC_EXCEPTION, InvalidTopicError, { code: 'INVALID_TOPIC_EXCEPTION' }],
    [
      ErrorCode.MESSAGE_TOO_LARGE,
      RecordTooLargeError,
      { code: 'RECORD_TOO_LARGE', size: 4_000, limit: -1, possiblyPersisted: false },
    ],
    [ErrorCode.RECORD_LIST_TOO_LARGE, RecordTooLargeError, { code: 'RECORD_TOO_LARGE' }],
    [ErrorCode.INVALID_RECORD, InvalidRecordError, { code: 'INVALID_RECORD' }],
    [ErrorCode.INVALID_TIMESTAMP, InvalidRecordError, { code: 'INVALID_TIMESTAMP' }],
    [
      ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      OutOfOrderSequenceError,
      { code: 'OUT_OF_ORDER_SEQUENCE_NUMBER', abortable: false },
    ],
    [ErrorCode.UNKNOWN_PRODUCER_ID, OutOfOrderSequenceError, { code: 'UNKNOWN_PRODUCER_ID' }],
    [ErrorCode.PRODUCER_FENCED, ProducerFencedError, { code: 'PRODUCER_FENCED', fatal: true }],
    [
      ErrorCode.TRANSACTION_ABORTABLE,
      TransactionAbortableError,
      { code: 'TRANSACTION_ABORTABLE', abortable: true },
    ],
    [
      ErrorCode.REQUEST_TIMED_OUT,
      TimeoutError,
      { code: 'REQUEST_TIMED_OUT', phase: 'request', retriable: true, possiblyPersisted: true },
    ],
    [ErrorCode.NETWORK_EXCEPTION, NetworkError, { code: 'NETWORK_EXCEPTION', retriable: true }],
    [ErrorCode.UNSUPPORTED_VERSION, ProtocolError, { code: 'UNSUPPORTED_VERSION', retriable: false }],
    [
      ErrorCode.NOT_ENOUGH_REPLICAS,
      BrokerError,
      {
        code: 'NOT_ENOUGH_REPLICAS',
        errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
        retriable: true,
        possiblyPersisted: false,
      },
    ],
    [9_999, BrokerError, { code: 'UNKNOWN_9999', errorCode: 9_999, possiblyPersisted: true }],
  ])('makes an error of the right class from code %i', (code, leaf, details) => {
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

  it('has the retriable, fatal and possiblyPersisted flags of the table for every code', () => {
    for (const [code] of ERROR_CODES) {
      const { retriable, fatal, possiblyPersisted } = errorCode(code)
      expect(brokerError(code, produce)).toMatchObject({ retriable, fatal, possiblyPersisted })
    }
  })

  it('lets the caller override whether the records may be in the log', () => {
    expect(
      brokerError(ErrorCode.TOPIC_AUTHORIZATION_FAILED, { ...produce, possiblyPersisted: true })
        .possiblyPersisted,
    ).toBe(true)
    expect(
      brokerError(ErrorCode.REQUEST_TIMED_OUT, { ...produce, possiblyPersisted: false }).possiblyPersisted,
    ).toBe(false)
    expect(brokerError(ErrorCode.REQUEST_TIMED_OUT, { api: 'InitProducerId' }).possiblyPersisted).toBe(false)
  })

  it('is abortable only while a transaction is under way', () => {
    expect(brokerError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, produce).abortable).toBe(false)
    expect(
      brokerError(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, { ...produce, transactional: true }).abortable,
    ).toBe(true)
  })

  it('leaves out the facts that are not known', () => {
    const error = brokerError(ErrorCode.NOT_ENOUGH_REPLICAS, { api: 'Produce' })
    expect(error).toBeInstanceOf(KafkaError)
    expect(Object.keys(error)).not.toEqual(expect.arrayContaining(['topic']))
    expect(error.cause).toBeUndefined()
    const cause = new Error('first')
    expect(brokerError(ErrorCode.NOT_ENOUGH_REPLICAS, { api: 'Produce', cause }).cause).toBe(cause)
  })
})
