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
