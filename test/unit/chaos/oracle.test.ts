import { describe, expect, it } from 'vitest'
import { Incarnation, outcomes } from '../../chaos/judge/incarnation.js'
import { noViolations, Oracle, type Recreation } from '../../chaos/judge/oracle.js'

const topics = [
  { name: 'main', partitions: 4 },
  { name: 'growing', partitions: 2 },
  { name: 'recreated', partitions: 2 },
]

/** Records 0 to 4 of incarnation 1 were acknowledged in partition 0, one after the other. */
function fiveAcknowledged(): Incarnation {
  const incarnation = new Incarnation(1, topics)
  incarnation.sending(0, 1_000)
  for (let number = 0; number < 5; number++)
    incarnation.settle(number, outcomes.acknowledged, 0, 100 + number)
  incarnation.end(5)
  return incarnation
}

function oracleOf(incarnation: Incarnation, recreation?: Recreation): Oracle {
  return new Oracle('main', new Map([[incarnation.id, incarnation]]), recreation)
}

/** Shows these records of incarnation 1 to the oracle, as `[partition, offset, number]`. */
function judged(oracle: Oracle, log: readonly (readonly [number, number, number])[]): Oracle {
  for (const [partition, offset, number] of log) oracle.see(partition, offset, 1, number)
  oracle.finish()
  return oracle
}

const wholeLog = [0, 1, 2, 3, 4].map((number) => [0, 100 + number, number] as const)

