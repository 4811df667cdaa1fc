import type { KafkaError } from '../../src/errors.js'
import type { RecordMetadata } from '../../src/producer/record.js'

export type Outcome =
  | { readonly kind: 'acknowledged'; readonly metadata: RecordMetadata }
  | { readonly kind: 'failed'; readonly error: KafkaError }

/** One record that the workload has sent, and what it heard of it. */
export interface SentRecord {
  /** Also the order of the sends. */
  readonly id: number
  readonly topic: string
  readonly partition: number | undefined
  /** `silently` hears of failures only. */
  readonly how: 'by promise' | 'with a signal' | 'by callback' | 'silently'
  readonly sentAtMs: number
  /** For how long the process had been held up by then. */
  readonly heldUpMs: number
  readonly outcomes: Outcome[]
  settledAtMs: number
  heldUpWhenSettledMs: number
}

/** What was sent and what came of it, as the caller of the producer sees it. */
export class Ledger {
  readonly records: SentRecord[] = []

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

const ID = /^#(\d+)\./

/** A value of about `size` bytes that says which record it is. */
export function valueFor(id: number, size: number): string {
  const head = `#${id}.`
  return head + String.fromCharCode(97 + (id % 26)).repeat(Math.max(0, size - head.length))
}

/** Which record a value is of, if it is undamaged. */
export function idOf(value: Uint8Array | null): number | null {
  if (value === null) return null
  const text = Buffer.from(value).toString('latin1')
  const found = ID.exec(text)
  if (found === null) return null
  const id = Number(found[1])
  return text === valueFor(id, text.length) ? id : null
}
