import { describe, expect, it } from 'vitest'
import { AbortError } from '../../../src/errors.js'
import { type BatchKnowledge, earlyTimeouts } from '../../simulation/early-timeouts.js'
import { Ledger } from '../../simulation/ledger.js'
import type { HoldUp } from '../../simulation/virtual-time.js'
import { failed, refused, send, settle, timedOut } from './story.js'

const NEVER_SENT: BatchKnowledge = { wasSent: () => false, oldestBeside: (id) => id }

/** What is said of one record sent at 1,000 ms that timed out at `atMs`, with 2,000 ms to go. */
function judged(
  atMs: number,
  holdUps: readonly HoldUp[] = [],
  phase: 'queue' | 'in-flight' = 'queue',
): string[] {
  const ledger = new Ledger()
  settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(timedOut(phase)), atMs)
  return earlyTimeouts(ledger, 2_000, holdUps, NEVER_SENT).map(({ record, what }) => `${record.id} ${what}`)
}

describe('timeouts that came too early', () => {
  it('are those before delivery.timeout.ms was over', () => {
    const tooEarly = [
      '0 was given up as not acknowledged in time 1998 ms after the first of its batch was sent, where it has 2000 ms',
    ]
    expect(judged(2_998)).toEqual(tooEarly)
    expect(judged(2_998, [], 'in-flight')).toEqual(tooEarly)
    expect(judged(3_000)).toEqual([])
  })

  it('are later by what the process stood still meanwhile, but for half a second', () => {
    const holdUps = [
      { startMs: 0, endMs: 900 },
      { startMs: 1_500, endMs: 4_500 },
    ]
    expect(judged(4_500, holdUps)).toEqual([
      '0 was given up as not acknowledged in time 3500 ms after the first of its batch was sent, where it has 4450 ms',
    ])
    expect(judged(5_500, holdUps)).toEqual([])
    expect(judged(3_000, [{ startMs: 1_500, endMs: 2_000 }])).toEqual([])
  })

  it('are counted from the oldest record of a batch, which has one error', () => {
    const ledger = new Ledger()
    const error = timedOut('queue')
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(error), 3_000)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(error), 3_000)
    expect(earlyTimeouts(ledger, 2_000, [], NEVER_SENT)).toEqual([])
    settle(ledger, send(ledger, { sentAtMs: 2_600 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, 2_000, [], NEVER_SENT).map(({ record }) => record.id)).toEqual([2])
  })

  it('are counted from the oldest that was sent beside them, before their batch was split', () => {
    const ledger = new Ledger()
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), refused(), 2_700)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, 2_000, [], NEVER_SENT)).toHaveLength(1)
    expect(earlyTimeouts(ledger, 2_000, [], { wasSent: () => true, oldestBeside: () => 0 })).toEqual([])
  })

  it('may be counted from a record whose caller did not wait', () => {
    const ledger = new Ledger()
    const aborted = new AbortError('aborted', { possiblyPersisted: true })
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(aborted), 1_005)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, 2_000, [], NEVER_SENT)).toEqual([])
    expect(earlyTimeouts(ledger, 2_000, [], { ...NEVER_SENT, wasSent: () => true })).toHaveLength(1)
  })
})
