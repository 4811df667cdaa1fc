import { describe, expect, it } from 'vitest'
import { simulate } from '../../simulation/simulation.js'

describe('the simulation', () => {
  it('tells the same story of a seed every time', async () => {
    for (const seed of [3, 39, 128]) {
      const first = await simulate(seed, { records: 100, trace: true })
      const second = await simulate(seed, { records: 100, trace: true })
      expect(first.trace.length).toBeGreaterThan(100)
      expect(second.trace).toEqual(first.trace)
      expect(second.events).toBe(first.events)
    }
  })

  it('goes the same way whether or not its story is written down', async () => {
    const told = await simulate(7, { records: 100, trace: true })
    const untold = await simulate(7, { records: 100 })
    expect(untold).toEqual({ ...told, trace: [] })
  })
})
