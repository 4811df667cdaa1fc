import { describe, expect, it } from 'vitest'
import { TopicTable } from '../../../src/network/topic-table.js'
import type { MetadataTopic } from '../../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'
import { metadataTopic } from '../../support/fake-broker.js'

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** A table that has heard of topic `t` once. */
function tableWith(first: MetadataTopic): TopicTable {
  const table = new TopicTable()
  table.want('t', 0)
  answer(table, first)
  return table
}

function answer(table: TopicTable, topic: MetadataTopic): void {
  table.apply(['t'], new Map([['t', topic]]), 'broker:9092')
}

const leaders = (table: TopicTable): number[] =>
  table.get('t')?.partitions.map(({ leaderId }) => leaderId) ?? []

describe('a topic of brokers without topic ids', () => {
  for (const known of [ZERO_UUID, ID]) {
    const before = known === ZERO_UUID ? 'without an id' : 'with an id, from newer brokers'
    it(`that was known ${before} is a new one when three answers in a row give older epochs`, () => {
      const table = tableWith(metadataTopic('t', known, [1, 2], 5))
      const anew = metadataTopic('t', ZERO_UUID, [2, 1], 0)
      answer(table, anew)
      answer(table, anew)
      expect(leaders(table)).toEqual([1, 2])
      answer(table, anew)
      expect(leaders(table)).toEqual([2, 1])
      answer(table, metadataTopic('t', ZERO_UUID, [1, 1], 1))
      expect(leaders(table)).toEqual([1, 1])
    })
  }

  it('is the old one as long as answers with the known epochs come in between', () => {
    const current = metadataTopic('t', ZERO_UUID, [1, 2], 5)
    const table = tableWith(current)
    for (let i = 0; i < 5; i++) {
      answer(table, metadataTopic('t', ZERO_UUID, [2, 1], 4))
      answer(table, metadataTopic('t', ZERO_UUID, [2, 1], 4))
      answer(table, current)
    }
    expect(leaders(table)).toEqual([1, 2])
  })
})

it('older epochs of a topic with an id come from a broker that is behind, however often', () => {
  const table = tableWith(metadataTopic('t', ID, [1, 2], 5))
  for (let i = 0; i < 5; i++) answer(table, metadataTopic('t', ID, [2, 1], 4))
  expect(leaders(table)).toEqual([1, 2])
})

describe('a topic of which brokers name two ids', () => {
  const NEW = 'AAAAAAAAAAAAAAAAAAAAAg'
  const old = metadataTopic('t', ID, [1, 2], 9)
  const anew = metadataTopic('t', NEW, [2, 1], 0)
  const idOf = (table: TopicTable): string | undefined => table.get('t')?.topicId

  it('is the one that was named last for the first time, however often some are behind', () => {
    const table = tableWith(old)
    answer(table, anew)
    for (let i = 0; i < 20; i++) {
      for (let behind = 0; behind < 4; behind++) answer(table, old)
      expect(idOf(table)).toBe(NEW)
      answer(table, anew)
    }
  })

  it('is the earlier one after all when nobody names the other any more', () => {
    // The first answer is right, the second one comes from a broker that is behind: its id, too, is one that was never heard of.
    const table = tableWith(anew)
    answer(table, old)
    for (let i = 0; i < 10; i++) answer(table, anew)
    expect(idOf(table)).toBe(NEW)
    expect(leaders(table)).toEqual([2, 1])
    expect(table.error('t')).toBeUndefined()
    // And the broker that is behind does not bring the other one back.
    answer(table, old)
    expect(idOf(table)).toBe(NEW)
  })

  it('does not count answers that say nothing of the topic, or nothing of ids', () => {
    const table = tableWith(anew)
    answer(table, old)
    for (let i = 0; i < 9; i++) {
      answer(table, anew)
      table.apply(['t'], new Map(), 'broker:9092')
      answer(table, metadataTopic('t', ZERO_UUID, [1, 2], 9))
    }
    expect(idOf(table)).toBe(ID)
    answer(table, anew)
    expect(idOf(table)).toBe(NEW)
  })

  it('is believed at once when the brokers are those of another cluster, which has ids of its own', () => {
    const table = tableWith(old)
    answer(table, anew)
    table.forgetCluster()
    answer(table, old)
    expect(idOf(table)).toBe(ID)
    expect(leaders(table)).toEqual([1, 2])
  })
})
