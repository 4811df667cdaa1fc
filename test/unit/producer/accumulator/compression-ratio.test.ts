import { describe, expect, it } from 'vitest'
import { CompressionRatio } from '../../../../src/producer/accumulator/compression-ratio.js'

describe('the estimate of the compression ratio', () => {
  it('starts as if nothing compressed, with a reserve of 5 %', () => {
    expect(new CompressionRatio().planned).toBeCloseTo(1.05)
  })

  it('falls by at most 0.005 with each batch, down to the ratio', () => {
    const ratio = new CompressionRatio()
    ratio.observe(10, 100)
    expect(ratio.planned).toBeCloseTo(0.995 * 1.05)
    for (let batch = 0; batch < 200; batch++) ratio.observe(10, 100)
    expect(ratio.planned).toBeCloseTo(0.1 * 1.05)
  })

  it('rises at once to the ratio of a batch, and by at least 0.05', () => {
    const ratio = new CompressionRatio()
    for (let batch = 0; batch < 200; batch++) ratio.observe(20, 100)
    ratio.observe(21, 100)
    expect(ratio.planned).toBeCloseTo(0.25 * 1.05)
    ratio.observe(90, 100)
    expect(ratio.planned).toBeCloseTo(0.9 * 1.05)
  })

  it('is at least 1 after a batch that was refused as too large', () => {
    const ratio = new CompressionRatio()
    for (let batch = 0; batch < 200; batch++) ratio.observe(20, 100)
    ratio.refuse(20, 100)
    expect(ratio.planned).toBeCloseTo(1.05)
    ratio.refuse(130, 100)
    expect(ratio.planned).toBeCloseTo(1.3 * 1.05)
  })
})
