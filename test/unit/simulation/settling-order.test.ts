import { describe, expect, it } from 'vitest'
import { AbortError, BufferExhaustedError, ProducerClosedError } from '../../../src/errors.js'
import { Ledger, type Outcome, type SentRecord } from '../../simulation/ledger.js'
import { overtakings, partitionOfOutcome } from '../../simulation/settling-order.js'
import { acknowledged, failed, refused, send, settle } from './story.js'

/** The overtakings among two records, of which the later one settles first. */
function overtaking(
  older: Outcome,
  newer: Outcome,
  [olderHow, newerHow]: readonly SentRecord['how'][] = [],
  inOneEvent = false,
): number[][] {
  const ledger = new Ledger()
  const first = send(ledger, { how: olderHow ?? 'by promise' })
  const second = send(ledger, { how: newerHow ?? 'by promise' })
  settle(ledger, second, newer, 10)
  settle(ledger, first, older, 10)
  if (inOneEvent) first.settledInEvent = second.settledInEvent
  return overtakings(ledger.records, partitionOfOutcome).map(({ record, older: { id } }) => [record.id, id])
}

describe('outcomes out of order', () => {
  it('are found among successes and failures alike', () => {
    expect(overtaking(acknowledged(0n), acknowledged(1n))).toEqual([[1, 0]])
    expect(overtaking(acknowledged(0n), refused())).toEqual([[1, 0]])
    expect(overtaking(refused(), acknowledged(0n))).toEqual([[1, 0]])
    expect(overtaking(refused(), refused())).toEqual([[1, 0]])
  })

  it('are not found between partitions', () => {
    expect(overtaking(acknowledged(0n, 0), acknowledged(0n, 1))).toEqual([])
  })

  it('are not found for records that were in no batch, or whose promise was aborted', () => {
    expect(overtaking(acknowledged(0n), failed(new BufferExhaustedError('full', { partition: 0 })))).toEqual(
      [],
    )
    expect(overtaking(acknowledged(0n), failed(new ProducerClosedError('closed')))).toEqual([])
    expect(
      overtaking(acknowledged(0n), failed(new AbortError('aborted', { partition: 0, attempts: 1 }))),
    ).toEqual([])
  })

  it('are found within one event only among records that were sent in one way', () => {
    const callbacks = ['by callback', 'by callback'] as const
    expect(overtaking(acknowledged(0n), acknowledged(1n), callbacks, true)).toEqual([[1, 0]])
    expect(overtaking(acknowledged(0n), acknowledged(1n), ['by promise', 'by callback'], true)).toEqual([])
  })

  it('are not found in the order of the sends', () => {
    const ledger = new Ledger()
    const outcomes = [acknowledged(0n), refused(), acknowledged(1n)]
    for (const outcome of outcomes) settle(ledger, send(ledger), outcome, 10)
    expect(overtakings(ledger.records, partitionOfOutcome)).toEqual([])
  })

  it('are also found with the partitions seen on the wire', () => {
    const ledger = new Ledger()
    const [older, newer] = [send(ledger), send(ledger)]
    settle(ledger, newer, failed(new ProducerClosedError('closed', { possiblyPersisted: true })), 10)
    settle(ledger, older, acknowledged(0n), 10)
    expect(overtakings(ledger.records, () => 0)).toEqual([{ record: newer, older }])
  })
})
