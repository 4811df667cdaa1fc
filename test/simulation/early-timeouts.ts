import { AbortError, TimeoutError } from '../../src/errors.js'
import type { Ledger, SentRecord } from './ledger.js'
import type { ScenarioConfig } from './scenario.js'
import type { Stall } from './virtual-time.js'

/**
 * The part of every stall that counts as elapsed time: see docs/guarantees.md; DESIGN.md gives the reason.
 */
const COUNTED_MS = 500
/** A pass that is late by no more than this counts the delay as usual for the event loop. */
const UNNOTICED_MS = 50
/** Tolerance for clocks that are read one after the other. */
const SLACK_MS = 1

/** The records of each batch, as seen on the wire. */
export interface BatchKnowledge {
  /** Whether the record was in a Produce request. */
  wasSent(id: number): boolean
  /** The oldest record of the first batch in which the record was sent; the record itself if it never was. */
  oldestBeside(id: number): number
}

/** A record that timed out too early, with the violation's message. */
export interface EarlyTimeout {
  readonly record: SentRecord
  readonly what: string
}

/** The timeout settings. */
export type TimeLimits = Pick<ScenarioConfig, 'deliveryTimeoutMs' | 'maxBlockMs'>

/** The records that timed out before `delivery.timeout.ms` or `max.block.ms` had passed. */
export function earlyTimeouts(
  ledger: Ledger,
  limits: TimeLimits,
  stalls: readonly Stall[],
  batches: BatchKnowledge,
): EarlyTimeout[] {
  return [
    ...earlyInBatches(ledger, limits, stalls, batches),
    ...ledger.records.flatMap((record) => earlyInWaiting(record, limits, stalls)),
  ]
}

/**
 * Judges phases `queue` and `in-flight`. The limit is `delivery.timeout.ms` since the send of the batch's
 * oldest record, extended by each stall except half a second. One record of each batch is named.
 */
function earlyInBatches(
  ledger: Ledger,
  { deliveryTimeoutMs }: TimeLimits,
  stalls: readonly Stall[],
  batches: BatchKnowledge,
): EarlyTimeout[] {
  return [...timedOutTogether(ledger)].flatMap(([error, together]) => {
    const [first] = together as [SentRecord]
    const sinceMs = Math.min(
      ...together.map(({ id }) => ledger.records[batches.oldestBeside(id)]?.sentAtMs ?? 0),
      ...withdrawnBeside(ledger, error, first, batches).map(({ sentAtMs }) => sentAtMs),
    )
    const ownMs = deliveryTimeoutMs + stoodStillMs(stalls, sinceMs, first.settledAtMs)
    return earlier(first, first.settledAtMs - sinceMs, ownMs, 'the first of its batch')
  })
}

/**
 * Judges phases `buffer` and `metadata`. The limit is `max.block.ms` since the send, extended by the stalls.
 * A record that is refused at once because too many wait has no partition in its error.
 */
function earlyInWaiting(
  record: SentRecord,
  { maxBlockMs }: TimeLimits,
  stalls: readonly Stall[],
): EarlyTimeout[] {
  const { outcomes, sentAtMs, settledAtMs } = record
  const [outcome] = outcomes
  if (outcome?.kind !== 'failed' || !(outcome.error instanceof TimeoutError)) return []
  const { phase, partition } = outcome.error
  const waitedForMemory = phase === 'buffer' && partition !== undefined
  if (!waitedForMemory && phase !== 'metadata') return []
  const ownMs = maxBlockMs + stoodStillMs(stalls, sentAtMs, settledAtMs)
  return earlier(record, settledAtMs - sentAtMs, ownMs, 'it')
}

function earlier(record: SentRecord, tookMs: number, ownMs: number, whose: string): EarlyTimeout[] {
  if (tookMs >= ownMs - SLACK_MS) return []
  const what = `was given up as too late ${tookMs.toFixed(0)} ms after ${whose} was sent, where it has ${ownMs.toFixed(0)} ms`
  return [{ record, what }]
}

/** Groups the records by their error object: records with the same one were in one batch. */
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

/**
 * The records that may have been the first of the batch, because their callers did not wait for the outcome.
 */
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

/** The part of the client's stalls that must not count against a record. */
function stoodStillMs(stalls: readonly Stall[], fromMs: number, toMs: number): number {
  return stalls
    .filter(({ startMs, endMs }) => startMs >= fromMs && endMs <= toMs)
    .reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - startMs - COUNTED_MS - UNNOTICED_MS), 0)
}
