import { describe, expect, it } from 'vitest'
import { FAULT_NAMES } from '../../simulation/fault-kinds.js'
import { BEYOND_THE_FAULTS, FAULTS } from '../../simulation/fault-table.js'

/**
 * The faults that the simulation must have: all except transactions, authorization and faults of real
 * processes.
 */
const REQUIRED = [...Array.from({ length: 28 }, (_, i) => i + 1), 40, 41, 43]

describe('the faults of the simulation', () => {
  it('include every one of these, each once', () => {
    const numbers = FAULTS.map(({ number }) => number)
    expect(numbers).toEqual([...new Set(numbers)])
    expect(numbers).toEqual(expect.arrayContaining(REQUIRED))
  })

  it.each(FAULTS)('$number, $what: is caused by existing kinds', ({ kinds }) => {
    expect(kinds).not.toEqual([])
    expect(FAULT_NAMES).toEqual(expect.arrayContaining([...kinds]))
  })

  it('use every kind', () => {
    const named = new Set([...FAULTS.flatMap(({ kinds }) => kinds), ...BEYOND_THE_FAULTS])
    expect(FAULT_NAMES.filter((name) => !named.has(name))).toEqual([])
    expect([...named].filter((name) => !FAULT_NAMES.includes(name))).toEqual([])
  })
})
