import { describe, expect, it } from 'vitest'
import { median, slope, spread } from '../../../bench/memory/statistics.js'

describe('the statistics of a benchmark', () => {
  it('slope: exact for points on a line, at any position', () => {
    const line = [3, 4, 7, 11].map((x) => ({ x, y: 5 - 2 * x }))
    expect(slope(line)).toBeCloseTo(-2, 12)
  })

  it('slope: that of the least squares for points beside a line', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 1, y: 0 },
      { x: 2, y: 4 },
    ]
    expect(slope(points)).toBeCloseTo(1.5, 12)
  })

  it('slope: none for a single position', () => {
    expect(() => slope([{ x: 1, y: 1 }])).toThrow('no slope')
    expect(() => slope([])).toThrow('no values')
  })

  it('spread: the distance between the extremes as a share of the mean', () => {
    expect(spread([90, 110, 100])).toBeCloseTo(0.2, 12)
  })

  it('median: the middle in numeric order, not in the order of text or time', () => {
    expect(median([100, 9, 20])).toBe(20)
    expect(() => median([])).toThrow('no median')
  })
})
