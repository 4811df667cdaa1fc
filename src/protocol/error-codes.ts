import { ERROR_CODES, type ErrorCodeRow, type ProduceDisposition } from './error-code-table.js'

export type { ProduceDisposition } from './error-code-table.js'

/** What is known of one of Kafka's error codes. */
export interface ErrorCode {
  readonly code: number
  /** Kafka's own name; `UNKNOWN_<code>` for one that is newer than this client. */
  readonly name: string
  /** The request may succeed when sent again unchanged: RetriableException in Java. */
  readonly retriable: boolean
  /** What the client knows of the cluster is out of date: InvalidMetadataException in Java. */
  readonly refreshMetadata: boolean
  /** What becomes of a batch that gets it in a Produce response. */
  readonly produce: ProduceDisposition
  /** The producer is of no use any more. */
  readonly fatal: boolean
  /** Inside a transaction: it has to be aborted, and then the producer works again. */
  readonly abortable: boolean
  /** The records may be in the log all the same. See also {@link mayHaveBeenAppended}. */
  readonly possiblyPersisted: boolean
  /** What it means and what to do, to stand behind a colon. */
  readonly meaning: string
}

export const NO_ERROR = 0

const byCode: ReadonlyMap<number, ErrorCode> = new Map(ERROR_CODES.map((row) => [row[0], fromRow(row)]))

/** The entry of `code`. A code that is not in the table tells nothing, so the records may be in the log. */
export function errorCode(code: number): ErrorCode {
  return byCode.get(code) ?? unknownCode(code)
}

/**
 * Whether a batch may be in the log in spite of the error it got. The code alone does not tell: a leader that has appended a
 * batch and loses the partition while it waits for its followers answers NOT_LEADER_OR_FOLLOWER as well, and then the base offset
 * stands beside the error.
 */
export function mayHaveBeenAppended(result: {
  readonly errorCode: number
  readonly baseOffset: bigint
}): boolean {
  return result.baseOffset >= 0n || errorCode(result.errorCode).possiblyPersisted
}

function fromRow([code, name, produce, meaning, ...flags]: ErrorCodeRow): ErrorCode {
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

function unknownCode(code: number): ErrorCode {
  const meaning = 'this client does not know the code; a newer version of it may'
  return fromRow([code, `UNKNOWN_${code}`, 'fail', meaning, 'possiblyPersisted'])
}
