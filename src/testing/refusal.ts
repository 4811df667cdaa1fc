import { ErrorCode } from '../protocol/error-codes.js'
import type { RecordErrorResult } from '../protocol/produce.js'

/** The reason why something is not appended. */
export interface Refusal {
  readonly errorCode: number
  /**
   * The reason in our words, for the response if Kafka's has a message, and otherwise for the broker's
   * events.
   */
  readonly reason: string
  /** Whether Kafka's response has a message with this error. For most errors it has none. */
  readonly tellsReason: boolean
  readonly recordErrors: readonly RecordErrorResult[]
  /** Whether Kafka's response has the log start offset with this error. */
  readonly tellsLogStart: boolean
}

/** A refusal with an error that Kafka expects. The response has only the code. */
export function refusal(errorCode: number, reason: string): Refusal {
  return { errorCode, reason, tellsReason: false, recordErrors: [], tellsLogStart: false }
}

/**
 * A refusal with an error that Kafka's log does not expect of a client (ReplicaManager.processFailedRecord).
 * The response has the log start offset.
 */
export function logRefusal(errorCode: number, reason: string): Refusal {
  return { ...refusal(errorCode, reason), tellsLogStart: true }
}

export function invalidRecord(reason: string): Refusal {
  return logRefusal(ErrorCode.INVALID_RECORD, reason)
}

/** A refusal where Kafka runs into an unforeseen exception. */
export function unexpected(reason: string): Refusal {
  return logRefusal(ErrorCode.UNKNOWN_SERVER_ERROR, reason)
}
