// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { BufferLease } from '../../../../src/producer/accumulator/buffer-lease.js'

/** A lease, and how often its memory was returned. */
function lease(): { lease: BufferLease; returns: () => number } {
  let returns = 0
  return { lease: new BufferLease(() => returns++), returns: () => returns }
}

describe('R11: the memory of a batch', () => {
  it('is returned when its records are settled', () => {
    const { lease: buffer, returns } = lease()
    expect(returns()).toBe(0)
    buffer.recordsLeft()
    expect(returns()).toBe(1)
  })

  it('is kept while a socket reads it after the records are settled, and returned once', () => {
    const { lease: buffer, returns } = lease()
    buffer.hold()
    buffer.hold()
    buffer.recordsLeft()
    buffer.letGo()
    expect(returns()).toBe(0)
    buffer.letGo()
    expect(returns()).toBe(1)
  })

  it('is kept for its records, however often sockets read it', () => {
    const { lease: buffer, returns } = lease()
    for (let attempt = 0; attempt < 3; attempt++) {
      buffer.hold()
      buffer.letGo()
    }
    expect(returns()).toBe(0)
    buffer.recordsLeft()
    expect(returns()).toBe(1)
  })
})
