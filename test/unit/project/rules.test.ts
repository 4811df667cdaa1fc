import { describe, expect, it } from 'vitest'
import { filesUnder, read } from './tree.js'

/** For what does not exist yet: no test can show it. */
const FOR_LATER = ['R14']

/** What the head of each test file that names a rule says. */
const POINTER = '// The rules R1 to R16 are in docs/rules.md.\n'

/** A rule of the document, and the test files that it says show it. */
interface Rule {
  readonly name: string
  readonly tests: readonly string[]
}

function rulesOf(document: string): Rule[] {
  return document
    .split(/^## (?=R\d+: )/m)
    .slice(1)
    .map((text) => {
      const [name = ''] = text.split(':')
      const [, shown = ''] = /^- Shown by: ([\s\S]*)/m.exec(text) ?? []
      return { name, tests: [...shown.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path) }
    })
}

/** The rules that names of tests begin with: `R5: ...`, or `R12, R5: ...`. */
function rulesNamedIn(source: string): string[] {
  const names = [...source.matchAll(/['"`](R\d+(?:, R\d+)*): /g)].flatMap(([, list = '']) => list.split(', '))
  return [...new Set(names)]
}

/** `rule: test file`, for every rule and every test that shows it. */
function pairs(rules: readonly Rule[]): string[] {
  return rules.flatMap(({ name, tests }) => tests.map((path) => `${name}: ${path}`)).sort()
}

const rules = rulesOf(read('docs/rules.md'))
const tests = filesUnder('test')
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/unit/project/'))
  .map((path) => ({ path, source: read(path) }))
const naming = tests.filter(({ source }) => rulesNamedIn(source).length > 0)

describe('the rules of docs/rules.md', () => {
  it('are R1 to R16, in order', () => {
    expect(rules.map(({ name }) => name)).toEqual(Array.from({ length: 16 }, (_, i) => `R${i + 1}`))
  })

  it('are shown by the tests that name them, and by no others', () => {
    const named = naming.flatMap(({ path, source }) => rulesNamedIn(source).map((name) => `${name}: ${path}`))
    expect(named.length).toBeGreaterThan(30)
    expect(pairs(rules)).toEqual(named.sort())
  })

  it('all have a test, but for those about what does not exist yet', () => {
    const untested = rules.filter((rule) => rule.tests.length === 0)
    expect(untested.map(({ name }) => name)).toEqual(FOR_LATER)
  })

  it('are linked to by the head of each test file that names one', () => {
    const heads = naming.filter(({ source }) => source.startsWith(POINTER)).map(({ path }) => path)
    expect(heads).toEqual(naming.map(({ path }) => path))
    expect(tests.filter(({ source }) => source.includes(POINTER)).length).toBe(naming.length)
  })

  it('are found in texts', () => {
    expect(rulesNamedIn("it('R12, R5: a', f)\nit.each(x)(\n  `R3: b`)\ndescribe('R5: c')")).toEqual([
      'R12',
      'R5',
      'R3',
    ])
    expect(rulesNamedIn("it('R5 and others', f) // R6: x")).toEqual([])
    const document =
      '## R1: A\n\nText.\n\n- Kept by: `A`\n- Shown by: `test/a.test.ts`,\n  `test/b.test.ts`\n\n## R2: B\n'
    expect(rulesOf(document)).toEqual([
      { name: 'R1', tests: ['test/a.test.ts', 'test/b.test.ts'] },
      { name: 'R2', tests: [] },
    ])
  })
})
