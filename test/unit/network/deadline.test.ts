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

/** A deadline of three seconds, half a second of which is over. */
async function deadline(): Promise<{ readonly clock: ManualClock; readonly isOver: () => boolean }> {
  const clock = new ManualClock()
  let isOver = false
  setDeadline(clock, 3_000, () => {
    isOver = true
  })
  clock.advance(500)
  await turns(3)
  return { clock, isOver: () => isOver }
}

/** The process stands still, and goes on. */
async function holdUp(clock: ManualClock, ms: number): Promise<void> {
  clock.block(ms)
  clock.advance(0)
  await turns(3)
}

it.each([2_000, 2_499, 2_500, 2_600, 5_000, 60_000])(
  'of %i ms in which the process stood still half a second counts',
  async (ms) => {
    const { clock, isOver } = await deadline()
    await holdUp(clock, ms)
    for (let i = 0; i < 19; i++) {
      clock.advance(100)
      await turns(3)
    }
    expect(isOver()).toBe(false)
    clock.advance(100)
    await turns(3)
    expect(isOver()).toBe(true)
  },
)

it('a process that is always held up comes to its deadline all the same', async () => {
  const { clock, isOver } = await deadline()
  for (let i = 0; i < 4; i++) await holdUp(clock, 5_000)
  expect(isOver()).toBe(false)
  await holdUp(clock, 5_000)
  expect(isOver()).toBe(true)
})

it('what arrived while the process stood still is delivered before the deadline', async () => {
  const clock = new ManualClock()
  const happened: string[] = []
  setDeadline(clock, 500, () => happened.push('over'))
  clock.block(60_000)
  clock.advance(0)
  setImmediate(() => happened.push('delivered'))
  await turns(3)
  expect(happened).toEqual(['delivered', 'over'])
})
