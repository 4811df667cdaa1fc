import type { KafkaError } from '../../src/errors.js'
import type { ProducerRecord, RecordMetadata } from '../../src/producer/record.js'

export type Outcome =
  | { readonly kind: 'acknowledged'; readonly metadata: RecordMetadata }
  | { readonly kind: 'failed'; readonly error: KafkaError }

/** What a record says beside its value. */
export interface RecordContent {
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  /** What the client's wall clock showed at the send. */
  readonly timestamp: number
  /** Of key, value and headers, at the most. */
  readonly bytes: number
}

/** One record that the workload has sent, and what it heard of it. */
export interface SentRecord {
  /** Also the order of the sends. */
  readonly id: number
  readonly topic: string
  readonly partition: number | undefined
  /** It has no key, and its topic is one that takes none without. */
  readonly lacksKey: boolean
  /** `silently` hears of failures only. */
  readonly how: 'by promise' | 'with a signal' | 'by callback' | 'silently'
  readonly sentAtMs: number
  /** For how long the process had been held up by then. */
  readonly heldUpMs: number
  content: RecordContent
  readonly outcomes: Outcome[]
  settledAtMs: number
  heldUpWhenSettledMs: number
  /** Which event brought the outcome. Of two that one event has brought, promises hear later than callbacks. */
  settledInEvent: number
  /** Its place among all outcomes. */
  settledAs: number
}

/** What was sent and what came of it, as the caller of the producer sees it. */
export class Ledger {
  readonly records: SentRecord[] = []
  /** Outcomes that callers have heard so far. */
  settlements = 0

  acknowledged(): SentRecord[] {
    return this.records.filter(({ outcomes }) => outcomes[0]?.kind === 'acknowledged')
  }

  failed(): SentRecord[] {
    return this.records.filter(({ outcomes }) => outcomes[0]?.kind === 'failed')
  }

  /** Records that have no outcome yet and should get one. */
  open(): SentRecord[] {
    return this.records.filter(({ how, outcomes }) => how !== 'silently' && outcomes.length === 0)
  }
}

export const NO_CONTENT: RecordContent = { key: null, headers: {}, timestamp: 0, bytes: 0 }

/** Of a record as the workload makes them: with strings, and without a timestamp of its own. */
export function contentOf({ key, value, headers }: ProducerRecord, wallTimeMs: number): RecordContent {
  const headerEntries = Object.entries(headers ?? {}).map(([name, data]) => [name, String(data)] as const)
  return {
    key: key === undefined || key === null ? null : String(key),
    headers: Object.fromEntries(headerEntries),
    timestamp: wallTimeMs,
    bytes: String(key).length + (value?.length ?? 0) + headerEntries.flat().join('').length,
  }
}

/** Whether the broker has said that this very record has no key and must have one. */
export function isForLackOfKey(error: KafkaError): boolean {
  return error.code === 'INVALID_RECORD' && error.message.includes('without key')
}

const ID = /^#(\d+)\./
/** A head is no longer than this. */
const HEAD_BYTES = 16

/** A value of about `size` bytes that says which record it is. */
export function valueFor(id: number, size: number): string {
  const head = `#${id}.`
  return head + String.fromCharCode(97 + (id % 26)).repeat(Math.max(0, size - head.length))
}

/** Which record a value is of, if it is undamaged. */
export function idOf(value: Uint8Array | null): number | null {
  const id = idAtHeadOf(value)
  if (value === null || id === null) return null
  const text = Buffer.from(value).toString('latin1')
  return text === valueFor(id, text.length) ? id : null
}

/** Which record a value says that it is of. */
export function idAtHeadOf(value: Uint8Array | null): number | null {
  if (value === null) return null
  const found = ID.exec(Buffer.from(value.subarray(0, HEAD_BYTES)).toString('latin1'))
  return found === null ? null : Number(found[1])
}
