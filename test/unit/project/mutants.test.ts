import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edited } from '../../mutants/mutant.js'
import { SOURCES } from '../../mutants/plant.js'
import { MUTANTS } from '../../mutants/table.js'
import { filesUnder, importsOf, read } from './tree.js'

describe('the bugs that npm run mutants plants', () => {
  it('have names of their own', () => {
    const names = MUTANTS.map(({ name }) => name)
    expect(names.length).toBeGreaterThan(10)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(MUTANTS)('fit the sources: $name', ({ edits }) => {
    expect(edits.length).toBeGreaterThan(0)
    for (const edit of edits) {
      const source = read(`src/${edit[0]}`)
      expect(edited(source, edit)).not.toBe(source)
    }
  })

  it('are planted in a copy that has every file that the simulation imports', () => {
    const isCopied = (path: string): boolean =>
      SOURCES.some((source) => path === source || path.startsWith(`${source}/`))
    const copied = filesUnder('').filter((path) => path.endsWith('.ts') && isCopied(path))
    expect(copied.length).toBeGreaterThan(200)
    const missing = copied.flatMap((path) =>
      importsOf(read(path))
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts'))
        .filter((imported) => !isCopied(imported))
        .map((imported) => `${path} imports ${imported}`),
    )
    expect(missing).toEqual([])
  })

  it('are those of the table in docs/guarantees.md', () => {
    const [, rest = ''] = read('docs/guarantees.md').split('| planted bug | seen at seed |')
    const [table = ''] = rest.split('\n\n')
    const planted = [...table.matchAll(/^\| ([a-z].+) \| \d+ \|$/gm)].map(([, name]) => name)
    expect(planted.sort()).toEqual(MUTANTS.map(({ name }) => name).sort())
  })

  it('would be found out if they did not', () => {
    expect(edited('one two', ['a.ts', 'two', '$&'])).toBe('one $&')
    expect(() => edited('one one', ['a.ts', 'one', 'two'])).toThrow('src/a.ts has the code')
    expect(() => edited('one one', ['a.ts', 'three', 'two'])).toThrow('0 times instead of once: three')
  })
})
