import { afterEach, describe, expect, it } from 'vitest'
import { PartitionSequence } from '../../../src/producer/partition-sequence.js'
import { startSequencesAt } from '../../simulation/first-sequence.js'

const LAST = 0x7fffffff
let end = (): void => undefined

afterEach(() => {
  end()
})

describe('sequences that start near their end', () => {
  it('go round, and start at 0 under the next epoch', () => {
    end = startSequencesAt(LAST - 1, 7)
    const sequence = new PartitionSequence()
    sequence.assign({ producerId: 1n, epoch: 7 })
    expect([sequence.take(1), sequence.take(2), sequence.take(1)]).toEqual([LAST - 1, LAST, 1])
    sequence.assign({ producerId: 1n, epoch: 8 })
    expect(sequence.take(1)).toBe(0)
  })

  it('are over when they are said to be', () => {
    startSequencesAt(LAST, 0)()
    const sequence = new PartitionSequence()
    sequence.assign({ producerId: 1n, epoch: 0 })
    expect(sequence.take(1)).toBe(0)
  })
})
