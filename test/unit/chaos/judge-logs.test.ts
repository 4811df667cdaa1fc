import { describe, expect, it } from 'vitest'
import { Incarnation, outcomes } from '../../chaos/judge/incarnation.js'
import { judgeLog } from '../../chaos/judge/judge-logs.js'
import type { Oracle } from '../../chaos/judge/oracle.js'

/** Judges ten acknowledged records of a partition. Each number is how many of them one reading shows. */
async function judge(
  readings: readonly number[],
): Promise<{ readonly oracle: Oracle; readonly read: number }> {
  const incarnation = new Incarnation(1, [{ name: 'main', partitions: 1 }])
  incarnation.sending(0, 1_000)
  for (let number = 0; number < 10; number++) incarnation.settle(number, outcomes.acknowledged, 0, number)
  incarnation.end(10)
  let read = 0
  const oracle = await judgeLog([], 'main', undefined, new Map([[1, incarnation]]), {
    read: async (_servers, _topic, listener) => {
      const shown = readings[read++] ?? 0
      for (let number = 0; number < shown; number++) listener.see(0, number, 1, number)
    },
    pause: async () => {},
  })
  return { oracle, read }
}

describe('a log with missing records', () => {
  it('is read once if no record is missing', async () => {
    const { oracle, read } = await judge([10])
    expect([oracle.verdict.lost, read]).toEqual([0, 1])
  })

  it('is read again, because its leader may have shown too few records', async () => {
    const { oracle, read } = await judge([0, 7, 10])
    expect([oracle.verdict.lost, oracle.read, read]).toEqual([0, 10, 3])
  })

  it('has lost the records that two readings do not find', async () => {
    const { oracle, read } = await judge([7, 8, 8])
    expect([oracle.verdict.lost, read]).toEqual([2, 3])
  })

  it('is not judged while every reading finds more records', async () => {
    await expect(judge([1, 2, 3, 4, 5])).rejects.toThrow('5 readings of main found more records each time')
  })
})
