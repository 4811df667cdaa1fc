import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { AbortError, NetworkError } from '../../../src/errors.js'
import { Ledger, type SentRecord } from '../../simulation/ledger.js'
import { type Doubts, Oracle } from '../../simulation/oracle.js'
import { watchingRejections } from '../../simulation/rejections.js'
import type { ScenarioConfig } from '../../simulation/scenario.js'
import { acknowledged, config, failed, logged, logs, refused, send, settle } from './story.js'

const NO_DOUBTS: Doubts = { namesTopics: false, landsLate: false, stampsTime: false, addsPartitions: false }

/** Three records, acknowledged one after the other at offsets 0 to 2 of partition 0. */
function threeAcknowledged(settings: Partial<ScenarioConfig> = {}): {
  ledger: Ledger
  oracle: Oracle
  records: [SentRecord, SentRecord, SentRecord]
} {
  const ledger = new Ledger()
  const acknowledge = (offset: bigint): SentRecord => settle(ledger, send(ledger), acknowledged(offset), 10)
  const records: [SentRecord, SentRecord, SentRecord] = [acknowledge(0n), acknowledge(1n), acknowledge(2n)]
  return { ledger, oracle: new Oracle(ledger, config(settings)), records }
}

/** The violations that an oracle reports for a run with three acknowledged records and further events. */
function judged(judge: (story: ReturnType<typeof threeAcknowledged>) => void): readonly string[] {
  const story = threeAcknowledged()
  judge(story)
  return story.oracle.violations
}

