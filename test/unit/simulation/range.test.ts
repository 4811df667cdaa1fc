import { describe, expect, it } from 'vitest'
import { violationLine } from '../../simulation/range.js'

describe('the line for a seed that fails', () => {
  it('has the command that repeats it, and the first violation', () => {
    expect(violationLine({ seed: 17, violations: ['record 3 is lost\n    at Oracle'] }, 100)).toBe(
      'npm run sim -- --seed 17 --records 100 --trace: record 3 is lost',
    )
  })

  it('has the number of further violations', () => {
    expect(violationLine({ seed: 1, violations: ['one', 'two', 'three'] }, 300)).toBe(
      'npm run sim -- --seed 1 --records 300 --trace: one (and 2 more)',
    )
  })
})
