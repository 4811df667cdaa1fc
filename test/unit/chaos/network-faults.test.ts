import { describe, expect, it } from 'vitest'
import { NetworkFaults } from '../../chaos/proxy/network-faults.js'
import { SeededRandom } from '../../support/random.js'

const requestLength = 5_000
const responseLength = 90

/**
 * Sends requests and responses, `distanceMs` apart, until all planned faults have struck. Returns the faults.
 */
function play(seed: number, distanceMs = 10): string[] {
  let nowMs = 1_000
  const plan = { cuts: 400, drops: 20, delays: 80, durationMs: 50_000, distanceMs: 25 }
  const faults = new NetworkFaults(plan, new SeededRandom(seed), () => nowMs, 500)
  expect(faults.onRequest(requestLength), 'before the start').toBeUndefined()
  faults.start()
  const story: string[] = []
  for (; !faults.isComplete; nowMs += distanceMs) {
    if (nowMs > 400_000) throw new Error(`not through: ${JSON.stringify(faults.done)}`)
    const onRequest = faults.onRequest(requestLength)
    if (onRequest !== undefined) story.push(`${nowMs} request ${JSON.stringify(onRequest)}`)
    const onResponse = faults.onResponse(responseLength)
    if (onResponse !== undefined) story.push(`${nowMs} response ${JSON.stringify(onResponse)}`)
  }
  expect(faults.done).toEqual({ cuts: 400, drops: 20, delays: 80 })
  faults.stop()
  nowMs += 10_000
  expect(faults.onResponse(responseLength), 'after the end').toBeUndefined()
  return story
}

describe('the faults on the network', () => {
  it('are as many as planned, equal for equal seeds, and different for different seeds', () => {
    const story = play(1)
    expect(story).toHaveLength(500)
    expect(play(1)).toEqual(story)
    expect(play(2)).not.toEqual(story)
  })

  it('cut frames at the beginning, at the end and in the middle, and never outside', () => {
    const story = play(3)
    for (const [what, length] of [
      ['request', requestLength],
      ['response', responseLength],
    ] as const) {
      const cuts = story.filter((line) => line.includes(`${what} {"kind":"cut"`))
      const bytes = cuts.map((line) => Number(/"afterBytes":(\d+)/.exec(line)?.[1]))
      expect(Math.min(...bytes)).toBe(0)
      expect(Math.max(...bytes)).toBe(length)
      expect(bytes.filter((byte) => byte > 4 && byte < length - 1).length).toBeGreaterThan(100)
      expect(cuts.filter((line) => line.includes('"reset":true')).length).toBeGreaterThan(50)
      expect(cuts.filter((line) => line.includes('"reset":false')).length).toBeGreaterThan(50)
    }
  })

  it('let some responses pass between faults if responses are slow', () => {
    const times = play(5, 100).map((line) => Number(line.split(' ')[0]))
    const distances = times.slice(1).map((timeMs, index) => timeMs - (times[index] ?? 0))
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(200)
  })

  it('are spread over the time of the plan', () => {
    const times = play(4).map((line) => Number(line.split(' ')[0]))
    const inTheFirstHalf = times.filter((timeMs) => timeMs < 26_000).length
    expect(inTheFirstHalf).toBeGreaterThan(230)
    expect(inTheFirstHalf).toBeLessThan(270)
  })
})
