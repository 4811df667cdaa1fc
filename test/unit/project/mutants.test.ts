import { describe, expect, it } from 'vitest'
import { edited } from '../../mutants/mutant.js'
import { MUTANTS } from '../../mutants/table.js'
import { read } from './tree.js'

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

  it('would be found out if they did not', () => {
    expect(edited('one two', ['a.ts', 'two', '$&'])).toBe('one $&')
    expect(() => edited('one one', ['a.ts', 'one', 'two'])).toThrow('src/a.ts has the code')
    expect(() => edited('one one', ['a.ts', 'three', 'two'])).toThrow('0 times instead of once: three')
  })
})
