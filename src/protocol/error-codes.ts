import {
  ERROR_CODES,
  type ErrorCodeName,
  type ErrorCodeRow,
  type ProduceDisposition,
} from '../error-code-table.js'

export { ErrorCode, type ErrorCodeName, type ProduceDisposition } from '../error-code-table.js'

/** The meaning of one of Kafka's error codes. */
export interface ErrorCodeEntry {
  readonly code: number
  /** Kafka's own name; `UNKNOWN_<code>` for a code that is newer than this client. */
  readonly name: ErrorCodeName
  /** Whether the same request may succeed later: RetriableException in Java. */
  readonly retriable: boolean
  /** Whether the client's metadata is out of date: InvalidMetadataException in Java. */
  readonly refreshMetadata: boolean
  /** What the producer does with a batch when a Produce response has the code. */
  readonly produce: ProduceDisposition
  /** Whether the producer can do nothing more until something outside it changes. */
  readonly fatal: boolean
  /** Whether a transaction under way has to be aborted, after which the producer works again. */
  readonly abortable: boolean
  /** Whether the records may be in the log in spite of the error. See also {@link mayHaveBeenAppended}. */
  readonly possiblyPersisted: boolean
  /** What happened and what to do. Follows a colon in an error's message. */
  readonly meaning: string
}

const byCode: ReadonlyMap<number, ErrorCodeEntry> = new Map(ERROR_CODES.map((row) => [row[0], fromRow(row)]))

/** The entry of `code`. For a code that is not in the table, the records may be in the log. */
export function errorCode(code: number): ErrorCodeEntry {
  return byCode.get(code) ?? unknownCode(code)
}

/** Whether `code` is in the table. */
export function isKnownError(code: number): boolean {
  return byCode.has(code)
}

/**
 * Whether a batch may be in the log in spite of the error code in its result. The code alone does not decide.
 * A leader that has appended a batch and loses the partition while it waits for its followers answers
 * NOT_LEADER_OR_FOLLOWER, with the base offset beside the error.
 */
export function mayHaveBeenAppended(result: {
  readonly errorCode: number
  readonly baseOffset: bigint
}): boolean {
  return result.baseOffset >= 0n || errorCode(result.errorCode).possiblyPersisted
}

function fromRow([code, name, produce, meaning, ...flags]: ErrorCodeRow): ErrorCodeEntry {
  return {
    code,
    name,
    retriable: produce === 'retry' || produce === 'refresh',
    refreshMetadata: produce === 'refresh',
    produce,
    fatal: flags.includes('fatal'),
    abortable: flags.includes('abortable'),
    possiblyPersisted: flags.includes('possiblyPersisted'),
    meaning,
  }
}

function unknownCode(code: number): ErrorCodeEntry {
  const meaning = 'this client does not know the code; a newer version of it may'
  return fromRow([code, `UNKNOWN_${code}`, 'fail', meaning, 'possiblyPersisted'])
}
