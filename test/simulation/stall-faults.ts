import type { Fault } from '../../src/testing/index.js'
import type { FaultKind } from './request-faults.js'
import type { World } from './world.js'

/**
 * The start of a stall before a deadline, its length, and the time from its start to the response, in
 * milliseconds.
 */
const STOPS = [
  // The response has arrived when the process goes on, and the deadline is over.
  { beforeMs: 100, forMs: 450, answerMs: 200 },
  // The response comes a little later, within the extension for the stall.
  { beforeMs: 900, forMs: 3_000, answerMs: 3_050 },
] as const

/** The interval of the checks for a request, in milliseconds, and their number. */
const EVERY_MS = 2
const LOOKS = 2_000

/**
 * Stalls the process at the deadline of the next request, which is also the deadline of its oldest records.
 */
export const stalledAtADeadline: FaultKind = {
  name: 'stalled at a deadline',
  strike(world) {
    const { chance, cluster, scenario, time } = world
    const { beforeMs, forMs, answerMs } = chance.pick(STOPS)
    const stopMs = Math.max(0, scenario.config.requestTimeoutMs - scenario.network.latencyMs - beforeMs)
    const fault = cluster.delayAnswers({ api: 'Produce', times: 3 }, stopMs + answerMs)
    world.keep('answer delayed', fault)
    whenStruck(world, fault, () =>
      world.later(stopMs, () => {
        time.stall(forMs)
        world.struck(this.name)
      }),
    )
  },
}

function whenStruck(world: World, fault: Fault, run: () => void, looks = LOOKS): void {
  if (fault.hits > 0) run()
  else if (looks > 0) world.later(EVERY_MS, () => whenStruck(world, fault, run, looks - 1))
}
