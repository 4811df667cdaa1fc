import type { Fault } from '../../src/testing/index.js'
import type { FaultKind } from './request-faults.js'
import type { World } from './world.js'

/** How long before a deadline the process stops, for how long it stands still, and when the answer comes, counted from the stop; milliseconds. */
const STOPS = [
  // The answer lies there when the process goes on, and the deadline is over.
  { beforeMs: 100, forMs: 450, answerMs: 200 },
  // It comes a little later, within the time that the process has lost.
  { beforeMs: 900, forMs: 3_000, answerMs: 3_050 },
] as const

/** How often it is looked whether a request has come, milliseconds, and how many times. */
const EVERY_MS = 2
const LOOKS = 2_000

/** The process stands still at the moment in which the next request must have its answer, and with it what was not sent later than necessary. */
export const heldUpAtADeadline: FaultKind = {
  name: 'held up at a deadline',
  strike(world) {
    const { chance, cluster, scenario, time } = world
    const { beforeMs, forMs, answerMs } = chance.pick(STOPS)
    const stopMs = Math.max(0, scenario.config.requestTimeoutMs - scenario.network.latencyMs - beforeMs)
    const fault = cluster.delayAnswers({ api: 'Produce', times: 3 }, stopMs + answerMs)
    world.keep('answer delayed', fault)
    whenStruck(world, fault, () =>
      world.later(stopMs, () => {
        time.holdUp(forMs)
        world.struck(this.name)
      }),
    )
  },
}

function whenStruck(world: World, fault: Fault, run: () => void, looks = LOOKS): void {
  if (fault.hits > 0) run()
  else if (looks > 0) world.later(EVERY_MS, () => whenStruck(world, fault, run, looks - 1))
}