describe('the oracle of the simulation', () => {
  it('reports no violation for a good run', () => {
    const violations = judged(({ oracle, records: [a, b, c] }) => {
      oracle.judgeOutcomes()
      oracle.judgeRetries()
      oracle.judgeDoubts({ wasSent: () => false })
      oracle.judgeSettlingOrder({ partitionOf: () => undefined }, () => false)
      oracle.judgeMemory(2_250, { bufferMemory: 1_000, waitingMemory: 250, largestRecord: 100, copies: 0 })
      oracle.judgeRemains({ timers: 0, sockets: 0 })
      oracle.judgeHeldAtEnd(0)
      oracle.judgeDuration('close', 100, 100)
      oracle.judgeRecovery([])
      oracle.judgeLogs(logs([logged(a, 0n), logged(b, 1n), logged(c, 2n)]), ['t'], NO_DOUBTS)
    })
    expect(violations).toEqual([])
  })

  describe('of outcomes', () => {
    it('reports a send without one, unless its way of sending reports no success', () => {
      const violations = judged(({ ledger, oracle }) => {
        send(ledger)
        send(ledger, { how: 'silently' })
        oracle.judgeOutcomes()
      })
      expect(violations).toEqual(['record 3 (t, sent by promise) was never settled'])
    })

    it('reports a send with two', () => {
      const violations = judged(({ oracle, records: [a] }) => {
        a.outcomes.push(refused())
        oracle.judgeOutcomes()
      })
      expect(violations).toEqual(['record 0 (t, sent by promise) was settled 2 times'])
    })

    it('reports one that came too late, and does not count stalls', () => {
      const violations = judged(({ ledger, oracle }) => {
        settle(ledger, send(ledger, { sentAtMs: 100 }), acknowledged(3n), 4_101)
        settle(ledger, send(ledger, { sentAtMs: 100 }), acknowledged(4n), 4_100)
        settle(ledger, send(ledger, { stalledMs: 50 }), acknowledged(5n), 9_000).stalledWhenSettledMs = 5_050
        oracle.judgeOutcomes()
      })
      expect(violations).toEqual([
        'record 3 (t, sent by promise) was settled after 4001 ms, where 4000 are allowed',
      ])
    })

    it('reports a failure before the last of the retries', () => {
      const violations = judged(({ ledger, oracle }) => {
        settle(ledger, send(ledger), failed(new NetworkError('lost', { attempts: 3 })), 10)
        settle(ledger, send(ledger), failed(new NetworkError('lost', { attempts: 4 })), 10)
        settle(ledger, send(ledger), refused(), 10)
        oracle.judgeRetries()
      })
      expect(violations).toEqual(['record 3 (t, sent by promise) was given up after 3 attempts: lost'])
    })

    it('reports a record that was never sent and failed as possibly persisted', () => {
      const violations = judged(({ ledger, oracle }) => {
        settle(ledger, send(ledger), refused({ possiblyPersisted: true }), 10)
        settle(ledger, send(ledger), refused({ possiblyPersisted: true }), 10)
        settle(ledger, send(ledger), refused(), 10)
        settle(ledger, send(ledger), failed(new AbortError('given up', { possiblyPersisted: true })), 10)
        oracle.judgeDoubts({ wasSent: (id) => id === 3 })
      })
      expect(violations).toEqual([
        'record 4 (t, sent by promise) was never sent, and is said to be possibly persisted: too large',
      ])
    })

    it('reports one that came before that of an earlier send, except in topics that were created again', () => {
      const violations = judged(({ ledger, oracle }) => {
        for (const topic of ['t', 'anew']) {
          const [older, newer] = [send(ledger, { topic }), send(ledger, { topic })]
          settle(ledger, newer, acknowledged(4n), 10)
          settle(ledger, older, acknowledged(3n), 11)
        }
        oracle.judgeSettlingOrder({ partitionOf: () => undefined }, (topic) => topic === 'anew')
      })
      expect(violations).toEqual([
        'record 4 (t, sent by promise) had its outcome before record 3, which was sent earlier',
      ])
    })
  })

  describe('of logs', () => {
    it('reports an acknowledged record that is missing or at another offset', () => {
      const violations = judged(({ oracle, records: [a, , c] }) => {
        oracle.judgeLogs(logs([logged(a, 0n), logged(c, 3n)]), ['t'], NO_DOUBTS)
      })
      expect(violations).toEqual([
        'record 1 (t, sent by promise) was acknowledged at partition 0, offset 1, and is not in the log',
        'record 2 (t, sent by promise) was acknowledged at partition 0, offset 2, and is at t-0, offset 3 [producer 7]',
      ])
    })

    it('reports a record in the wrong partition', () => {
      const violations = judged(({ ledger, oracle, records: [a, b, c] }) => {
        const elsewhere = settle(ledger, send(ledger, { partition: 1 }), acknowledged(3n), 10)
        const row = [logged(a, 0n), logged(b, 1n), logged(c, 2n), logged(elsewhere, 3n)]
        oracle.judgeLogs(logs(row), ['t'], NO_DOUBTS)
      })
      expect(violations).toEqual([
        'record 3 (t, sent by promise) is in the wrong place: t-0, offset 3 [producer 7]',
      ])
    })

    it('reports a duplicated record', () => {
      const violations = judged(({ oracle, records: [a, b, c] }) => {
        const row = [logged(a, 0n), logged(b, 1n), logged(c, 2n), logged(b, 3n)]
        oracle.judgeLogs(logs(row), ['t'], NO_DOUBTS)
      })
      expect(violations).toEqual([
        'record 1 (t, sent by promise) is in the log 2 times: t-0, offset 1 [producer 7] and t-0, offset 3 [producer 7]',
      ])
    })

    it('reports a record after one that was sent later', () => {
      const ledger = new Ledger()
      const [older, newer] = [send(ledger), send(ledger)]
      settle(ledger, older, acknowledged(1n), 10)
      settle(ledger, newer, acknowledged(0n), 10)
      const oracle = new Oracle(ledger, config())
      const row = [logged(newer, 0n), logged(older, 1n, { producerId: 8n })]
      oracle.judgeLogs(logs(row), ['t'], NO_DOUBTS)
      expect(oracle.violations).toEqual([
        'record 0 stands behind record 1, which was sent later: t-0, offset 0 [producer 7], t-0, offset 1 [producer 7]',
      ])
    })

    it('reports a record in the log that failed as not persisted', () => {
      const violations = judged(({ ledger, oracle, records: [a, b, c] }) => {
        const there = settle(ledger, send(ledger), refused(), 10)
        const perhaps = settle(ledger, send(ledger), refused({ possiblyPersisted: true }), 10)
        settle(ledger, send(ledger), refused({ possiblyPersisted: true }), 10)
        const row = [logged(a, 0n), logged(b, 1n), logged(c, 2n), logged(there, 3n), logged(perhaps, 4n)]
        oracle.judgeLogs(logs(row), ['t'], NO_DOUBTS)
      })
      expect(violations).toEqual([
        'record 3 (t, sent by promise) failed (RECORD_TOO_LARGE) as certainly not persisted, and is at t-0, offset 3 [producer 7]',
      ])
    })

    it('reports a missing silent record, unless acks is 0', () => {
      const silent = (settings: Partial<ScenarioConfig>): readonly string[] => {
        const ledger = new Ledger()
        send(ledger, { how: 'silently' })
        const oracle = new Oracle(ledger, config(settings))
        oracle.judgeLogs(logs(), ['t'], NO_DOUBTS)
        return oracle.violations
      }
      expect(silent({})).toEqual([
        'record 0 (t, sent silently) was never reported as failed, and is not in the log',
      ])
      expect(silent({ acks: 0, enableIdempotence: false })).toEqual([])
    })

    it('reports a record that was never sent', () => {
      const violations = judged(({ oracle, records: [a, b, c] }) => {
        const row = [logged(a, 0n), logged(b, 1n), logged(c, 2n), logged(a, 3n, { id: null })]
        oracle.judgeLogs(logs(row), ['t'], NO_DOUBTS)
      })
      expect(violations).toEqual(['what stands at t-0, offset 3 [producer 7] was never sent: it is damaged'])
    })
  })

  describe('of the end of a run', () => {
    it('reports timers, sockets and bytes that are left', () => {
      const violations = judged(({ oracle }) => {
        oracle.judgeRemains({ timers: 1, sockets: 0 })
        oracle.judgeRemains({ timers: 0, sockets: 2 })
        oracle.judgeHeldAtEnd(100)
      })
      expect(violations).toEqual([
        '1 timers are left after the close',
        '2 sockets are left after the close',
        '100 bytes are held after the close',
      ])
    })

    it('reports more memory than the limit, which includes copies of batches', () => {
      const violations = judged(({ oracle }) => {
        oracle.judgeMemory(2_251, { bufferMemory: 1_000, waitingMemory: 250, largestRecord: 100, copies: 0 })
        oracle.judgeMemory(2_600, {
          bufferMemory: 1_000,
          waitingMemory: 250,
          largestRecord: 1_500,
          copies: 0,
        })
        oracle.judgeMemory(3_250, { bufferMemory: 1_000, waitingMemory: 250, largestRecord: 100, copies: 1 })
      })
      expect(violations).toEqual([
        '2251 bytes were held, where 2250 are allowed',
        '2600 bytes were held, where 2500 are allowed',
      ])
    })

    it('reports a call that took too long, and a producer that does not recover', () => {
      const violations = judged(({ oracle }) => {
        oracle.judgeDuration('close', 5_101, 5_000)
        oracle.judgeDuration('flush', 101, 0)
        oracle.judgeDuration('flush', 100, 0)
        oracle.judgeRecovery(['no leader', 'no leader either'])
      })
      expect(violations).toEqual([
        'close took 5101 ms, where 5000 ms were allowed',
        'flush took 101 ms, where 0 ms were allowed',
        'the producer does not recover: no leader',
      ])
    })

    it('reports unhandled rejections during a run', async () => {
      const source = new EventEmitter()
      const heard: string[] = []
      const result = await watchingRejections(
        source,
        (what) => heard.push(what),
        async () => {
          source.emit('unhandledRejection', 'lost')
          return 7
        },
      )
      source.emit('unhandledRejection', 'somebody else’s')
      expect(result).toBe(7)
      expect(heard).toEqual(['unhandled rejection: lost'])
    })
  })
})
