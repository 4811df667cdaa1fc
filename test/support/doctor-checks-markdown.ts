import { checks } from '../../src/doctor/checks.js'

const FIRST_LINE = '<!-- checks: made from src/doctor/checks.ts -->'
const LAST_LINE = '<!-- end of checks -->'

/** The table for the documentation. */
export function checksMarkdown(): string {
  const rows = Object.entries(checks).map(
    ([name, { title, asks, how }]) => `| \`${name}\` | ${title} | ${asks} | ${how} |`,
  )
  return [
    '| in JSON | in the output | question | how it is answered |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

/** The document with the table between its two marks made anew. Throws if the marks are not there. */
export function withChecks(document: string): string {
  const from = document.indexOf(FIRST_LINE)
  const to = document.indexOf(LAST_LINE)
  if (from === -1 || to < from) throw new Error('the document has no place for the checks')
  return `${document.slice(0, from)}${FIRST_LINE}\n\n${checksMarkdown()}\n\n${document.slice(to)}`
}
