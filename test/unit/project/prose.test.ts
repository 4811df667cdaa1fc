import { describe, expect, it } from 'vitest'
import { filesUnder, read } from './tree.js'

/** The longest line of prose, in columns. */
const COLUMNS = 110

const documents = filesUnder('').filter((path) => path.endsWith('.md'))

/** Tables, code and links cannot be wrapped. */
function isProse(line: string): boolean {
  const isTable = /^\s*\|/.test(line)
  const isOneLink = /^\s*(?:[-*] |\d+\. )?(?:<\S+>|\[[^\]]*\]\(\S+\)|\[[^\]]+\]: \S+)[.,;:]?$/.test(line)
  return !isTable && !isOneLink
}

/** The lines of prose that are too long, each with its number. */
function tooLong(text: string): string[] {
  // Code keeps its lines, so that the numbers stay right.
  const withoutCode = text.replace(/^ *```[\s\S]*?^ *```$/gm, (block) => block.replace(/[^\n]/g, ''))
  return withoutCode
    .split('\n')
    .map((line, i) => ({ line, number: i + 1 }))
    .filter(({ line }) => isProse(line) && [...line].length > COLUMNS)
    .map(({ line, number }) => `${number}: ${line}`)
}

describe('the prose of the documents', () => {
  it.each(documents)(`of %s has lines of ${COLUMNS} columns at the most`, (path) => {
    expect(tooLong(read(path))).toEqual([])
  })

  it('would be found out if a line were longer', () => {
    const long = `${'word '.repeat(COLUMNS / 5)}.`
    expect(tooLong(`A title\n\n${long}`)).toEqual([`3: ${long}`])
    expect(tooLong(`- ${long}`)).toHaveLength(1)
    expect(tooLong(`See [a](b.md). ${long}`)).toHaveLength(1)
    expect(tooLong(long.slice(0, COLUMNS))).toEqual([])
    expect(tooLong(`\`\`\`sh\n${long}\n\`\`\`\n${long}`)).toEqual([`4: ${long}`])
  })

  it('does not include tables, code and lines that are one link', () => {
    const address = `https://kafka.apache.org/${'x'.repeat(COLUMNS)}`
    const links = [`<${address}>`, `- [a title](${address})`, `[name]: ${address}`]
    for (const line of [...links, `| ${address} |`, `\`\`\`sh\n${address} and more\n\`\`\``])
      expect(tooLong(line)).toEqual([])
  })
})
