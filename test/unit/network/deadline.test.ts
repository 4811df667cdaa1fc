import { expect, it } from 'vitest'
import type { Clock } from '../../../src/environment/clock.js'
import { setDeadline } from '../../../src/network/deadline.js'
import { ManualClock } from '../../support/manual-clock.js'
import { turns } from '../../support/turns.js'

/** The longest that a timer of this clock takes, as a runtime's has a longest. */
const LONGEST_MS = 1_000

it('a deadline beyond the longest timer comes at its time, and not when the timer ends', async () => {
  const clock = new ManualClock()
  const short: Clock = {
    now: () => clock.now(),
    wallTime: () => clock.wallTime(),
    setTimer: (delayMs, fire) => clock.setTimer(Math.min(delayMs, LONGEST_MS), fire),
    soon: (run) => clock.soon(run),
  }
  let expiredAtMs = -1
  const deadline = setDeadline(short, 3_500, () => {
    expiredAtMs = clock.now()
  })
  for (let i = 0; i < 35; i++) {
    expect(expiredAtMs).toBe(-1)
    clock.advance(100)
    await turns(3)
  }
  expect(expiredAtMs).toBe(3_500)
  deadline.cancel()
  expect(clock.pending).toBe(0)
})
