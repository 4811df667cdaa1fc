import { expect, it } from 'vitest'
import { Recovery } from '../../chaos/judge/recovery.js'

it('recovery is from the loss of a leader to the next acknowledgement on each of its partitions', () => {
  const recovery = new Recovery()
  expect(recovery.times()).toBeUndefined()
  recovery.lost([1, 2], 10_000)
  recovery.acknowledged(3, 10_500)
  recovery.acknowledged(1, 10_010) // sent by the leader before it was lost
  recovery.acknowledged(1, 12_000)
  recovery.acknowledged(1, 12_500)
  recovery.acknowledged(2, 15_000)
  expect(recovery.times()).toEqual({ count: 2, p50: 5_000, p99: 5_000, most: 5_000 })
  recovery.lost([1], 20_000)
  recovery.acknowledged(1, 21_000)
  expect(recovery.times()).toEqual({ count: 3, p50: 2_000, p99: 5_000, most: 5_000 })
})
