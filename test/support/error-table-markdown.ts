import { ERROR_CODES } from '../../src/protocol/error-code-table.js'
import { type ErrorCode, errorCode } from '../../src/protocol/error-codes.js'

/** The table of error codes for the documentation, a row per code. */
export function errorTableMarkdown(): string {
  const rows = ERROR_CODES.map(([code]) => rowOf(errorCode(code)))
  return [
    '| code | name | a batch | retriable | notes | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function rowOf({ code, name, produce, retriable, meaning, ...flags }: ErrorCode): string {
  const notes = [
    flags.fatal ? 'fatal' : '',
    flags.abortable ? 'abortable' : '',
    flags.possiblyPersisted ? 'possibly persisted' : '',
  ].filter((note) => note !== '')
  return `| ${code} | \`${name}\` | ${produce} | ${retriable ? 'yes' : 'no'} | ${notes.join(', ')} | ${meaning} |`
}
