import type { BatchKnowledge } from './early-timeouts.js'
import { isDeliveryTimeout } from './early-timeouts.js'
import type { Ledger } from './ledger.js'
import type { BatchAnswer, SentBatch } from './produce-frames.js'

const NONE = 0
const MESSAGE_TOO_LARGE = 10
const DUPLICATE_SEQUENCE_NUMBER = 46
/** A leader that has acknowledged nothing for so long may have forgotten the producer: DESIGN.md. */
const REMEMBERED_MS = 60_000

/** A batch that a connection was given, and that has no answer. */
interface OpenBatch extends SentBatch {
  readonly connection: object
  readonly correlationId: number
}

/** The last acknowledgement in a partition. */
interface Acknowledgement {
  readonly identity: string | null
  readonly connection: object
  readonly atMs: number
}

/** Follows every batch from the client's end of the wire: which records were ever sent, and what is under way in a partition at a time. */
export class ProduceWatch implements BatchKnowledge {
  readonly #ledger: Ledger
  readonly #nowMs: () => number
  readonly #report: (violation: string) => void
  readonly #oldestBeside = new Map<number, number>()
  readonly #partitionOf = new Map<number, number>()
  readonly #open = new Map<string, OpenBatch[]>()
  readonly #acknowledged = new Map<string, Acknowledgement>()
  /** Whether a batch has been, after which it may be split. */
  wasRefusedAsTooLarge = false

  constructor(ledger: Ledger, nowMs: () => number, report: (violation: string) => void) {
    this.#ledger = ledger
    this.#nowMs = nowMs
    this.#report = report
  }

  wasSent(id: number): boolean {
    return this.#oldestBeside.has(id)
  }

  oldestBeside(id: number): number {
    return this.#oldestBeside.get(id) ?? id
  }

  /** The partition whose batches a record was sent in; undefined if it never was. */
  partitionOf(id: number): number | undefined {
    return this.#partitionOf.get(id)
  }

  /** @param isAnswered false for requests that no answer comes to */
  sent(connection: object, correlationId: number, batches: readonly SentBatch[], isAnswered: boolean): void {
    for (const batch of batches) {
      const oldest = Math.min(...batch.ids)
      for (const id of batch.ids) {
        if (!this.#oldestBeside.has(id)) this.#oldestBeside.set(id, oldest)
        this.#partitionOf.set(id, batch.partition)
      }
      if (!isAnswered) continue
      const key = keyOf(batch)
      const open = this.#open.get(key) ?? []
      this.#judgeNext(batch, connection, open)
      this.#open.set(key, [...open, { ...batch, connection, correlationId }])
    }
  }

  answered(connection: object, correlationId: number, answers: readonly BatchAnswer[]): void {
    for (const answer of answers) {
      const { errorCode } = answer
      if (errorCode === MESSAGE_TOO_LARGE) this.wasRefusedAsTooLarge = true
      const [batch] = this.#close(keyOf(answer), connection, (open) => open.correlationId === correlationId)
      if (batch === undefined || (errorCode !== NONE && errorCode !== DUPLICATE_SEQUENCE_NUMBER)) continue
      const atMs = this.#nowMs()
      this.#acknowledged.set(this.#placeOf(batch), { identity: batch.identity, connection, atMs })
      for (const id of batch.ids) this.#judgeHearing(id, atMs)
    }
    // What the answer says nothing of is not under way any more either.
    for (const key of this.#open.keys())
      this.#close(key, connection, (open) => open.correlationId === correlationId)
  }

  /** Nothing is under way there any more. */
  closed(connection: object): void {
    for (const key of this.#open.keys()) this.#close(key, connection, () => true)
  }

  /** The partition by its topic's name: on one connection the topic may go by its name first, and by its id once metadata have told that. */
  #placeOf({ topic, partition, ids: [id = -1] }: SentBatch): string {
    return keyOf({ topic: this.#ledger.records[id]?.topic ?? topic, partition })
  }

  #close(key: string, connection: object, isIt: (batch: OpenBatch) => boolean): OpenBatch[] {
    const open = this.#open.get(key) ?? []
    const closed = open.filter((batch) => batch.connection === connection && isIt(batch))
    if (closed.length > 0)
      this.#open.set(
        key,
        open.filter((batch) => !closed.includes(batch)),
      )
    return closed
  }

  /**
   * One request is out at a time until its leader has acknowledged something under the producer id and epoch: to a leader that knows nothing
   * of them any sequence is a good first one.
   */
  #judgeNext(batch: SentBatch, connection: object, open: readonly OpenBatch[]): void {
    const { identity } = batch
    const others = open.filter((other) => other.identity === identity)
    if (identity === null || others.length === 0) return
    const where = `${keyOf(batch)}, ${identity}`
    if (others.some((other) => other.connection !== connection)) {
      this.#report(`a batch was sent while another broker had one of the partition: ${where}`)
      return
    }
    const last = this.#acknowledged.get(this.#placeOf(batch))
    const holds =
      last?.identity === identity &&
      last.connection === connection &&
      this.#nowMs() - last.atMs <= REMEMBERED_MS
    if (!holds)
      this.#report(
        `${others.length + 1} requests were out at once before the first acknowledgement under an identity: ${where}`,
      )
  }

  /** What has come is heard before anything is given up. */
  #judgeHearing(id: number, nowMs: number): void {
    const record = this.#ledger.records[id]
    const [outcome] = record?.outcomes ?? []
    if (outcome?.kind !== 'failed' || !isDeliveryTimeout(outcome.error)) return
    if (record?.settledAtMs === nowMs)
      this.#report(
        `record ${id} (${record.topic}, sent ${record.how}) was given up as not acknowledged in time in the instant in which its acknowledgement was read`,
      )
  }
}

function keyOf({ topic, partition }: { readonly topic: string; readonly partition: number }): string {
  return `${topic}-${partition}`
}
