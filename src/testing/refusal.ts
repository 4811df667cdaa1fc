import type { RecordErrorResult } from '../protocol/produce.js'
import { ErrorCode } from './error-code.js'

/** Why something is not appended. */
export interface Refusal {
  readonly errorCode: number
  /** In our words: for the answer where Kafka's has a message, and for the broker's events otherwise. */
  readonly reason: string
  /** Whether Kafka's answer has a message beside the error code: for most errors it has none. */
  readonly tellsReason: boolean
  readonly recordErrors: readonly RecordErrorResult[]
  /** Whether Kafka tells the log start offset with this error. */
  readonly tellsLogStart: boolean
}

/** Of errors that Kafka expects: the answer says no more than the code. */
export function refusal(errorCode: number, reason: string): Refusal {
  return { errorCode, reason, tellsReason: false, recordErrors: [], tellsLogStart: false }
}

/** Of errors that Kafka's log does not expect of a client (ReplicaManager.processFailedRecord): the answer says where the log starts. */
export function logRefusal(errorCode: number, reason: string): Refusal {
  return { ...refusal(errorCode, reason), tellsLogStart: true }
}

export function invalidRecord(reason: string): Refusal {
  return logRefusal(ErrorCode.INVALID_RECORD, reason)
}

/** Where Kafka runs into an exception that nobody has thought of. */
export function unexpected(reason: string): Refusal {
  return logRefusal(ErrorCode.UNKNOWN_SERVER_ERROR, reason)
}
