import { KafkaError, type KafkaErrorCode, type KafkaErrorDetails, withDefaults } from './kafka-error.js'

export { KafkaError, type KafkaErrorCode, type KafkaErrorDetails }

/** One setting, or one argument of a call, that is wrong. */
export interface ConfigProblem {
  /** The key or argument as the caller wrote it. */
  readonly key: string
  /** The key, its value, and the rule that the value breaks. */
  readonly message: string
}

/**
 * A configuration or an argument that cannot be used. The message names everything that is wrong with it.
 * Code `INVALID_CONFIG`.
 */
export class ConfigError extends KafkaError {
  override readonly name: string = 'ConfigError'
  /** The first wrong key, as the caller wrote it. */
  readonly key: string
  /** Every problem that was found, the first included. */
  declare readonly problems: readonly ConfigProblem[]

  constructor(key: string, message: string, cause?: unknown, problems?: readonly ConfigProblem[]) {
    super(message, { code: 'INVALID_CONFIG', cause })
    this.key = key
    // Not enumerable, so that an inspected error stays short: the message says the same.
    Object.defineProperty(this, 'problems', { value: Object.freeze(problems ?? [{ key, message }]) })
  }
}

/** A key, a value or a header could not be turned into bytes. Code `SERIALIZATION`. */
export class SerializationError extends KafkaError {
  override readonly name: string = 'SerializationError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'SERIALIZATION' }))
  }
}

/**
 * What a `TimeoutError` waited for:
 *
 * - `metadata`: a topic's partitions, any broker, or a producer id;
 * - `buffer`: room in `buffer.memory`;
 * - `queue`: the turn of the record's batch; no request carried it when `delivery.timeout.ms` was over;
 * - `in-flight`: the response to the Produce request that carried the record;
 * - `transaction`: reserved for transactions;
 * - `flush`: the records of a `flush()`;
 * - `close`: reserved for `close()`;
 * - `request`: the response to any other request, or a connection.
 */
export type TimeoutPhase =
  | 'metadata'
  | 'buffer'
  | 'queue'
  | 'in-flight'
  | 'transaction'
  | 'flush'
  | 'close'
  | 'request'

/** Something did not happen in time. `phase` says what the call or the record waited for. Code `TIMEOUT`. */
export class TimeoutError extends KafkaError {
  override readonly name: string = 'TimeoutError'
  readonly phase: TimeoutPhase

  constructor(message: string, phase: TimeoutPhase, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'TIMEOUT', retriable: true }))
    this.phase = phase
  }
}

/** `buffer.memory` had no room for the record within `max.block.ms`. Code `BUFFER_EXHAUSTED`. */
export class BufferExhaustedError extends TimeoutError {
  override readonly name: string = 'BufferExhaustedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, 'buffer', withDefaults(details, { code: 'BUFFER_EXHAUSTED' }))
  }
}

/**
 * A record is larger than `max.request.size`, `buffer.memory` or the broker's limit allows. Code
 * `RECORD_TOO_LARGE`, from the client and from the broker alike.
 */
export class RecordTooLargeError extends KafkaError {
  override readonly name: string = 'RecordTooLargeError'
  /**
   * Bytes of the record, as the limit counts them, or of its batch if the batch could not be split; -1 if
   * unknown.
   */
  readonly size: number
  /** The limit in bytes; -1 if only the broker knows it. */
  readonly limit: number

  constructor(message: string, size: number, limit: number, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'RECORD_TOO_LARGE' }))
    this.size = size
    this.limit = limit
  }
}

/** Kafka does not allow the topic's name. Code `INVALID_TOPIC_EXCEPTION`, which is Kafka's. */
export class InvalidTopicError extends KafkaError {
  override readonly name: string = 'InvalidTopicError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'INVALID_TOPIC_EXCEPTION' }))
  }
}

/**
 * The record cannot be sent as it is, or the broker refused it (KIP-467). Code `INVALID_RECORD`, or
 * `INVALID_TIMESTAMP` if the broker refused its timestamp.
 */
export class InvalidRecordError extends KafkaError {
  override readonly name: string = 'InvalidRecordError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'INVALID_RECORD' }))
  }
}

