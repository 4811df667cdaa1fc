import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAULT_NAMES } from '../../simulation/fault-kinds.js'
import { replayCommand } from '../../simulation/replay-command.js'
import { simulate } from '../../simulation/simulation.js'

const RECORDS = 100
const SEEDS_PER_TEST = 50
/**
 * How often a kind of fault strikes in a thousand seeds at the least. The rarest ones do about twice as
 * often.
 */
const STRIKES_PER_THOUSAND_SEEDS = 10

/**
 * Tests of a range of seeds; `npm run sim` takes any range. Ranges stand in files of their own, which run
 * side by side.
 */
export function testSeeds(first: number, last: number): void {
  describe('the simulation', () => {
    const { stackTraceLimit } = Error
    const strikes = new Map(FAULT_NAMES.map((name) => [name, 0]))
    let seeds = 0
    beforeAll(() => {
      // Most errors are the expected outcome of a fault, and to find out where they were made costs more than
      // all the rest.
      Error.stackTraceLimit = 0
    })
    afterAll(() => {
      Error.stackTraceLimit = stackTraceLimit
    })

    for (let from = first; from <= last; from += SEEDS_PER_TEST) {
      const to = Math.min(from + SEEDS_PER_TEST - 1, last)
      it(`finds nothing wrong with seeds ${from} to ${to}`, async () => {
        const wrong: string[] = []
        for (let seed = from; seed <= to; seed++) {
          const { violations, records, strikes: ofSeed } = await simulate(seed, { records: RECORDS })
          expect(records).toBeGreaterThanOrEqual(RECORDS)
          wrong.push(...violations.map((what) => `${replayCommand(seed, RECORDS)}: ${what}`))
          for (const [name, count] of ofSeed) strikes.set(name, (strikes.get(name) ?? 0) + count)
          seeds++
        }
        expect(wrong).toEqual([])
      })
    }

    it('has had every kind of fault strike, and no other', () => {
      // Counted in the tests above: alone, this one knows nothing.
      expect(seeds).toBe(last - first + 1)
      expect([...strikes.keys()]).toEqual(FAULT_NAMES)
      const atLeast = (STRIKES_PER_THOUSAND_SEEDS * seeds) / 1_000
      expect([...strikes].filter(([, count]) => count < atLeast)).toEqual([])
    })
  })
}
