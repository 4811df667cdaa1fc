import { AbortError } from '../../src/errors.js'
import type { SentRecord } from './ledger.js'

/** Two records of one partition whose callers heard in the wrong order. */
export interface Overtaking {
  readonly record: SentRecord
  readonly older: SentRecord
}

/**
 * Sends that reached a partition settle in the order in which they were made, successes and failures alike. What one event of the event loop
 * brings is compared only among records sent in one way: promises hear later than callbacks.
 *
 * @param partitionOf in which partition's batches a record has been; undefined if in none, or nobody knows
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
    // A caller that stops waiting has its outcome at once.
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

/** The partition that a record's outcome names, if it was in a batch: an error about a batch says how often that was sent. */
export function partitionOfOutcome({ outcomes: [outcome] }: SentRecord): number | undefined {
  if (outcome === undefined) return undefined
  if (outcome.kind === 'acknowledged') return outcome.metadata.partition
  return outcome.error.attempts === undefined ? undefined : outcome.error.partition
}
