import { ERROR_CODES } from '../../src/error-code-table.js'
import { type ErrorCodeEntry, errorCode } from '../../src/protocol/error-codes.js'

const FIRST_LINE = '<!-- error codes: made from src/error-code-table.ts -->'
const LAST_LINE = '<!-- end of error codes -->'

/** The document with a new table of error codes between its two marks. Throws if a mark is missing. */
export function withErrorTable(document: string): string {
  const from = document.indexOf(FIRST_LINE)
  const to = document.indexOf(LAST_LINE)
  if (from === -1 || to < from) throw new Error('the document has no place for the error codes')
  return `${document.slice(0, from)}${FIRST_LINE}\n\n${errorTableMarkdown()}\n\n${document.slice(to)}`
}

/** The table of error codes for the documentation, a row per code. */
export function errorTableMarkdown(): string {
  const rows = ERROR_CODES.map(([code]) => rowOf(errorCode(code)))
  return [
    '| code | name | a batch | retriable | notes | meaning |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function rowOf({ code, name, produce, retriable, meaning, ...flags }: ErrorCodeEntry): string {
  const notes = [
    flags.fatal ? 'fatal' : '',
    flags.abortable ? 'abortable' : '',
    flags.possiblyPersisted ? 'possibly persisted' : '',
  ].filter((note) => note !== '')
  return `| ${code} | \`${name}\` | ${produce} | ${retriable ? 'yes' : 'no'} | ${notes.join(', ')} | ${meaning} |`
}
