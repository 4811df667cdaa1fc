import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { read, root, withoutComments } from './tree.js'

/** A row of a table: what it is about, and its last cell. */
interface Row {
  readonly about: string
  readonly shownBy: string
}

/** A test that the document names. */
interface NamedTest {
  readonly file: string
  readonly name: string
}

/** The reason why a row has no test. */
const WITHOUT = /^No test: \S.*\.$/

function rowsOf(document: string): Row[] {
  return document
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line) && !/\| shown by \|$/.test(line))
    .map((line) => {
      const cells = line.slice(2, -2).split(' | ')
      return { about: cells[0] ?? '', shownBy: cells.at(-1) ?? '' }
    })
}

function testsIn(cell: string): NamedTest[] {
  return [...cell.matchAll(/`([\w/-]+)` › `([^`]+)`/g)].map(([, path = '', name = '']) => ({
    file: `test/${path}.test.ts`,
    name,
  }))
}

/** The names of the tests and of their groups in a source. */
function namesIn(source: string): Set<string> {
  const titles = withoutComments(source).matchAll(/\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1,\s*(?:\w|\(|\{)/g)
  return new Set([...titles].map(([, , title = '']) => title.replaceAll(/\\(['"`])/g, '$1')))
}

function isThere({ file, name }: NamedTest): boolean {
  return existsSync(join(root, file)) && namesIn(read(file)).has(name)
}

const rows = rowsOf(read('docs/threats.md'))

describe('the rows of docs/threats.md', () => {
  it('are about different things', () => {
    expect(rows.length).toBeGreaterThan(60)
    expect(new Set(rows.map(({ about }) => about)).size).toBe(rows.length)
  })

  it('have a test, or the reason why there is none', () => {
    const without = rows.filter(({ shownBy }) => testsIn(shownBy).length === 0)
    expect(without.filter(({ shownBy }) => !WITHOUT.test(shownBy))).toEqual([])
    expect(without.length).toBeLessThan(3)
  })

  it('name tests that exist, and nothing else', () => {
    const named = rows.flatMap(({ shownBy }) => testsIn(shownBy))
    expect(named.length).toBeGreaterThan(80)
    expect(named.filter((test) => !isThere(test))).toEqual([])
    const leftOver = rows
      .filter(({ shownBy }) => !WITHOUT.test(shownBy))
      .map(({ shownBy }) => shownBy.replaceAll(/`[\w/-]+` › `[^`]+`/g, ''))
    expect(leftOver.filter((text) => !/^(?:, )*$/.test(text))).toEqual([])
  })

  it('tell the effect of each mistake with one word, which is explained above the table', () => {
    const [, mistakes = ''] = read('docs/threats.md').split('\n## Mistakes ')
    const [explanation = '', table = ''] = mistakes.split('| mistake | effect | shown by |')
    const explained = [...explanation.matchAll(/^- \*(\w+)\*: /gm)].map(([, word]) => word)
    const used = new Set([...table.matchAll(/^\| [^|]+ \| ([^|]+) \| `/gm)].map(([, word]) => word))
    expect([...used].sort()).toEqual(explained.sort())
    expect(used.size).toBeGreaterThan(2)
  })

  it('would be found out if they named another test', () => {
    const cell =
      '`unit/project/threats` › `are about different things`, `unit/project/threats` › `no such test`'
    expect(testsIn(cell).map(isThere)).toEqual([true, false])
    expect(isThere({ file: 'test/unit/nowhere.test.ts', name: 'x' })).toBe(false)
    expect([...namesIn(`it.each([['a', 1]])('b %s', (x) => x)\ndescribe("it's", () => {})`)]).toEqual(
      expect.arrayContaining(['b %s', "it's"]),
    )
    expect(rowsOf('| a | shown by |\n| --- | --- |\n| b | c |\n')).toEqual([{ about: 'b', shownBy: 'c' }])
  })
})
