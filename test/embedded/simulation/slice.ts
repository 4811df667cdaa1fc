import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { simulate } from '../../simulation/simulation.js'

const RECORDS = 100
const SEEDS_PER_TEST = 50

/** Tests of a range of seeds; `npm run sim` takes any range. Ranges stand in files of their own, which run side by side. */
export function testSeeds(first: number, last: number): void {
  describe('the simulation', () => {
    const { stackTraceLimit } = Error
    beforeAll(() => {
      // Most errors are the expected outcome of a fault, and to find out where they were made costs more than all the rest.
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
          const { violations, records } = await simulate(seed, { records: RECORDS })
          expect(records).toBeGreaterThanOrEqual(RECORDS)
          wrong.push(
            ...violations.map(
              (what) => `npm run sim -- --seed ${seed} --records ${RECORDS} --trace: ${what}`,
            ),
          )
        }
        expect(wrong).toEqual([])
      })
    }
  })
}
