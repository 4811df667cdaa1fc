import type { KafkaError } from '../../src/errors.js'
import type { ProducerRecord, RecordMetadata } from '../../src/producer/record.js'

export type Outcome =
  | { readonly kind: 'acknowledged'; readonly metadata: RecordMetadata }
  | { readonly kind: 'failed'; readonly error: KafkaError }

/** The parts of a record besides its value. */
export interface RecordContent {
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  /** The client's wall clock at the send. */
  readonly timestamp: number
  /** Upper bound for the bytes of key, value and headers. */
  readonly bytes: number
}

/** A record that the workload has sent, and its outcome. */
export interface SentRecord {
  /** The number of the record, in the order of the sends. */
  readonly id: number
  readonly topic: string
  readonly partition: number | undefined
  /** True if the record has no key and its topic needs one. */
  readonly lacksKey: boolean
  /** With `silently`, the workload is told of failures only. */
  readonly how: 'by promise' | 'with a signal' | 'by callback' | 'silently'
  readonly sentAtMs: number
  /** The sum of all stalls by then. */
  readonly stalledMs: number
  content: RecordContent
  readonly outcomes: Outcome[]
  settledAtMs: number
  stalledWhenSettledMs: number
  /** The event that brought the outcome. Promises settle after the callbacks of the same event. */
  settledInEvent: number
  /** The number of the outcome in the order of all outcomes. */
  settledAs: number
}

/** The records that were sent and their outcomes, as the producer's caller sees them. */
export class Ledger {
  readonly records: SentRecord[] = []
  /** The number of outcomes so far. */
  settlements = 0

  acknowledged(): SentRecord[] {
    return this.records.filter(({ outcomes }) => outcomes[0]?.kind === 'acknowledged')
  }

  failed(): SentRecord[] {
    return this.records.filter(({ outcomes }) => outcomes[0]?.kind === 'failed')
  }

  /** The records that still wait for an outcome. */
  open(): SentRecord[] {
    return this.records.filter(({ how, outcomes }) => how !== 'silently' && outcomes.length === 0)
  }
}

export const NO_CONTENT: RecordContent = { key: null, headers: {}, timestamp: 0, bytes: 0 }

/** The content of a record of the workload, which has strings and no timestamp of its own. */
export function contentOf({ key, value, headers }: ProducerRecord, wallTimeMs: number): RecordContent {
  const headerEntries = Object.entries(headers ?? {}).map(([name, data]) => [name, String(data)] as const)
  return {
    key: key === undefined || key === null ? null : String(key),
    headers: Object.fromEntries(headerEntries),
    timestamp: wallTimeMs,
    bytes: String(key).length + (value?.length ?? 0) + headerEntries.flat().join('').length,
  }
}

/** Whether the broker refused this record because it lacks a key. */
export function isForLackOfKey(error: KafkaError): boolean {
  return error.code === 'INVALID_RECORD' && error.message.includes('without key')
}

const ID = /^#(\d+)\./
/** The longest prefix of a value that contains the record's id. */
const HEAD_BYTES = 16

/** A value of about `size` bytes that contains the record's id. */
export function valueFor(id: number, size: number): string {
  const head = `#${id}.`
  return head + String.fromCharCode(97 + (id % 26)).repeat(Math.max(0, size - head.length))
}

/** The record id of an undamaged value. */
export function idOf(value: Uint8Array | null): number | null {
  const id = idAtHeadOf(value)
  if (value === null || id === null) return null
  const text = Buffer.from(value).toString('latin1')
  return text === valueFor(id, text.length) ? id : null
}

/** The record id that a value contains, damaged or not. */
export function idAtHeadOf(value: Uint8Array | null): number | null {
  if (value === null) return null
  const found = ID.exec(Buffer.from(value.subarray(0, HEAD_BYTES)).toString('latin1'))
  return found === null ? null : Number(found[1])
}
