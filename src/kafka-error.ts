import { inspect, types } from 'node:util'
import type { ErrorCodeName } from './error-code-table.js'
import type { TlsErrorCode } from './tls-error-codes.js'

/** Codes of errors that the client finds without a broker's answer. */
type ClientErrorCode =
  | 'ABORTED'
  | 'ADMIN_CLOSED'
  | 'BUFFER_EXHAUSTED'
  | 'CLIENT_CLOSED'
  | 'COMPRESSION'
  | 'NETWORK'
  | 'PRODUCER_CLOSED'
  | 'PROTOCOL'
  | 'RECORD_TOO_LARGE'
  | 'RESPONSE_TOO_LARGE'
  | 'SERIALIZATION'
  | 'TIMEOUT'
  | TlsErrorCode
  | 'UNEXPECTED'

/**
 * Every `code` of an error: Kafka's names, `UNKNOWN_<number>` for a broker's code that this version does not
 * know, and the client's own.
 */
export type KafkaErrorCode = ErrorCodeName | ClientErrorCode

/** The facts that an error of this package carries beside its message. */
export interface KafkaErrorDetails {
  /** A stable string to branch on: Kafka's own name of a broker's error, except for `RECORD_TOO_LARGE`. */
  readonly code?: KafkaErrorCode | undefined
  /** The same call may succeed later although the caller changes nothing. */
  readonly retriable?: boolean | undefined
  /**
   * Sends fail until something outside the producer changes: credentials, a certificate, a setting of the
   * broker, rights. The producer stays usable, and the next send tries again.
   */
  readonly fatal?: boolean | undefined
  /** The transaction under way must be aborted. After that the producer works again. */
  readonly abortable?: boolean | undefined
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  /** `host:port (node id)` of the broker that answered or failed. */
  readonly broker?: string | undefined
  /** How often the request was sent, the first attempt included. */
  readonly attempts?: number | undefined
  /** Whether the record may be in the log. False only if the record is certainly not in it. */
  readonly possiblyPersisted?: boolean | undefined
  readonly cause?: unknown
}

/** The base of every error that this package gives to its user. */
export class KafkaError extends Error {
  override readonly name: string = 'KafkaError'
  /** A stable string to branch on: Kafka's own name of a broker's error, except for `RECORD_TOO_LARGE`. */
  readonly code: KafkaErrorCode
  /** The same call may succeed later although the caller changes nothing. */
  readonly retriable: boolean
  /**
   * Sends fail until something outside the producer changes: credentials, a certificate, a setting of the
   * broker, rights. The producer stays usable, and the next send tries again.
   */
  readonly fatal: boolean
  /** The transaction under way must be aborted. After that the producer works again. */
  readonly abortable: boolean
  /** Whether the record may be in the log. False only if the record is certainly not in it. */
  readonly possiblyPersisted: boolean
  // Declared without a value: an absent property keeps an inspected error short.
  declare readonly topic?: string | undefined
  declare readonly partition?: number | undefined
  /** `host:port (node id)` of the broker that answered or failed. */
  declare readonly broker?: string | undefined
  /** How often the request was sent, the first attempt included. */
  declare readonly attempts?: number | undefined

  constructor(message: string, details: KafkaErrorDetails & { readonly code: KafkaErrorCode }) {
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

  /**
   * The error with its message and its causes. JSON.stringify alone leaves out both, because they are not
   * enumerable.
   */
  toJSON(): object {
    const { name, message, cause, ...said } = { ...this, message: this.message, cause: this.cause }
    return { name, message, ...said, ...(cause !== undefined && { cause: causeForJson(cause) }) }
  }
}

/**
 * The details, with a class's own where they say nothing.
 *
 * The fields are named one by one, because a spread with a field behind it makes objects that V8 keeps until
 * the next full collection. Refused sends make errors by the million.
 */
export function withDefaults(
  details: KafkaErrorDetails,
  defaults: KafkaErrorDetails & { readonly code: KafkaErrorCode },
): KafkaErrorDetails & { readonly code: KafkaErrorCode } {
  return {
    code: details.code ?? defaults.code,
    retriable: details.retriable ?? defaults.retriable,
    fatal: details.fatal ?? defaults.fatal,
    abortable: details.abortable ?? defaults.abortable,
    topic: details.topic,
    partition: details.partition,
    broker: details.broker,
    attempts: details.attempts,
    possiblyPersisted: details.possiblyPersisted,
    cause: details.cause,
  }
}

/**
 * JSON for a cause, which may be anything. An error of another library has no enumerable properties, so these
 * are read by name. Other objects may not fit into JSON.
 */
function causeForJson(cause: unknown): unknown {
  if (cause instanceof KafkaError) return cause
  if (typeof cause !== 'object') return String(cause)
  // The reason of an AbortSignal is a DOMException, which is not a native error.
  if (cause instanceof DOMException) return { name: cause.name, message: cause.message }
  if (!types.isNativeError(cause)) return inspect(cause, { breakLength: Number.POSITIVE_INFINITY })
  const { name, message } = cause
  return { name, message, ...('code' in cause && { code: String(cause.code) }) }
}
