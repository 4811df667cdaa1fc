import { describe, expect, it } from 'vitest'
import { median, slope, spread } from '../../../bench/memory/statistics.js'

describe('what a benchmark says of its samples', () => {
  it('slope: exact for points on a line, wherever they lie', () => {
    const line = [3, 4, 7, 11].map((x) => ({ x, y: 5 - 2 * x }))
    expect(slope(line)).toBeCloseTo(-2, 12)
  })

  it('slope: of points beside a line the one with the least squares', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 0 },
      { x: 2, y: 4 },
    ]
    expect(slope(points)).toBeCloseTo(1.5, 12)
  })

  it('slope: there is none through one place', () => {
    expect(() => slope([{ x: 1, y: 1 }])).toThrow('no slope')
    expect(() => slope([])).toThrow('no values')
  })

  it('spread: the distance between the extremes as a share of the mean', () => {
    expect(spread([90, 110, 100])).toBeCloseTo(0.2, 12)
  })

  it('median: the middle in order of size, not of text or of time', () => {
    expect(median([100, 9, 20])).toBe(20)
    expect(() => median([])).toThrow('no median')
  })
})
