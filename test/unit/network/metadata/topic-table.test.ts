// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { TopicTable } from '../../../../src/network/metadata/topic-table.js'
import type { MetadataTopic } from '../../../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../../../src/protocol/uuid.js'
import { metadataTopic } from '../../../support/fake-broker.js'

const ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

/** A table that topic `t` was merged into once. */
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
    it(`that was known ${before} is a new one after three responses in a row with older epochs`, () => {
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

  it('is the old one as long as responses with the known epochs come in between', () => {
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

it('R9: a topic keeps its id when a response without ids starts its epochs anew', () => {
  const table = tableWith(metadataTopic('t', ID, [1, 2], 5))
  table.forgetEpochs()
  answer(table, metadataTopic('t', ZERO_UUID, [2, 1], 3))
  expect(leaders(table)).toEqual([2, 1])
  expect(table.get('t')?.topicId).toBe(ID)
})

it('a topic without an id is a new one after three responses in a row with an id and fewer partitions', () => {
  const table = tableWith(metadataTopic('t', ZERO_UUID, [1, 2], 5))
  const anew = metadataTopic('t', ID, [2], 0)
  answer(table, anew)
  answer(table, anew)
  expect(table.get('t')?.topicId).toBe(ZERO_UUID)
  answer(table, anew)
  expect(table.get('t')?.topicId).toBe(ID)
  expect(leaders(table)).toEqual([2])
})

it('a topic with an id keeps its epochs, however often a broker that is behind gives older ones', () => {
  const table = tableWith(metadataTopic('t', ID, [1, 2], 5))
  for (let i = 0; i < 5; i++) answer(table, metadataTopic('t', ID, [2, 1], 4))
  expect(leaders(table)).toEqual([1, 2])
})

describe('a topic to which brokers give two ids', () => {
  const NEW = 'AAAAAAAAAAAAAAAAAAAAAg'
  const old = metadataTopic('t', ID, [1, 2], 9)
  const anew = metadataTopic('t', NEW, [2, 1], 0)
  const idOf = (table: TopicTable): string | undefined => table.get('t')?.topicId

  it('has the id that appeared last, however often brokers that are behind give the other', () => {
    const table = tableWith(old)
    answer(table, anew)
    for (let i = 0; i < 20; i++) {
      for (let behind = 0; behind < 4; behind++) answer(table, old)
      expect(idOf(table)).toBe(NEW)
      answer(table, anew)
    }
  })

  it('gets the earlier id back when no broker gives the other any more', () => {
    // The first response is right. The second one comes from a broker that is behind, with another new id.
    const table = tableWith(anew)
    answer(table, old)
    for (let i = 0; i < 10; i++) answer(table, anew)
    expect(idOf(table)).toBe(NEW)
    expect(leaders(table)).toEqual([2, 1])
    expect(table.error('t')).toBeUndefined()
    // The broker that is behind does not bring the other id back.
    answer(table, old)
    expect(idOf(table)).toBe(NEW)
  })

  it('ignores responses without the topic or without ids', () => {
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

  it('takes the id of another cluster at once', () => {
    const table = tableWith(old)
    answer(table, anew)
    table.forgetCluster()
    answer(table, old)
    expect(idOf(table)).toBe(ID)
    expect(leaders(table)).toEqual([1, 2])
  })
})
