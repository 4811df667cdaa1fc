import { afterEach, describe, expect, it } from 'vitest'
import { PartitionSequence } from '../../../src/producer/idempotence/partition-sequence.js'
import { startSequencesAt } from '../../simulation/first-sequence.js'

const LAST = 0x7fffffff
let end = (): void => undefined

afterEach(() => {
  end()
})

describe('sequences that start near their end', () => {
  it('wrap to 0, and start at 0 under the next epoch', () => {
    end = startSequencesAt(LAST - 1, 7)
    const sequence = new PartitionSequence()
    sequence.assign({ producerId: 1n, epoch: 7, transactional: false })
    expect([sequence.take(1), sequence.take(2), sequence.take(1)]).toEqual([LAST - 1, LAST, 1])
    sequence.assign({ producerId: 1n, epoch: 8, transactional: false })
    expect(sequence.take(1)).toBe(0)
  })

  it('end when the change is undone', () => {
    startSequencesAt(LAST, 0)()
    const sequence = new PartitionSequence()
    sequence.assign({ producerId: 1n, epoch: 0, transactional: false })
    expect(sequence.take(1)).toBe(0)
  })
})