/**
 * One side does not accept who the other one is.
 *
 * - `SASL_AUTHENTICATION_FAILED`: the broker does not accept the credentials, or the client has none that it
 *   can send, such as no token or an expired one. The message says which;
 * - `UNSUPPORTED_SASL_MECHANISM`: the broker does not offer this SASL mechanism;
 * - `ILLEGAL_SASL_STATE`: the listener does not use SASL.
 *
 * For TLS:
 *
 * - `TLS_AUTHORITY_UNKNOWN`: the broker's certificate comes from an authority that is not trusted;
 * - `TLS_HOST_MISMATCH`: the broker's certificate is for other names;
 * - `TLS_CERTIFICATE_EXPIRED`: the broker's certificate has expired, or is not valid yet;
 * - `TLS_CERTIFICATE_INVALID`: the broker's certificate is refused for another reason;
 * - `TLS_CLIENT_CERTIFICATE`: the broker wants a certificate of the client, or refuses the one it got;
 * - `TLS_NOT_NEGOTIATED`: no version of TLS or no cipher suite is common to both sides;
 * - `TLS_REQUIRED`: the broker speaks TLS, and the connection is not encrypted;
 * - `TLS_SETTINGS`: the function tls gave options that cannot be used.
 */
export class AuthenticationError extends KafkaError {
  override readonly name: string = 'AuthenticationError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'SASL_AUTHENTICATION_FAILED', fatal: true }))
  }
}

/**
 * The broker accepts the credentials but does not allow the operation. The code is Kafka's, such as
 * `TOPIC_AUTHORIZATION_FAILED`.
 */
export class AuthorizationError extends KafkaError {
  override readonly name: string = 'AuthorizationError'

  constructor(message: string, details: KafkaErrorDetails & { readonly code: KafkaErrorCode }) {
    super(message, details)
  }
}

/** A connection could not be made, or was lost. Code `NETWORK`. */
export class NetworkError extends KafkaError {
  override readonly name: string = 'NetworkError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'NETWORK', retriable: true }))
  }
}

/**
 * A broker's bytes make no sense, no version of an API is known to both sides, or a response is larger than
 * `maxResponseBytes`. Code `PROTOCOL`, `UNSUPPORTED_VERSION` or `RESPONSE_TOO_LARGE`.
 */
export class ProtocolError extends KafkaError {
  override readonly name: string = 'ProtocolError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'PROTOCOL' }))
  }
}

/** Any other error code that a broker sent. `code` is Kafka's name for it. */
export class BrokerError extends KafkaError {
  override readonly name: string = 'BrokerError'
  /** Kafka's number of the error code. */
  readonly errorCode: number

  constructor(
    message: string,
    errorCode: number,
    details: KafkaErrorDetails & { readonly code: KafkaErrorCode },
  ) {
    super(message, details)
    this.errorCode = errorCode
  }
}

/**
 * The broker's log does not continue with this record: records before it are missing. Code
 * `OUT_OF_ORDER_SEQUENCE_NUMBER` or `UNKNOWN_PRODUCER_ID`.
 */
export class OutOfOrderSequenceError extends KafkaError {
  override readonly name: string = 'OutOfOrderSequenceError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'OUT_OF_ORDER_SEQUENCE_NUMBER' }))
  }
}

/** Another producer with the same transactional id has taken over. Code `PRODUCER_FENCED`. */
export class ProducerFencedError extends KafkaError {
  override readonly name: string = 'ProducerFencedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'PRODUCER_FENCED', fatal: true }))
  }
}

/** The transaction can no longer be committed. Abort it. Code `TRANSACTION_ABORTABLE`. */
export class TransactionAbortableError extends KafkaError {
  override readonly name: string = 'TransactionAbortableError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'TRANSACTION_ABORTABLE', abortable: true }))
  }
}

/** The producer was closed before the record had an outcome, or before the call. Code `PRODUCER_CLOSED`. */
export class ProducerClosedError extends KafkaError {
  override readonly name: string = 'ProducerClosedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'PRODUCER_CLOSED' }))
  }
}

/** The caller's AbortSignal fired. `cause` is the signal's reason. Code `ABORTED`. */
export class AbortError extends KafkaError {
  override readonly name: string = 'AbortError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, withDefaults(details, { code: 'ABORTED' }))
  }
}
