import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { BatchKnowledge } from './early-timeouts.js'
import { isDeliveryTimeout } from './early-timeouts.js'
import type { Ledger } from './ledger.js'
import type { BatchAnswer, SentBatch } from './produce-frames.js'

/** A leader without an acknowledgement for this long may have forgotten the producer: see DESIGN.md. */
const REMEMBERED_MS = 60_000

/** A batch that was written to a connection and has no response. */
interface OpenBatch extends SentBatch {
  readonly connection: object
  readonly correlationId: number
}

/** The last acknowledgement of a partition. */
interface Acknowledgement {
  readonly identity: string | null
  readonly connection: object
  readonly atMs: number
}

/**
 * Follows every batch at the client's end of the wire: the records that were ever sent, and the batches in
 * flight in each partition.
 */
export class ProduceWatch implements BatchKnowledge {
  readonly #ledger: Ledger
  readonly #nowMs: () => number
  readonly #report: (violation: string) => void
  readonly #oldestBeside = new Map<number, number>()
  readonly #partitionOf = new Map<number, number>()
  readonly #open = new Map<string, OpenBatch[]>()
  readonly #acknowledged = new Map<string, Acknowledgement>()
  /** Whether a batch was refused as too large, after which it may be split. */
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

  /** The partition of the batches in which a record was sent; undefined if it never was. */
  partitionOf(id: number): number | undefined {
    return this.#partitionOf.get(id)
  }

  /** @param isAnswered false for requests without a response */
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
      if (errorCode === ErrorCode.MESSAGE_TOO_LARGE) this.wasRefusedAsTooLarge = true
      const [batch] = this.#close(keyOf(answer), connection, (open) => open.correlationId === correlationId)
      if (
        batch === undefined ||
        (errorCode !== ErrorCode.NONE && errorCode !== ErrorCode.DUPLICATE_SEQUENCE_NUMBER)
      )
        continue
      const atMs = this.#nowMs()
      this.#acknowledged.set(this.#placeOf(batch), { identity: batch.identity, connection, atMs })
      for (const id of batch.ids) this.#judgeHearing(id, atMs)
    }
    // Batches that the response leaves out are not in flight any more either.
    for (const key of this.#open.keys())
      this.#close(key, connection, (open) => open.correlationId === correlationId)
  }

  /** Ends all batches in flight on a connection. */
  closed(connection: object): void {
    for (const key of this.#open.keys()) this.#close(key, connection, () => true)
  }

  /**
   * The partition with its topic's name. Requests on one connection may have the name first, and the id once
   * metadata has it.
   */
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
   * One request is in flight until its leader has acknowledged a batch under the producer id and epoch,
   * because a leader that does not know them accepts any first sequence.
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

  /** The client reads the responses that have arrived before it gives up a record. */
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
