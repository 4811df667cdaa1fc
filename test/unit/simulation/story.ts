import { type KafkaError, RecordTooLargeError, TimeoutError } from '../../../src/errors.js'
import type { Ledger, Outcome, SentRecord } from '../../simulation/ledger.js'
import type { LoggedRecord, LogHistory } from '../../simulation/log-history.js'
import { type ScenarioConfig, scenarioOf } from '../../simulation/scenario.js'

/** A scenario for these tests; only the given settings matter. */
export function config(settings: Partial<ScenarioConfig> = {}): ScenarioConfig {
  return {
    ...scenarioOf(1, 0).config,
    acks: -1,
    enableIdempotence: true,
    retries: 3,
    maxInFlightRequestsPerConnection: 5,
    deliveryTimeoutMs: 2_000,
    maxBlockMs: 1_000,
    partitioner: 'default',
    ...settings,
  }
}

/** Adds a record that was sent at `sentAtMs`, by default by promise and to partition 0 of topic `t`. */
export function send(ledger: Ledger, sent: Partial<SentRecord> = {}): SentRecord {
  const record: SentRecord = {
    id: ledger.records.length,
    topic: 't',
    partition: 0,
    lacksKey: false,
    how: 'by promise',
    sentAtMs: 0,
    stalledMs: 0,
    content: { key: null, headers: {}, timestamp: 1_000, bytes: 8 },
    outcomes: [],
    settledAtMs: Number.NaN,
    stalledWhenSettledMs: 0,
    settledInEvent: -1,
    settledAs: -1,
    ...sent,
  }
  ledger.records.push(record)
  return record
}

/** Gives a record its outcome, in an event of its own. */
export function settle(ledger: Ledger, record: SentRecord, outcome: Outcome, atMs: number): SentRecord {
  record.outcomes.push(outcome)
  record.settledAtMs = atMs
  record.settledAs = ledger.settlements++
  record.settledInEvent = record.settledAs
  return record
}

export function acknowledged(offset: bigint, partition = 0): Outcome {
  const metadata = {
    topic: 't',
    partition,
    offset,
    timestamp: 1_000,
    serializedKeySize: -1,
    serializedValueSize: 8,
  }
  return { kind: 'acknowledged', metadata }
}

export function failed(error: KafkaError): Outcome {
  return { kind: 'failed', error }
}

export function refused(details: Partial<KafkaError> = {}): Outcome {
  const { possiblyPersisted = false, partition = 0, attempts = 1 } = details
  return failed(new RecordTooLargeError('too large', 10, -1, { possiblyPersisted, partition, attempts }))
}

export function timedOut(phase: 'queue' | 'in-flight', possiblyPersisted = false): TimeoutError {
  return new TimeoutError('not acknowledged', phase, { partition: 0, attempts: 1, possiblyPersisted })
}

/** A record in the log with the sent content, at the given place. */
export function logged(
  { id, topic, content }: SentRecord,
  offset: bigint,
  at: Partial<LoggedRecord> = {},
): LoggedRecord {
  return {
    id,
    topic,
    partition: 0,
    offset,
    timestamp: content.timestamp,
    key: content.key,
    headers: content.headers,
    incarnation: 0,
    producerId: 7n,
    stamp: 'producer 7',
    ...at,
  }
}

/** Logs with these records, by partition. */
export function logs(...rows: LoggedRecord[][]): Pick<LogHistory, 'partitions'> {
  return { partitions: () => rows }
}
