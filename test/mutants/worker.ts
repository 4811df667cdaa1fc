import { simulate } from '../simulation/simulation.js'

// Most errors here are the expected result of a fault, and their stack traces cost more than all the rest.
Error.stackTraceLimit = 0

/** The parent's task: the seeds from `first` to `last` in order, up to the first violation that matches. */
export interface Order {
  readonly first: number
  readonly last: number
  readonly records: number
  /** A regular expression. */
  readonly until: string
}

/** A worker's result for each seed. */
export interface SeedReport {
  readonly seed: number
  readonly violations: readonly string[]
}

process.once('message', (order) => {
  void work(order as Order)
})

async function work({ first, last, records, until }: Order): Promise<void> {
  const wanted = new RegExp(until)
  for (let seed = first; seed <= last; seed++) {
    const { violations } = await simulate(seed, { records })
    await new Promise((resolve) => process.send?.({ seed, violations } satisfies SeedReport, resolve))
    if (violations.some((violation) => wanted.test(violation))) break
  }
  process.disconnect()
}
