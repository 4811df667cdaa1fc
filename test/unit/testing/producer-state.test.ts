import { describe, expect, test } from 'vitest'
import { lastSequence, type ProducerStamp, ProducerState } from '../../../src/testing/producer-state.js'

const stamp = (baseSequence: number, recordCount = 1, producerEpoch = 0): ProducerStamp => ({
  producerId: 1n,
  producerEpoch,
  baseSequence,
  recordCount,
})

describe('lastSequence', () => {
  test.each([
    [0, 1, 0],
    [5, 3, 7],
    [2_147_483_647, 1, 2_147_483_647],
    [2_147_483_647, 2, 0],
    [2_147_483_646, 4, 1],
  ])('of %i with %i records is %i', (base, count, last) => {
    expect(lastSequence(base, count)).toBe(last)
  })
})

describe('ProducerState', () => {
  test('judges a batch without remembering it', () => {
    const state = new ProducerState()
    expect(state.judge(stamp(0))).toEqual({ kind: 'next' })
    expect(state.judge(stamp(9))).toEqual({ kind: 'next' })
    expect(state.producerCount).toBe(0)
  })

  test('recognises a repeated batch only by both its first and its last sequence', () => {
    const state = new ProducerState()
    state.append(stamp(0, 3), { baseOffset: 10, timestamp: 7 })
    expect(state.judge(stamp(0, 3))).toMatchObject({
      kind: 'duplicate',
      stored: { baseOffset: 10, timestamp: 7 },
    })
    for (const other of [stamp(0, 2), stamp(1, 2), stamp(0, 4)]) {
      expect(state.judge(other).kind).toBe('out-of-order')
    }
  })

  test('forgets the batches of the old epoch with the first of a new one', () => {
    const state = new ProducerState()
    state.append(stamp(0, 1, 0), { baseOffset: 0, timestamp: 1 })
    state.append(stamp(0, 1, 4), { baseOffset: 1, timestamp: 1 })
    expect(state.judge(stamp(0, 1, 4))).toMatchObject({ kind: 'duplicate', stored: { baseOffset: 1 } })
    expect(state.judge(stamp(0, 1, 0)).kind).toBe('old-epoch')
    expect(state.judge(stamp(1, 1, 5)).kind).toBe('out-of-order')
    expect(state.judge(stamp(0, 1, 5)).kind).toBe('next')
  })

  test('expires producers by the timestamp of their last batch', () => {
    const state = new ProducerState()
    state.append(stamp(0), { baseOffset: 0, timestamp: 100 })
    state.append({ ...stamp(0), producerId: 2n }, { baseOffset: 1, timestamp: 200 })
    state.expireOlderThan(100)
    expect(state.producerCount).toBe(1)
    expect(state.judge(stamp(55))).toEqual({ kind: 'next' })
    expect(state.expire(2n)).toBe(true)
    expect(state.expire(2n)).toBe(false)
  })
})
