// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { PartitionSequence } from '../../../../src/producer/idempotence/partition-sequence.js'

const old = { producerId: 9n, epoch: 0, transactional: false }
const next = { producerId: 9n, epoch: 1, transactional: false }

/** A partition under identity `old` that has handed out three sequences. */
function assigned(): PartitionSequence {
  const sequence = new PartitionSequence()
  sequence.assign(old)
  sequence.take(3)
  return sequence
}

describe('PartitionSequence', () => {
  it('begins without a sequence, and is unbroken', () => {
    const sequence = new PartitionSequence()
    expect([sequence.state.kind, sequence.isIntact, sequence.isBroken, sequence.belongsTo(old)]).toEqual([
      'none',
      true,
      false,
      false,
    ])
    expect(() => sequence.take(1)).toThrow('before an identity')
  })

  it('starts at 0 under each identity', () => {
    const sequence = assigned()
    expect(sequence.take(1)).toBe(3)
    sequence.assign(next)
    expect([sequence.take(2), sequence.take(1), sequence.belongsTo(next), sequence.belongsTo(old)]).toEqual([
      0,
      2,
      true,
      false,
    ])
  })

  it('R10: wraps to 0', () => {
    const sequence = new PartitionSequence()
    sequence.assign(old)
    sequence.take(0x7fffffff)
    expect([sequence.take(1), sequence.take(1)]).toEqual([0x7fffffff, 0])
  })

  it('is unresolved after a batch was given up that may be in the log', () => {
    const sequence = assigned()
    sequence.giveUp(old, true)
    expect([sequence.isIntact, sequence.isBroken]).toEqual([false, false])
  })

  it('is broken for good after a batch was given up that is not in the log', () => {
    const sequence = assigned()
    sequence.giveUp(old, true)
    sequence.giveUp(old, false)
    sequence.giveUp(old, true)
    sequence.acknowledge(old, 2, 5n)
    sequence.resolve()
    expect([sequence.isIntact, sequence.isBroken]).toEqual([false, true])
  })

  it('is resolved when the last sequence is acknowledged', () => {
    const sequence = assigned()
    sequence.giveUp(old, true)
    sequence.acknowledge(old, 1, 5n)
    sequence.resolve()
    expect(sequence.isIntact).toBe(false)
    sequence.acknowledge(old, 2, -1n)
    sequence.resolve()
    expect(sequence.isIntact).toBe(true)
    expect(sequence.state).toMatchObject({ next: 3, lastAcknowledged: 2, lastAcknowledgedOffset: 5n })
  })

  it('stays unresolved without an acknowledgement, even if the sequences have wrapped to their start', () => {
    const sequence = new PartitionSequence()
    sequence.assign(old)
    sequence.take(0x7fffffff)
    sequence.take(1)
    sequence.giveUp(old, true)
    sequence.resolve()
    expect(sequence.isIntact).toBe(false)
  })

  it('ignores batches of another identity', () => {
    const sequence = assigned()
    sequence.giveUp(next, false)
    sequence.acknowledge(next, 2, 5n)
    expect(sequence.isIntact).toBe(true)
    expect(sequence.state).toMatchObject({ lastAcknowledged: -1, lastAcknowledgedOffset: -1n })
  })

  it('has no identity after it left its own', () => {
    const sequence = assigned()
    sequence.giveUp(old, false)
    sequence.leave()
    sequence.acknowledge(old, 2, 5n)
    sequence.giveUp(old, true)
    expect([sequence.state.kind, sequence.isIntact]).toEqual(['none', true])
  })
})
