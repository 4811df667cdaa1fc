import { KNOWN_DIFFERENCES } from './known-differences.js'

const FIRST_LINE = '<!-- known differences: made from test/comparison/known-differences.ts -->'
const LAST_LINE = '<!-- end of known differences -->'

/** The table for the documentation. */
export function knownDifferencesMarkdown(): string {
  const rows = KNOWN_DIFFERENCES.map(({ what, why, before, covers }) => {
    const versions = before === undefined ? 'all' : `before ${before}`
    return `| ${what} | ${versions} | ${covers === null ? 'not sent' : 'accounted for'} | ${why} |`
  })
  return ['| difference | Kafka | in a comparison | reason |', '|---|---|---|---|', ...rows].join('\n')
}

/** The document with the table between its two marks made anew. Throws if the marks are not there. */
export function withKnownDifferences(document: string): string {
  const from = document.indexOf(FIRST_LINE)
  const to = document.indexOf(LAST_LINE)
  if (from === -1 || to < from) throw new Error('the document has no place for the known differences')
  return `${document.slice(0, from)}${FIRST_LINE}\n\n${knownDifferencesMarkdown()}\n\n${document.slice(to)}`
}
