import { describe, expect, it } from 'vitest'
import { VirtualTime } from '../../simulation/virtual-time.js'

/** Virtual time in which the client stalls at each of `starts` for this long, and works again at 1,000 ms. */
async function timeHeldUp(...starts: (readonly [atMs: number, forMs: number])[]): Promise<VirtualTime> {
  const time = new VirtualTime((error) => {
    throw error
  })
  let isOver = false
  for (const [atMs, forMs] of starts) time.after(atMs, 'world', () => time.stall(forMs))
  time.after(1_000, 'client', () => {
    isOver = true
  })
  await time.run(() => isOver, 10_000)
  return time
}

describe('a client that stalls on virtual time', () => {
  it('has the times of its stalls, and their sum', async () => {
    const time = await timeHeldUp([0, 50], [100, 200], [400, 10])
    expect(time.stalls).toEqual([
      { startMs: 0, endMs: 50 },
      { startMs: 100, endMs: 300 },
      { startMs: 400, endMs: 410 },
    ])
    expect(time.stalledMs).toBe(260)
  })

  it('counts overlapping stalls once', async () => {
    const time = await timeHeldUp([100, 200], [150, 50], [200, 300], [500, 100])
    expect(time.stalls).toEqual([{ startMs: 100, endMs: 600 }])
    expect(time.stalledMs).toBe(500)
  })

  it('goes on after the stall', async () => {
    expect((await timeHeldUp([900, 500])).nowMs).toBe(1_400)
  })
})
