import { describe, expect, it } from 'vitest'
import { simulate } from '../simulation/simulation.js'

/** Seeds of the slice; `npm run sim` takes any range. */
const FIRST = 1
const LAST = 300
const SEEDS_PER_TEST = 25

describe('the simulation', () => {
  for (let first = FIRST; first <= LAST; first += SEEDS_PER_TEST) {
    const last = Math.min(first + SEEDS_PER_TEST - 1, LAST)
    it(`finds nothing wrong with seeds ${first} to ${last}`, async () => {
      const wrong: string[] = []
      for (let seed = first; seed <= last; seed++) {
        const { violations, records } = await simulate(seed, { records: 100 })
        expect(records).toBeGreaterThanOrEqual(100)
        wrong.push(
          ...violations.map(
            (violation) => `npm run sim -- --seed ${seed} --records 100 --trace: ${violation}`,
          ),
        )
      }
      expect(wrong).toEqual([])
    })
  }

  it('tells the same story of a seed every time', async () => {
    for (const seed of [3, 39, 128]) {
      const first = await simulate(seed, { records: 100, trace: true })
      const second = await simulate(seed, { records: 100, trace: true })
      expect(first.trace.length).toBeGreaterThan(100)
      expect(second.trace).toEqual(first.trace)
      expect(second.events).toBe(first.events)
    }
  })

  it('goes the same way whether or not its story is written down', async () => {
    const told = await simulate(7, { records: 100, trace: true })
    const untold = await simulate(7, { records: 100 })
    expect(untold).toEqual({ ...told, trace: [] })
  })
})
