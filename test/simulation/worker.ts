import { simulate } from './simulation.js'

/** A process that simulates the seeds its parent sends. */
process.on('message', (order) => {
  const { seed, records } = order as { seed: number; records: number }
  void simulate(seed, { records }).then(({ trace: _, strikes, ...result }) => {
    process.send?.({ ...result, strikes: [...strikes] })
  })
})
