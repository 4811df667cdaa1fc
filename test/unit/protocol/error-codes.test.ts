import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/protocol/error-code-table.js'
import { errorCode, mayHaveBeenAppended } from '../../../src/protocol/error-codes.js'
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

  it('says what each means, as the end of a sentence', () => {
    for (const [, , , meaning] of ERROR_CODES) expect(meaning).toMatch(/^[a-z].{5,}[^.]$/)
  })

  it('decides what becomes of a batch', () => {
    const dispositions = ['success', 'duplicate', 'split', 'sequence', 'newIdentity'] as const
    expect(dispositions.map((disposition) => namesOf(({ produce }) => produce === disposition))).toEqual([
      ['NONE'],
      ['DUPLICATE_SEQUENCE_NUMBER'],
      ['MESSAGE_TOO_LARGE'],
      ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'],
      ['INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_ID_MAPPING'],
    ])
  })

  it('knows which errors leave a batch in doubt, and which end the producer', () => {
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

  it('has an entry for a code that is not in it: failed, and in doubt', () => {
    expect(errorCode(9_999)).toMatchObject({
      ...{ code: 9_999, name: 'UNKNOWN_9999', retriable: false, refreshMetadata: false },
      ...{ produce: 'fail', fatal: false, abortable: false, possiblyPersisted: true },
    })
    expect(errorCode(-7).name).toBe('UNKNOWN_-7')
  })

  // `--update` makes the part of the file again.
  it('stands in DESIGN.md as it is', async () => {
    await expect(withErrorTable(read('DESIGN.md'))).toMatchFileSnapshot('../../../DESIGN.md')
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

describe('a batch that got an error', () => {
  it('may be in the log if the code leaves it open, or if an offset stands beside it', () => {
    expect(mayHaveBeenAppended({ errorCode: 7, baseOffset: -1n })).toBe(true)
    expect(mayHaveBeenAppended({ errorCode: 19, baseOffset: -1n })).toBe(false)
    expect(mayHaveBeenAppended({ errorCode: 6, baseOffset: -1n })).toBe(false)
    expect(mayHaveBeenAppended({ errorCode: 6, baseOffset: 0n })).toBe(true)
    expect(mayHaveBeenAppended({ errorCode: 12_345, baseOffset: -1n })).toBe(true)
  })
})
