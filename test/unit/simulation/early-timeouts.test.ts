import { describe, expect, it } from 'vitest'
import { AbortError, BufferExhaustedError, type KafkaError, TimeoutError } from '../../../src/errors.js'
import { type BatchKnowledge, earlyTimeouts } from '../../simulation/early-timeouts.js'
import { Ledger } from '../../simulation/ledger.js'
import type { Stall } from '../../simulation/virtual-time.js'
import { failed, refused, send, settle, timedOut } from './story.js'

const LIMITS = { deliveryTimeoutMs: 2_000, maxBlockMs: 1_000 }
const NEVER_SENT: BatchKnowledge = { wasSent: () => false, oldestBeside: (id) => id }

/**
 * The violations for a record that was sent at 1,000 ms with a limit of 2,000 ms, and timed out at `atMs`.
 */
function judged(
  atMs: number,
  stalls: readonly Stall[] = [],
  phase: 'queue' | 'in-flight' = 'queue',
): string[] {
  const ledger = new Ledger()
  settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(timedOut(phase)), atMs)
  return earlyTimeouts(ledger, LIMITS, stalls, NEVER_SENT).map(({ record, what }) => `${record.id} ${what}`)
}

describe('timeouts that came too early', () => {
  it('are those before delivery.timeout.ms was over', () => {
    const tooEarly = [
      '0 was given up as too late 1998 ms after the first of its batch was sent, where it has 2000 ms',
    ]
    expect(judged(2_998)).toEqual(tooEarly)
    expect(judged(2_998, [], 'in-flight')).toEqual(tooEarly)
    expect(judged(3_000)).toEqual([])
  })

  it('come before a limit that each stall extends by its length except half a second', () => {
    const stalls = [
      { startMs: 0, endMs: 900 },
      { startMs: 1_500, endMs: 4_500 },
    ]
    expect(judged(4_500, stalls)).toEqual([
      '0 was given up as too late 3500 ms after the first of its batch was sent, where it has 4450 ms',
    ])
    expect(judged(5_500, stalls)).toEqual([])
    expect(judged(3_000, [{ startMs: 1_500, endMs: 2_000 }])).toEqual([])
  })

  it('are counted from the oldest record of a batch, whose records share one error', () => {
    const ledger = new Ledger()
    const error = timedOut('queue')
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(error), 3_000)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(error), 3_000)
    expect(earlyTimeouts(ledger, LIMITS, [], NEVER_SENT)).toEqual([])
    settle(ledger, send(ledger, { sentAtMs: 2_600 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, LIMITS, [], NEVER_SENT).map(({ record }) => record.id)).toEqual([2])
  })

  it('are counted from the oldest record of their batch before it was split', () => {
    const ledger = new Ledger()
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), refused(), 2_700)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, LIMITS, [], NEVER_SENT)).toHaveLength(1)
    expect(earlyTimeouts(ledger, LIMITS, [], { wasSent: () => true, oldestBeside: () => 0 })).toEqual([])
  })

  it('may be counted from a record whose promise was aborted', () => {
    const ledger = new Ledger()
    const aborted = new AbortError('aborted', { possiblyPersisted: true })
    settle(ledger, send(ledger, { sentAtMs: 1_000 }), failed(aborted), 1_005)
    settle(ledger, send(ledger, { sentAtMs: 2_500 }), failed(timedOut('queue')), 3_000)
    expect(earlyTimeouts(ledger, LIMITS, [], NEVER_SENT)).toEqual([])
    expect(earlyTimeouts(ledger, LIMITS, [], { ...NEVER_SENT, wasSent: () => true })).toHaveLength(1)
  })

  it('are those before max.block.ms was over, while a record waits for memory or metadata', () => {
    const waited = (error: KafkaError, tookMs: number, stalls: readonly Stall[] = []): string[] => {
      const ledger = new Ledger()
      settle(ledger, send(ledger, { sentAtMs: 500 }), failed(error), 500 + tookMs)
      return earlyTimeouts(ledger, LIMITS, stalls, NEVER_SENT).map(({ what }) => what)
    }
    const noMemory = new BufferExhaustedError('no memory', { partition: 0 })
    const stalls = [{ startMs: 600, endMs: 2_600 }]
    expect(waited(noMemory, 998)).toEqual([
      'was given up as too late 998 ms after it was sent, where it has 1000 ms',
    ])
    expect(waited(noMemory, 1_000)).toEqual([])
    expect(waited(noMemory, 2_100, stalls)).toEqual([
      'was given up as too late 2100 ms after it was sent, where it has 2450 ms',
    ])
    expect(waited(new BufferExhaustedError('too much waits'), 0)).toEqual([])
    const noMetadata = new TimeoutError('no metadata', 'metadata')
    expect(waited(noMetadata, 998)).toHaveLength(1)
    expect(waited(noMetadata, 2_100, stalls)).toHaveLength(1)
  })
})
