import { setTimeout as sleep } from 'node:timers/promises'
import type { Step } from './step.js'

/** Kills the client with kill -9. The next one starts at once. */
export const clientKill: Step = async ({ drivers, tally, note }) => {
  note('kill -9 of the client')
  await drivers.kill()
  tally.clientKills++
  await drivers.start()
}

/** Stops the client with SIGSTOP, in half of the cases for longer than a request may take. */
export const clientStop: Step = async ({ drivers, random, tally, note }) => {
  const milliseconds = random.oneIn(2) ? random.integer(50, 1_500) : random.integer(3_000, 6_000)
  note(`SIGSTOP of the client for ${milliseconds} ms`)
  drivers.pause()
  await sleep(milliseconds)
  drivers.resume()
  tally.stops++
  tally.clientStops++
}
