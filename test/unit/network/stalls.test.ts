import { describe, expect, it } from 'vitest'
import type { Clock } from '../../../src/environment/clock.js'
import { Stalls } from '../../../src/network/stalls.js'
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
  const deadline = new Stalls(short).setDeadline(3_500, () => {
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

it.each([7_000, 12_000, 60_000])(
  'a deadline of %i ms comes at its time although timers fire a millisecond early',
  async (deadlineMs) => {
    const clock = new ManualClock()
    // The runtime's timers count whole milliseconds of a clock that is read once a turn.
    const early: Clock = {
      now: () => clock.now(),
      wallTime: () => clock.wallTime(),
      setTimer: (delayMs, fire) => clock.setTimer(Math.max(Math.ceil(delayMs) - 0.75, 0), fire),
      soon: (run) => clock.soon(run),
    }
    let expiredAtMs = -1
    new Stalls(early).setDeadline(deadlineMs, () => {
      expiredAtMs = clock.now()
    })
    for (let ms = 0; ms < deadlineMs + 10; ms += 5) {
      clock.advance(5)
      await turns(3)
    }
    expect(expiredAtMs).toBeGreaterThanOrEqual(deadlineMs)
    expect(expiredAtMs).toBeLessThanOrEqual(deadlineMs + 10)
  },
)

/** A deadline of three seconds, half a second of which is over. */
async function deadline(): Promise<{ readonly clock: ManualClock; readonly isOver: () => boolean }> {
  const clock = new ManualClock()
  let isOver = false
  new Stalls(clock).setDeadline(3_000, () => {
    isOver = true
  })
  clock.advance(500)
  await turns(3)
  return { clock, isOver: () => isOver }
}

/** The process stands still, and goes on. */
async function stall(clock: ManualClock, ms: number): Promise<void> {
  clock.block(ms)
  clock.advance(0)
  await turns(3)
}

it.each([2_000, 2_499, 2_500, 2_600, 5_000, 60_000])(
  'of %i ms in which the process stood still half a second counts',
  async (ms) => {
    const { clock, isOver } = await deadline()
    await stall(clock, ms)
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
  for (let i = 0; i < 4; i++) await stall(clock, 5_000)
  expect(isOver()).toBe(false)
  await stall(clock, 5_000)
  expect(isOver()).toBe(true)
})

it('what arrived while the process stood still is delivered before the deadline', async () => {
  const clock = new ManualClock()
  const happened: string[] = []
  new Stalls(clock).setDeadline(500, () => happened.push('over'))
  clock.block(60_000)
  clock.advance(0)
  setImmediate(() => happened.push('delivered'))
  await turns(3)
  expect(happened).toEqual(['delivered', 'over'])
})

/** Watches, and has a heartbeat every half a second, from 0 on. */
function watching(): { readonly clock: ManualClock; readonly stalls: Stalls } {
  const clock = new ManualClock()
  const stalls = new Stalls(clock)
  stalls.watch()
  return { clock, stalls }
}

describe('stalls', () => {
  it('count from half a second after the last heartbeat, for what was under way', () => {
    const { clock, stalls } = watching()
    clock.advance(7_000)
    clock.block(3_000)
    clock.advance(0)
    clock.advance(5_000)
    clock.block(5_000)
    clock.advance(0)
    const since = [0, 7_500, 8_500, 10_000, 15_500, 19_000, 20_000]
    expect(since.map((ms) => stalls.since(ms))).toEqual([7_000, 7_000, 6_000, 4_500, 4_500, 1_000, 0])
  })

  it('are noticed by whoever runs first, and once', () => {
    const { clock, stalls } = watching()
    clock.block(2_000)
    stalls.notice(2_000)
    clock.advance(0)
    expect(stalls.since(0)).toBe(1_500)
  })

  it('are none where work is merely late, or was never due', () => {
    const { stalls } = watching()
    expect(stalls.mayJudge(Number.POSITIVE_INFINITY, 400)).toBe(true)
    expect(stalls.mayJudge(400, 500)).toBe(false)
    expect(stalls.mayJudge(400, 501)).toBe(true)
    expect(stalls.since(0)).toBe(0)
  })

  it('all count, of many thousands the last', () => {
    const { clock, stalls } = watching()
    // Every second half a second.
    const standStill = (count: number): void => {
      for (let i = 0; i < count; i++) {
        clock.block(1_000)
        clock.advance(0)
      }
    }
    standStill(1_000)
    const seconds = Array.from({ length: 1_001 }, (_, second) => second)
    expect(seconds.map((second) => stalls.since(1_000 * second))).toEqual(
      seconds.map((second) => 500_000 - 500 * second),
    )
    standStill(19_000)
    expect(stalls.since(0)).toBe(5_000_000)
  })

  it('are watched for with a timer only while time matters to something', () => {
    const { clock, stalls } = watching()
    const timer = stalls.setTimer(700, () => {})
    stalls.unwatch()
    expect(clock.pending).toBe(2)
    timer.cancel()
    timer.cancel()
    expect(clock.pending).toBe(0)
    stalls.setTimer(700, () => {})
    clock.advance(700)
    expect(clock.pending).toBe(0)
  })
})
