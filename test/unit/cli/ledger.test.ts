import { describe, expect, it } from 'vitest'
import { Ledger } from '../../../src/cli/demo/ledger.js'
import { isFlawless, verdictTable } from '../../../src/cli/demo/verdict.js'
import { NetworkError } from '../../../src/errors.js'

function acknowledged(count: number): Ledger {
  const ledger = new Ledger()
  for (let i = 0; i < count; i++) ledger.acknowledge(ledger.next())
  return ledger
}

describe('the verdict on a log', () => {
  it('is flawless if each acknowledged record is in the log once, in order within its partition', () => {
    const ledger = acknowledged(100_000)
    for (const partition of [0, 1]) for (let i = partition; i < 100_000; i += 2) ledger.see(i, partition)
    const verdict = ledger.verdict()
    expect(verdict).toEqual({
      sent: 100_000,
      acknowledged: 100_000,
      failed: 0,
      unsettled: 0,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      wronglyFailed: 0,
    })
    expect(isFlawless(verdict)).toBe(true)
    expect(verdictTable(verdict).split('\n')[0]).toBe('sent          100,000')
  })

  it('counts acknowledged records that are missing', () => {
    const ledger = acknowledged(4)
    ledger.see(1, 0)
    const verdict = ledger.verdict()
    expect(verdict.lost).toBe(3)
    expect(isFlawless(verdict)).toBe(false)
  })

  it('counts additional copies of a record, in any partition', () => {
    const ledger = acknowledged(2)
    for (const [number, partition] of [
      [0, 0],
      [1, 0],
      [1, 0],
      [0, 1],
    ] as const)
      ledger.see(number, partition)
    expect(ledger.verdict()).toMatchObject({ duplicated: 2, lost: 0, outOfOrder: 0 })
    expect(isFlawless(ledger.verdict())).toBe(false)
  })

  it('counts records that come after a later record', () => {
    const ledger = acknowledged(4)
    for (const number of [0, 3, 1, 2]) ledger.see(number, 0)
    expect(ledger.verdict()).toMatchObject({ outOfOrder: 2, duplicated: 0, lost: 0 })
    expect(isFlawless(ledger.verdict())).toBe(false)
  })

  it('does not count a failed record as lost, and counts one that is in the log although it failed for certain', () => {
    const ledger = new Ledger()
    for (let i = 0; i < 4; i++) ledger.next()
    ledger.fail(0, new NetworkError('cut off', { possiblyPersisted: true }))
    ledger.fail(1, new NetworkError('never sent'))
    ledger.fail(2, new NetworkError('never sent'))
    ledger.see(0, 0)
    ledger.see(1, 0)
    expect(ledger.verdict()).toMatchObject({ failed: 3, unsettled: 1, lost: 0, wronglyFailed: 1 })
    expect(verdictTable(ledger.verdict())).toMatch(/without an outcome +1\nfailed, yet written +1\n/)
    expect(isFlawless(ledger.verdict())).toBe(false)
  })
})
