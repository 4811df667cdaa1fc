import { describe, expect, it } from 'vitest'
import { Ledger } from '../../simulation/ledger.js'
import { difference, separated } from '../../simulation/log-content.js'
import { logged, send } from './story.js'

const content = { key: 'k', headers: { trace: '7' }, timestamp: 1_000, bytes: 8 }

describe('the logged key, headers and timestamp of a record', () => {
  const sent = send(new Ledger(), { content })

  it('equal the sent ones', () => {
    expect(difference(sent, logged(sent, 0n), true)).toBeNull()
  })

  it('may differ in each of the three', () => {
    expect(difference(sent, logged(sent, 0n, { key: null }), true)).toBe(
      'has the key null, and was sent with k',
    )
    expect(difference(sent, logged(sent, 0n, { headers: {} }), true)).toBe(
      'has the headers [], and was sent with [["trace","7"]]',
    )
    const later = logged(sent, 0n, { timestamp: 1_001 })
    expect(difference(sent, later, true)).toBe('has the timestamp 1001, and was sent at 1000')
    expect(difference(sent, later, false)).toBeNull()
  })
})

describe('records with one key', () => {
  it('are in one partition, unless another was given', () => {
    const ledger = new Ledger()
    const here = send(ledger, { content, partition: undefined })
    const there = send(ledger, { content, partition: undefined })
    const told = send(ledger, { content, partition: 2 })
    const other = send(ledger, { content: { ...content, key: 'l' }, partition: undefined })
    const row = [logged(here, 0n), logged(told, 0n, { partition: 2 }), logged(other, 0n, { partition: 1 })]
    expect(separated(ledger.records, [row])).toEqual([])
    const moved = logged(there, 1n, { partition: 1 })
    expect(separated(ledger.records, [[...row, moved]])).toEqual([{ logged: moved, other: row[0] }])
  })
})