describe('the oracle', () => {
  it('accepts a log with all acknowledged records', () => {
    const { verdict, examples, read } = judged(oracleOf(fiveAcknowledged()), wholeLog)
    expect(verdict).toEqual(noViolations())
    expect(examples).toEqual([])
    expect(read).toBe(5)
  })

  it('sees a lost record', () => {
    const { verdict, examples } = judged(
      oracleOf(fiveAcknowledged()),
      wholeLog.filter(([, , number]) => number !== 3),
    )
    expect(verdict).toEqual({ ...noViolations(), lost: 1 })
    expect(examples).toEqual(['main: record 1.3 was acknowledged at 0/103 but is not in the log'])
  })

  it('sees a duplicate record, acknowledged or not', () => {
    const acknowledged = judged(oracleOf(fiveAcknowledged()), [...wholeLog, [0, 105, 2]])
    expect(acknowledged.verdict).toEqual({ ...noViolations(), duplicated: 1 })
    expect(acknowledged.examples).toEqual(['main 0/105: record 1.2 is in the log a second time'])

    const incarnation = fiveAcknowledged()
    incarnation.settle(5, outcomes.possiblyPersisted, 0, -1)
    incarnation.end(6)
    const doubtful = judged(oracleOf(incarnation), [...wholeLog, [0, 105, 5], [1, 0, 5]])
    expect(doubtful.verdict).toEqual({ ...noViolations(), duplicated: 1 })
  })

  it('sees a reordered record', () => {
    const incarnation = new Incarnation(1, topics)
    for (const [number, offset] of [
      [0, 0],
      [1, 2],
      [2, 1],
    ] as const)
      incarnation.settle(number, outcomes.acknowledged, 0, offset)
    incarnation.end(3)
    const { verdict, examples } = judged(oracleOf(incarnation), [
      [0, 0, 0],
      [0, 1, 2],
      [0, 2, 1],
    ])
    expect(verdict).toEqual({ ...noViolations(), outOfOrder: 1 })
    expect(examples).toEqual(['main 0/2: record 1.1 comes after record 2, which was sent later'])
  })

  it('compares only records of one partition and one incarnation', () => {
    const first = fiveAcknowledged()
    const second = new Incarnation(2, topics)
    second.settle(0, outcomes.acknowledged, 0, 105)
    second.settle(1, outcomes.acknowledged, 1, 0)
    second.end(2)
    const oracle = new Oracle(
      'main',
      new Map([
        [1, first],
        [2, second],
      ]),
    )
    for (const [partition, offset, number] of wholeLog) oracle.see(partition, offset, 1, number)
    oracle.see(0, 105, 2, 0)
    oracle.see(1, 0, 2, 1)
    oracle.finish()
    expect(oracle.verdict).toEqual(noViolations())
  })

  it('sees a record at another place than the acknowledged one, but accepts an acknowledgement without an offset', () => {
    const moved = judged(oracleOf(fiveAcknowledged()), [...wholeLog.slice(0, 4), [0, 999, 4]])
    expect(moved.verdict).toEqual({ ...noViolations(), misplaced: 1 })

    const incarnation = new Incarnation(1, topics)
    incarnation.settle(0, outcomes.acknowledged, 3, -1)
    incarnation.end(1)
    expect(judged(oracleOf(incarnation), [[3, 77, 0]]).verdict).toEqual(noViolations())
    expect(judged(oracleOf(incarnation), [[2, 77, 0]]).verdict).toEqual({ ...noViolations(), misplaced: 1 })
  })

  it('sees a record in the log that was reported as certainly not persisted', () => {
    const incarnation = fiveAcknowledged()
    incarnation.settle(5, outcomes.notPersisted, 0, -1)
    incarnation.end(6)
    expect(judged(oracleOf(incarnation), wholeLog).verdict).toEqual(noViolations())
    expect(judged(oracleOf(incarnation), [...wholeLog, [1, 0, 5]]).verdict).toEqual({
      ...noViolations(),
      notPersistedButThere: 1,
    })
  })

  it('accepts a possibly persisted record that is in the log, and one that is not', () => {
    const incarnation = fiveAcknowledged()
    incarnation.settle(5, outcomes.possiblyPersisted, 0, -1)
    incarnation.settle(6, outcomes.possiblyPersisted, 0, -1)
    incarnation.end(7)
    expect(judged(oracleOf(incarnation), [...wholeLog, [1, 0, 6]]).verdict).toEqual(noViolations())
  })

  it('sees records that were never sent, or never to this topic, and damaged ones', () => {
    const oracle = oracleOf(fiveAcknowledged())
    oracle.see(1, 0, 1, 5)
    oracle.see(1, 1, 9, 0)
    oracle.see(1, 2, 1, 7) // a record of the second topic
    oracle.damaged('1/3')
    judged(oracle, wholeLog)
    expect(oracle.verdict).toEqual({ ...noViolations(), foreign: 4 })
    expect(oracle.read).toBe(9)
  })

  it('sees a record without an outcome, but not of a driver that was killed', () => {
    const ended = fiveAcknowledged()
    ended.end(6)
    expect(judged(oracleOf(ended), wholeLog).verdict).toEqual({ ...noViolations(), unsettled: 1 })

    const killed = new Incarnation(1, topics)
    killed.sending(0, 1_000)
    killed.settle(0, outcomes.acknowledged, 0, 0)
    const oracle = judged(oracleOf(killed), [
      [0, 0, 0],
      [0, 1, 4],
      [0, 2, 5_000],
    ])
    expect(oracle.verdict).toEqual(noViolations())
    oracle.see(0, 3, 1, 5_000)
    expect(oracle.verdict).toEqual({ ...noViolations(), duplicated: 1 })
  })

  it('expects in a recreated topic the records sent after its creation, and none from before its deletion', () => {
    const incarnation = new Incarnation(1, topics)
    const recreated = [14, 34, 54]
    for (const [index, number] of recreated.entries()) {
      incarnation.sending(number, 1_000 * (index + 1))
      incarnation.settle(number, outcomes.acknowledged, 0, index)
    }
    incarnation.sending(55, 4_000)
    const log = (numbers: readonly number[]) => {
      const oracle = new Oracle('recreated', new Map([[1, incarnation]]), {
        deletedAtMs: 2_000,
        createdAtMs: 3_000,
      })
      for (const number of numbers) oracle.see(0, recreated.indexOf(number), 1, number)
      oracle.finish()
      return oracle.verdict
    }
    expect(log([54])).toEqual(noViolations())
    // Records sent between the deletion and the creation may be in the log or not.
    expect(log([34, 54])).toEqual(noViolations())
    expect(log([34])).toEqual({ ...noViolations(), lost: 1 })
    expect(log([14, 54])).toEqual({ ...noViolations(), foreign: 1 })
  })

  it('counts outcomes that came after another one', () => {
    const incarnation = fiveAcknowledged()
    expect(incarnation.settledTwice).toBe(0)
    incarnation.settle(2, outcomes.possiblyPersisted, 0, -1)
    expect(incarnation.settledTwice).toBe(1)
  })
})
