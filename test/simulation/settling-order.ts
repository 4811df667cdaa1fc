import { AbortError } from '../../src/errors.js'
import type { SentRecord } from './ledger.js'

/** Two records of one partition that settled in the wrong order. */
export interface Overtaking {
  readonly record: SentRecord
  readonly older: SentRecord
}

/**
 * Sends that reached a partition settle in their order, successes and failures alike. Outcomes of one event
 * of the event loop are compared only among records that were sent in one way, because promises settle after
 * callbacks.
 *
 * @param partitionOf the partition of the batches that had the record; undefined if in none, or unknown
 */
export function overtakings(
  records: readonly SentRecord[],
  partitionOf: (record: SentRecord) => number | undefined,
): Overtaking[] {
  const latest = new Map<string, SentRecord>()
  const latestOfWay = new Map<string, SentRecord>()
  const found: Overtaking[] = []
  for (const record of records) {
    const [outcome] = record.outcomes
    // An aborted promise settles at once.
    if (outcome === undefined || (outcome.kind === 'failed' && outcome.error instanceof AbortError)) continue
    const partition = partitionOf(record)
    if (partition === undefined) continue
    const place = `${record.topic}-${partition}`
    const way = `${place} ${record.how}`
    const older = latest.get(place)
    const sibling = latestOfWay.get(way)
    if (older !== undefined && record.settledInEvent < older.settledInEvent) found.push({ record, older })
    else if (sibling !== undefined && record.settledAs < sibling.settledAs)
      found.push({ record, older: sibling })
    if (older === undefined || older.settledInEvent < record.settledInEvent) latest.set(place, record)
    if (sibling === undefined || sibling.settledAs < record.settledAs) latestOfWay.set(way, record)
  }
  return found
}

/**
 * The partition in a record's outcome, if the record was in a batch: only an error of a batch has its number
 * of attempts.
 */
export function partitionOfOutcome({ outcomes: [outcome] }: SentRecord): number | undefined {
  if (outcome === undefined) return undefined
  if (outcome.kind === 'acknowledged') return outcome.metadata.partition
  return outcome.error.attempts === undefined ? undefined : outcome.error.partition
}
