import { describe, expect, it } from 'vitest'
import { exponentialBackoff } from '../../../src/network/backoff.js'

const middle = () => 0.5

describe('exponentialBackoff', () => {
  it('doubles with each failure up to the limit', () => {
    const delays = [1, 2, 3, 4, 5, 6, 100, 5000].map((failures) =>
      exponentialBackoff(50, 1000, failures, middle),
    )
    expect(delays).toEqual([50, 100, 200, 400, 800, 1000, 1000, 1000])
  })

  it('treats zero failures as one', () => {
    expect(exponentialBackoff(50, 1000, 0, middle)).toBe(50)
  })

  it('varies by a fifth, and never goes above the limit', () => {
    expect(exponentialBackoff(50, 1000, 2, () => 0)).toBe(80)
    expect(exponentialBackoff(50, 1000, 2, () => 0.999999)).toBeCloseTo(120, 2)
    expect(exponentialBackoff(50, 1000, 9, () => 0.999999)).toBe(1000)
    expect(exponentialBackoff(50, 1000, 9, () => 0)).toBe(800)
  })

  it('keeps to a limit that is below the first delay', () => {
    expect(exponentialBackoff(500, 100, 1, middle)).toBe(100)
    expect(exponentialBackoff(0, 0, 3, middle)).toBe(0)
  })
})
