import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { Ledger } from '../../simulation/ledger.js'
import type { SentBatch } from '../../simulation/produce-frames.js'
import { ProduceWatch } from '../../simulation/produce-watch.js'
import { failed, send, settle, timedOut } from './story.js'

const PLACE = { topic: 't', partition: 0 }
const SUCCESS = { ...PLACE, errorCode: ErrorCode.NONE }

function batch(...ids: number[]): SentBatch {
  return { ...PLACE, identity: 'producer 7, epoch 0', ids }
}

/** A watch, and the violations that it has reported. */
function watching(ledger = new Ledger()): {
  watch: ProduceWatch
  reports: string[]
  clock: { nowMs: number }
} {
  const reports: string[] = []
  const clock = { nowMs: 0 }
  const watch = new ProduceWatch(
    ledger,
    () => clock.nowMs,
    (what) => reports.push(what),
  )
  return { watch, reports, clock }
}

const TWO_AT_ONCE =
  '2 requests were out at once before the first acknowledgement under an identity: t-0, producer 7, epoch 0'

describe('the watch on Produce requests', () => {
  const [one, another] = [{}, {}]

  it('knows the partition of each record, and the records of each batch', () => {
    const { watch, reports } = watching()
    watch.sent(one, 1, [batch(4, 5), { ...batch(6), partition: 1 }], true)
    watch.answered(one, 1, [{ ...PLACE, errorCode: ErrorCode.MESSAGE_TOO_LARGE }])
    watch.sent(one, 2, [batch(5)], true)
    expect([watch.wasSent(3), watch.wasSent(5)]).toEqual([false, true])
    expect([watch.oldestBeside(3), watch.oldestBeside(5)]).toEqual([3, 4])
    expect([3, 5, 6].map((id) => watch.partitionOf(id))).toEqual([undefined, 0, 1])
    expect(watch.wasRefusedAsTooLarge).toBe(true)
    expect(reports).toEqual([])
  })

  it('allows several requests in flight after an acknowledgement', () => {
    const { watch, reports } = watching()
    watch.sent(one, 1, [batch(0)], true)
    watch.answered(one, 1, [SUCCESS])
    watch.sent(one, 2, [batch(1)], true)
    watch.sent(one, 3, [batch(2)], true)
    expect(reports).toEqual([])
  })

  it('treats the name and the id of a topic as the same', () => {
    const ledger = new Ledger()
    for (let i = 0; i < 4; i++) send(ledger)
    const { watch, reports } = watching(ledger)
    const byId = (id: number): SentBatch => ({ ...batch(id), topic: 'the id of t' })
    watch.sent(one, 1, [batch(0)], true)
    watch.answered(one, 1, [SUCCESS])
    watch.sent(one, 2, [byId(1)], true)
    watch.sent(one, 3, [byId(2)], true)
    expect(reports).toEqual([])
    watch.sent(another, 1, [byId(3)], true)
    expect(reports).toHaveLength(1)
  })

  it('reports a second request before the first acknowledgement, even after a refusal', () => {
    const { watch, reports } = watching()
    watch.sent(one, 1, [batch(0)], true)
    watch.sent(one, 2, [batch(1)], true)
    expect(reports).toEqual([TWO_AT_ONCE])
    watch.answered(one, 1, [{ ...PLACE, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER }])
    watch.sent(one, 3, [batch(0)], true)
    expect(reports).toEqual([TWO_AT_ONCE, TWO_AT_ONCE])
  })

  it('counts an acknowledgement for one partition, identity and connection, and for a minute', () => {
    const { watch, reports, clock } = watching()
    const next = { ...batch(1), identity: 'producer 7, epoch 1' }
    watch.sent(one, 1, [batch(0), { ...batch(3), partition: 1 }], true)
    watch.answered(one, 1, [SUCCESS])
    watch.sent(one, 2, [next], true)
    watch.sent(one, 3, [next], true)
    expect(reports).toEqual([TWO_AT_ONCE.replace('epoch 0', 'epoch 1')])

    watch.closed(one)
    watch.sent(another, 1, [batch(0)], true)
    watch.sent(another, 2, [batch(1)], true)
    expect(reports.slice(1)).toEqual([TWO_AT_ONCE])

    watch.answered(another, 1, [SUCCESS])
    clock.nowMs = 60_000
    watch.sent(another, 3, [batch(2)], true)
    expect(reports.slice(2)).toEqual([])
    clock.nowMs = 60_001
    watch.sent(another, 4, [batch(2)], true)
    expect(reports.slice(2)).toEqual([TWO_AT_ONCE.replace('2 requests', '3 requests')])
  })

  it('reports a request to another broker while one of the partition is in flight', () => {
    const { watch, reports } = watching()
    watch.sent(one, 1, [batch(0)], true)
    watch.sent(another, 1, [batch(1)], true)
    expect(reports).toEqual([
      'a batch was sent while another broker had one of the partition: t-0, producer 7, epoch 0',
    ])
  })

  it('allows both without idempotence, and for requests without a response', () => {
    const { watch, reports } = watching()
    for (const correlationId of [1, 2])
      watch.sent(one, correlationId, [{ ...batch(0), identity: null }], true)
    for (const correlationId of [3, 4]) watch.sent(another, correlationId, [batch(1)], false)
    expect(reports).toEqual([])
  })

  it('reports a record that was given up right before its acknowledgement was read', () => {
    const ledger = new Ledger()
    const { watch, reports, clock } = watching(ledger)
    const acknowledgedAt = (nowMs: number): void => {
      clock.nowMs = nowMs
      watch.sent(one, nowMs, [batch(0)], true)
      watch.answered(one, nowMs, [SUCCESS])
    }
    settle(ledger, send(ledger), failed(timedOut('in-flight', true)), 3_000)
    acknowledgedAt(3_001)
    expect(reports).toEqual([])
    acknowledgedAt(3_000)
    expect(reports).toEqual([
      'record 0 (t, sent by promise) was given up as not acknowledged in time in the instant in which its acknowledgement was read',
    ])
  })
})
