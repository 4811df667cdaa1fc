import {
  AuthenticationError,
  AuthorizationError,
  BrokerError,
  InvalidRecordError,
  InvalidTopicError,
  type KafkaError,
  type KafkaErrorCode,
  type KafkaErrorDetails,
  NetworkError,
  OutOfOrderSequenceError,
  ProducerFencedError,
  ProtocolError,
  RecordTooLargeError,
  TimeoutError,
  TransactionAbortableError,
} from '../errors.js'
import { type ErrorCodeEntry, errorCode } from './error-codes.js'

/** The circumstances of a broker's error. */
export interface BrokerErrorContext {
  /** The name of the API that answered, such as `Produce`. */
  readonly api: string
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  /** Any other subject, such as `transactional id "payments"`. */
  readonly subject?: string | undefined
  /** `host:port (node id)` */
  readonly broker?: string | undefined
  /** The text that the broker sent beside the code. */
  readonly brokerMessage?: string | null | undefined
  readonly attempts?: number | undefined
  /** Bytes of the record or batch, if the broker refused its size. */
  readonly size?: number | undefined
  /** Whether a transaction is under way. Only then can the error be abortable. */
  readonly transactional?: boolean | undefined
  /** Overrides the flag of the error code: an earlier attempt of the same batch may have been appended. */
  readonly possiblyPersisted?: boolean | undefined
  readonly cause?: unknown
}

/**
 * Makes an error from a code that a broker sent. The code decides the class. The message says what happened,
 * to which topic and partition, at which broker, and what to do.
 */
export function brokerError(code: number, context: BrokerErrorContext): KafkaError {
  const entry = errorCode(code)
  const message = messageOf(entry, context)
  const details = detailsOf(entry, context)
  switch (entry.name) {
    case 'TOPIC_AUTHORIZATION_FAILED':
    case 'GROUP_AUTHORIZATION_FAILED':
    case 'CLUSTER_AUTHORIZATION_FAILED':
    case 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED':
    case 'DELEGATION_TOKEN_AUTHORIZATION_FAILED':
      return new AuthorizationError(message, details)
    case 'SASL_AUTHENTICATION_FAILED':
    case 'UNSUPPORTED_SASL_MECHANISM':
    case 'ILLEGAL_SASL_STATE':
      return new AuthenticationError(message, details)
    case 'INVALID_TOPIC_EXCEPTION':
      return new InvalidTopicError(message, details)
    case 'MESSAGE_TOO_LARGE':
    case 'RECORD_LIST_TOO_LARGE':
      // The client's own limit and the broker's limit give the same code, because the caller's mistake is the
      // same.
      return new RecordTooLargeError(message, context.size ?? -1, -1, {
        ...details,
        code: 'RECORD_TOO_LARGE',
      })
    case 'INVALID_RECORD':
    case 'INVALID_TIMESTAMP':
      return new InvalidRecordError(message, details)
    case 'OUT_OF_ORDER_SEQUENCE_NUMBER':
    case 'UNKNOWN_PRODUCER_ID':
      return new OutOfOrderSequenceError(message, details)
    case 'PRODUCER_FENCED':
      return new ProducerFencedError(message, details)
    case 'TRANSACTION_ABORTABLE':
      return new TransactionAbortableError(message, { ...details, abortable: true })
    case 'REQUEST_TIMED_OUT':
      return new TimeoutError(message, 'request', details)
    case 'NETWORK_EXCEPTION':
      return new NetworkError(message, details)
    case 'UNSUPPORTED_VERSION':
      return new ProtocolError(message, details)
    default:
      return new BrokerError(message, code, details)
  }
}

function messageOf(entry: ErrorCodeEntry, context: BrokerErrorContext): string {
  const subject = subjectOf(context)
  const about = subject === '' ? '' : ` for ${subject}`
  const where = context.broker === undefined ? 'a broker' : `broker ${context.broker}`
  const tries =
    context.attempts !== undefined && context.attempts > 1 ? ` after ${context.attempts} attempts` : ''
  const said = context.brokerMessage ? ` (the broker says: ${context.brokerMessage})` : ''
  return `${where} answered ${context.api}${about} with ${entry.name}${tries}: ${entry.meaning}${said}`
}

function subjectOf({ topic, partition, subject = '' }: BrokerErrorContext): string {
  if (topic === undefined) return subject
  return partition === undefined ? `topic ${topic}` : `${topic}-${partition}`
}

function detailsOf(
  entry: ErrorCodeEntry,
  context: BrokerErrorContext,
): KafkaErrorDetails & { readonly code: KafkaErrorCode } {
  const { api, topic, partition, broker, attempts, cause } = context
  return {
    code: entry.name,
    retriable: entry.retriable,
    fatal: entry.fatal,
    abortable: entry.abortable && context.transactional === true,
    // No other API appends records to a log.
    possiblyPersisted: context.possiblyPersisted ?? (api === 'Produce' && entry.possiblyPersisted),
    ...(topic !== undefined && { topic }),
    ...(partition !== undefined && { partition }),
    ...(broker !== undefined && { broker }),
    ...(attempts !== undefined && { attempts }),
    ...(cause !== undefined && { cause }),
  }
}
