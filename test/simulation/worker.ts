import { simulate } from './simulation.js'

// Most errors here are the expected result of a fault, and their stack traces cost more than all the rest.
Error.stackTraceLimit = 0

/** A process that simulates the seeds its parent sends. */
process.on('message', (order) => {
  const { seed, records } = order as { seed: number; records: number }
  void simulate(seed, { records }).then(({ trace: _, strikes, ...result }) => {
    process.send?.({ ...result, strikes: [...strikes] })
  })
})
