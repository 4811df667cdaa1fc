import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/error-code-table.js'
import { ErrorCode, errorCode, mayHaveBeenAppended } from '../../../src/protocol/error-codes.js'
import { errorTableMarkdown, withErrorTable } from '../../support/error-table-markdown.js'
import { read } from '../project/tree.js'

const namesOf = (wanted: (entry: ReturnType<typeof errorCode>) => boolean) =>
  ERROR_CODES.map(([code]) => errorCode(code))
    .filter(wanted)
    .map(({ name }) => name)

describe('the table of error codes', () => {
  it('has every code from -1 on once, in order', () => {
    expect(ERROR_CODES.map(([code]) => code)).toEqual(ERROR_CODES.map((_, index) => index - 1))
    expect(new Set(ERROR_CODES.map(([, name]) => name)).size).toBe(ERROR_CODES.length)
  })

  it('gives every code by its name in ErrorCode', () => {
    expect(ErrorCode.UNKNOWN_SERVER_ERROR).toBe(-1)
    expect(ErrorCode.NOT_LEADER_OR_FOLLOWER).toBe(6)
    expect(ErrorCode.SHARE_SESSION_LIMIT_REACHED).toBe(133)
    expect(Object.entries(ErrorCode)).toEqual(ERROR_CODES.map(([code, name]) => [name, code]))
    expect(Object.keys(ErrorCode).map((name) => errorCode(Reflect.get(ErrorCode, name)).name)).toEqual(
      ERROR_CODES.map(([, name]) => name),
    )
  })

  it('has a meaning for each code that can end a sentence', () => {
    for (const [, , , meaning] of ERROR_CODES) expect(meaning).toMatch(/^[a-z].{5,}[^.]$/)
  })

  it('decides what happens to a batch', () => {
    const dispositions = ['success', 'duplicate', 'split', 'sequence', 'newIdentity'] as const
    expect(dispositions.map((disposition) => namesOf(({ produce }) => produce === disposition))).toEqual([
      ['NONE'],
      ['DUPLICATE_SEQUENCE_NUMBER'],
      ['MESSAGE_TOO_LARGE'],
      ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'],
      ['INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING'],
    ])
  })

  it('marks the errors that leave a batch in doubt and those that end the producer', () => {
    expect(namesOf(({ possiblyPersisted }) => possiblyPersisted)).toEqual([
      'UNKNOWN_SERVER_ERROR',
      'REQUEST_TIMED_OUT',
      'NETWORK_EXCEPTION',
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
      'KAFKA_STORAGE_ERROR',
    ])
    expect(namesOf(({ fatal }) => fatal)).toEqual([
      'CLUSTER_AUTHORIZATION_FAILED',
      'UNSUPPORTED_SASL_MECHANISM',
      'ILLEGAL_SASL_STATE',
      'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
      'SASL_AUTHENTICATION_FAILED',
      'PRODUCER_FENCED',
    ])
  })

  it('takes an unknown code for a failure that leaves the batch in doubt', () => {
    expect(errorCode(9_999)).toMatchObject({
      ...{ code: 9_999, name: 'UNKNOWN_9999', retriable: false, refreshMetadata: false },
      ...{ produce: 'fail', fatal: false, abortable: false, possiblyPersisted: true },
    })
    expect(errorCode(-7).name).toBe('UNKNOWN_-7')
  })

  // `--update` writes this part of the file again.
  it('is the table in docs/error-codes.md', async () => {
    await expect(withErrorTable(read('docs/error-codes.md'))).toMatchFileSnapshot(
      '../../../docs/error-codes.md',
    )
  })

  it('can be read as a document', () => {
    const lines = errorTableMarkdown().split('\n')
    expect(lines).toHaveLength(ERROR_CODES.length + 2)
    expect(lines).toContain(
      '| 20 | `NOT_ENOUGH_REPLICAS_AFTER_APPEND` | retry | yes | possibly persisted | written by the leader, ' +
        'but fewer replicas are in sync than min.insync.replicas asks for |',
    )
  })
})

describe('a batch with an error', () => {
  it('may be in the log if the code leaves it open or a base offset is in the result', () => {
    expect(mayHaveBeenAppended({ errorCode: ErrorCode.REQUEST_TIMED_OUT, baseOffset: -1n })).toBe(true)
    expect(mayHaveBeenAppended({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS, baseOffset: -1n })).toBe(false)
    expect(mayHaveBeenAppended({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: -1n })).toBe(false)
    expect(mayHaveBeenAppended({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: 0n })).toBe(true)
    expect(mayHaveBeenAppended({ errorCode: 12_345, baseOffset: -1n })).toBe(true)
  })
})
