import { AbortError, TimeoutError } from '../../src/errors.js'
import type { Ledger, SentRecord } from './ledger.js'
import type { ScenarioConfig } from './scenario.js'
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

/** The settings that time runs against. */
export type TimeLimits = Pick<ScenarioConfig, 'deliveryTimeoutMs' | 'maxBlockMs'>

/** Records that were given up as not acknowledged, or as not taken in, before the time for that was over. */
export function earlyTimeouts(
  ledger: Ledger,
  limits: TimeLimits,
  holdUps: readonly HoldUp[],
  batches: BatchKnowledge,
): EarlyTimeout[] {
  return [
    ...earlyInBatches(ledger, limits, holdUps, batches),
    ...ledger.records.flatMap((record) => earlyInWaiting(record, limits, holdUps)),
  ]
}

/**
 * Phases `queue` and `in-flight`: `delivery.timeout.ms` since the oldest record of the batch was sent, and what the process stood still
 * meanwhile, but for half a second each time. One record of each batch is named.
 */
function earlyInBatches(
  ledger: Ledger,
  { deliveryTimeoutMs }: TimeLimits,
  holdUps: readonly HoldUp[],
  batches: BatchKnowledge,
): EarlyTimeout[] {
  return [...timedOutTogether(ledger)].flatMap(([error, together]) => {
    const [first] = together as [SentRecord]
    const sinceMs = Math.min(
      ...together.map(({ id }) => ledger.records[batches.oldestBeside(id)]?.sentAtMs ?? 0),
      ...withdrawnBeside(ledger, error, first, batches).map(({ sentAtMs }) => sentAtMs),
    )
    const ownMs = deliveryTimeoutMs + stoodStillMs(holdUps, sinceMs, first.settledAtMs)
    return earlier(first, first.settledAtMs - sinceMs, ownMs, 'the first of its batch')
  })
}

/**
 * Phases `buffer` and `metadata`: `max.block.ms` since the send, and what the process stood still meanwhile. What is refused at once, because too
 * much waits already, names no partition.
 */
function earlyInWaiting(
  record: SentRecord,
  { maxBlockMs }: TimeLimits,
  holdUps: readonly HoldUp[],
): EarlyTimeout[] {
  const { outcomes, sentAtMs, settledAtMs } = record
  const [outcome] = outcomes
  if (outcome?.kind !== 'failed' || !(outcome.error instanceof TimeoutError)) return []
  const { phase, partition } = outcome.error
  const waitedForMemory = phase === 'buffer' && partition !== undefined
  if (!waitedForMemory && phase !== 'metadata') return []
  const ownMs = maxBlockMs + stoodStillMs(holdUps, sentAtMs, settledAtMs)
  return earlier(record, settledAtMs - sentAtMs, ownMs, 'it')
}

function earlier(record: SentRecord, tookMs: number, ownMs: number, whose: string): EarlyTimeout[] {
  if (tookMs >= ownMs - SLACK_MS) return []
  const what = `was given up as too late ${tookMs.toFixed(0)} ms after ${whose} was sent, where it has ${ownMs.toFixed(0)} ms`
  return [{ record, what }]
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
