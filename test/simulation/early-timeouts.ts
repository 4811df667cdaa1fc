import { AbortError, TimeoutError } from '../../src/errors.js'
import type { Ledger, SentRecord } from './ledger.js'
import type { HoldUp } from './virtual-time.js'

/** So much of every hold-up counts as time that passed: docs/guarantees.md, and DESIGN.md says why. */
const COUNTED_MS = 500
/** A pass that is late by no more than this takes it for the event loop's usual delay. */
const UNNOTICED_MS = 50
/** Clocks that are read one after the other. */
const SLACK_MS = 1

/** What was on the wire, as far as it says which records are one batch. */
export interface BatchKnowledge {
  /** Whether the record was in a Produce request. */
  wasSent(id: number): boolean
  /** The oldest record of the batch in which it was sent first; itself if it never was. */
  oldestBeside(id: number): number
}

/** A record that timed out too early, and in which words. */
export interface EarlyTimeout {
  readonly record: SentRecord
  readonly what: string
}

/**
 * Records that were given up as not acknowledged in time (phases `queue` and `in-flight`) before that time was over: `delivery.timeout.ms` since
 * the oldest record of their batch was sent, and what the process stood still meanwhile, but for half a second each time. One of each batch.
 */
export function earlyTimeouts(
  ledger: Ledger,
  deliveryTimeoutMs: number,
  holdUps: readonly HoldUp[],
  batches: BatchKnowledge,
): EarlyTimeout[] {
  const early: EarlyTimeout[] = []
  for (const [error, together] of timedOutTogether(ledger)) {
    const [first] = together as [SentRecord]
    const sinceMs = Math.min(
      ...together.map(({ id }) => ledger.records[batches.oldestBeside(id)]?.sentAtMs ?? 0),
      ...withdrawnBeside(ledger, error, first, batches).map(({ sentAtMs }) => sentAtMs),
    )
    const ownMs = deliveryTimeoutMs + stoodStillMs(holdUps, sinceMs, first.settledAtMs)
    const tookMs = first.settledAtMs - sinceMs
    if (tookMs < ownMs - SLACK_MS)
      early.push({
        record: first,
        what: `was given up as not acknowledged in time ${tookMs.toFixed(0)} ms after the first of its batch was sent, where it has ${ownMs.toFixed(0)} ms`,
      })
  }
  return early
}

/** Records that have one error are of one batch. */
function timedOutTogether({ records }: Ledger): Map<TimeoutError, SentRecord[]> {
  const groups = new Map<TimeoutError, SentRecord[]>()
  for (const record of records) {
    const [outcome] = record.outcomes
    if (outcome?.kind !== 'failed' || !isDeliveryTimeout(outcome.error)) continue
    const group = groups.get(outcome.error)
    if (group === undefined) groups.set(outcome.error, [record])
    else group.push(record)
  }
  return groups
}

export function isDeliveryTimeout(error: unknown): error is TimeoutError {
  return error instanceof TimeoutError && (error.phase === 'queue' || error.phase === 'in-flight')
}

/** Records that may have been the first of the batch: their callers did not wait for the outcome. */
function withdrawnBeside(
  { records }: Ledger,
  { partition }: TimeoutError,
  { id, topic }: SentRecord,
  batches: BatchKnowledge,
): SentRecord[] {
  return records.slice(0, id).filter((other) => {
    const [outcome] = other.outcomes
    return (
      outcome?.kind === 'failed' &&
      outcome.error instanceof AbortError &&
      outcome.error.possiblyPersisted &&
      other.topic === topic &&
      (other.partition === undefined || other.partition === partition) &&
      !batches.wasSent(other.id)
    )
  })
}

/** For how long the client did nothing, as far as that must not count against a record. */
function stoodStillMs(holdUps: readonly HoldUp[], fromMs: number, toMs: number): number {
  return holdUps
    .filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= toMs)
    .reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - startMs - COUNTED_MS - UNNOTICED_MS), 0)
}
