/**
 * What every error of this package says about itself.
 */
export interface KafkaErrorDetails {
  /** A stable string to branch on. An error that a broker sent keeps Kafka's own name. */
  readonly code?: string
  /** The same call may succeed later without a change by the caller. */
  readonly retriable?: boolean
  /** Nothing more comes of this producer unless something changes outside it (rights, credentials, another producer): close it. */
  readonly fatal?: boolean
  /** The transaction under way must be aborted, after which the producer works again. */
  readonly abortable?: boolean
  readonly topic?: string
  readonly partition?: number
  /** `host:port (node id)` of the broker that answered or failed. */
  readonly broker?: string
  /** How often the request was sent, the first time included. */
  readonly attempts?: number
  /** False only if the record is certainly not in the log. */
  readonly possiblyPersisted?: boolean
  readonly cause?: unknown
}

/** The base of every error this package gives to its user. */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError'
  readonly code: string
  readonly retriable: boolean
  readonly fatal: boolean
  readonly abortable: boolean
  readonly possiblyPersisted: boolean
  // Declared only: without a value the properties are absent, so an inspected error stays short.
  declare readonly topic?: string
  declare readonly partition?: number
  declare readonly broker?: string
  declare readonly attempts?: number

  constructor(message: string, details: KafkaErrorDetails & { readonly code: string }) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = details.code
    this.retriable = details.retriable ?? false
    this.fatal = details.fatal ?? false
    this.abortable = details.abortable ?? false
    this.possiblyPersisted = details.possiblyPersisted ?? false
    if (details.topic !== undefined) this.topic = details.topic
    if (details.partition !== undefined) this.partition = details.partition
    if (details.broker !== undefined) this.broker = details.broker
    if (details.attempts !== undefined) this.attempts = details.attempts
  }
}

/** A configuration that cannot be used; the message names the key, the value and the rule. Code `INVALID_CONFIG`. */
export class ConfigError extends KafkaError {
  override readonly name: string = 'ConfigError'
  /** The key as the caller wrote it. */
  readonly key: string

  constructor(key: string, message: string, cause?: unknown) {
    super(message, { code: 'INVALID_CONFIG', cause })
    this.key = key
  }
}

/** A key, a value or a header could not be turned into bytes. Code `SERIALIZATION`. */
export class SerializationError extends KafkaError {
  override readonly name: string = 'SerializationError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'SERIALIZATION', ...details })
  }
}

/** Where the time of a send that timed out was spent. */
export type TimeoutPhase =
  | 'metadata'
  | 'buffer'
  | 'queue'
  | 'in-flight'
  | 'transaction'
  | 'flush'
  | 'close'
  | 'request'

/** Something did not happen in time; `phase` says what was waited for. Code `TIMEOUT`. */
export class TimeoutError extends KafkaError {
  override readonly name: string = 'TimeoutError'
  readonly phase: TimeoutPhase

  constructor(message: string, phase: TimeoutPhase, details: KafkaErrorDetails = {}) {
    super(message, { code: 'TIMEOUT', retriable: true, ...details })
    this.phase = phase
  }
}

/** No room within `buffer.memory` for the record. Code `BUFFER_EXHAUSTED`. */
export class BufferExhaustedError extends TimeoutError {
  override readonly name: string = 'BufferExhaustedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, 'buffer', { code: 'BUFFER_EXHAUSTED', ...details })
  }
}

/** A record larger than `max.request.size`, `buffer.memory` or what the broker takes. Code `RECORD_TOO_LARGE`. */
export class RecordTooLargeError extends KafkaError {
  override readonly name: string = 'RecordTooLargeError'
  /** The record's size in bytes, as the limit counts it. */
  readonly size: number
  /** The limit in bytes; -1 where only the broker knows it. */
  readonly limit: number

  constructor(message: string, size: number, limit: number, details: KafkaErrorDetails = {}) {
    super(message, { code: 'RECORD_TOO_LARGE', ...details })
    this.size = size
    this.limit = limit
  }
}

/** A topic name that Kafka does not allow. Code `INVALID_TOPIC_EXCEPTION`, as Kafka names it. */
export class InvalidTopicError extends KafkaError {
  override readonly name: string = 'InvalidTopicError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'INVALID_TOPIC_EXCEPTION', ...details })
  }
}

/** A record that cannot be sent as it is, or that the broker refused by itself (KIP-467). Code `INVALID_RECORD`. */
export class InvalidRecordError extends KafkaError {
  override readonly name: string = 'InvalidRecordError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'INVALID_RECORD', ...details })
  }
}

/** The broker did not accept who we say we are. */
export class AuthenticationError extends KafkaError {
  override readonly name: string = 'AuthenticationError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'SASL_AUTHENTICATION_FAILED', fatal: true, ...details })
  }
}

/** The broker knows who we are and does not allow it. The code is Kafka's, such as `TOPIC_AUTHORIZATION_FAILED`. */
export class AuthorizationError extends KafkaError {
  override readonly name: string = 'AuthorizationError'

  constructor(message: string, details: KafkaErrorDetails & { readonly code: string }) {
    super(message, details)
  }
}

/** A connection could not be made, or was lost. Code `NETWORK`. */
export class NetworkError extends KafkaError {
  override readonly name: string = 'NetworkError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'NETWORK', retriable: true, ...details })
  }
}

/** A broker's bytes make no sense, or no version of an API is known to both sides. Code `PROTOCOL`. */
export class ProtocolError extends KafkaError {
  override readonly name: string = 'ProtocolError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'PROTOCOL', ...details })
  }
}

/** Any other error that a broker sent; `code` is Kafka's name for it, `errorCode` its number. */
export class BrokerError extends KafkaError {
  override readonly name: string = 'BrokerError'
  readonly errorCode: number

  constructor(message: string, errorCode: number, details: KafkaErrorDetails & { readonly code: string }) {
    super(message, details)
    this.errorCode = errorCode
  }
}

/** The broker misses records before this one. Code `OUT_OF_ORDER_SEQUENCE_NUMBER`. */
export class OutOfOrderSequenceError extends KafkaError {
  override readonly name: string = 'OutOfOrderSequenceError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'OUT_OF_ORDER_SEQUENCE_NUMBER', ...details })
  }
}

/** Another producer with the same transactional id has taken over. Code `PRODUCER_FENCED`. */
export class ProducerFencedError extends KafkaError {
  override readonly name: string = 'ProducerFencedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'PRODUCER_FENCED', fatal: true, ...details })
  }
}

/** The transaction cannot be committed any more; abort it. Code `TRANSACTION_ABORTABLE`. */
export class TransactionAbortableError extends KafkaError {
  override readonly name: string = 'TransactionAbortableError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'TRANSACTION_ABORTABLE', abortable: true, ...details })
  }
}

/** The producer was closed before the record had an outcome, or before the call. Code `PRODUCER_CLOSED`. */
export class ProducerClosedError extends KafkaError {
  override readonly name: string = 'ProducerClosedError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'PRODUCER_CLOSED', ...details })
  }
}

/** The caller's AbortSignal fired; `cause` is the signal's reason. Code `ABORTED`. */
export class AbortError extends KafkaError {
  override readonly name: string = 'AbortError'

  constructor(message: string, details: KafkaErrorDetails = {}) {
    super(message, { code: 'ABORTED', ...details })
  }
}
