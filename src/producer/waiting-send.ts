import type { KafkaError } from '../errors.js'
import type { RecordData, RecordHeader } from '../protocol/record.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import { type Completion, complete } from './completion.js'
import type { HoldUps } from './hold-ups.js'

/** A record on its way into a batch: its bytes are ours and its sizes known. */
export interface PreparedRecord {
  readonly topic: string
  readonly key: RecordData
  readonly keySize: number
  readonly value: RecordData
  readonly valueSize: number
  readonly headers: readonly RecordHeader[] | null
  readonly headersSize: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** As the caller asked; undefined leaves it to the partitioner. */
  readonly partition: number | undefined
  readonly completion: Completion
  /** The caller's own object, for the event of a failure that has no completion; null where there is one, as it would be kept for nothing. */
  readonly original: object | null
}

/** What is left of a record once its send is settled, which may be long before it leaves its queue. */
const NO_RECORD: PreparedRecord = {
  topic: '',
  key: null,
  keySize: -1,
  value: null,
  valueSize: -1,
  headers: null,
  headersSize: 1,
  timestamp: 0,
  partition: undefined,
  completion: null,
  original: null,
}

/** The least that one waiting record counts, for what it costs beside its bytes. */
const MIN_WAITING_BYTES = 256

/** What a waiting record counts against its share of the memory. */
export function waitingBytes(keySize: number, valueSize: number, sizeOfHeaders: number): number {
  return Math.max(MIN_WAITING_BYTES, keySize + valueSize + sizeOfHeaders)
}

/**
 * A send that could not go into a batch at once, because its topic's metadata or memory was missing. It leaves by moving into a batch
 * or by failing, whichever is first, and only once.
 */
export class WaitingSend {
  record: PreparedRecord
  /** On the monotonic clock: `max.block.ms` after the send. */
  readonly deadlineMs: number
  readonly sentAtMs: number
  readonly bytes: number
  generation: number
  readonly #accumulator: Accumulator
  #settled = false
  #starves = false

  constructor(
    accumulator: Accumulator,
    record: PreparedRecord,
    sentAtMs: number,
    deadlineMs: number,
    generation: number,
  ) {
    this.#accumulator = accumulator
    this.record = record
    this.sentAtMs = sentAtMs
    this.deadlineMs = deadlineMs
    this.generation = generation
    this.bytes = waitingBytes(record.keySize, record.valueSize, record.headersSize)
  }

  /** When it is out of time, on the monotonic clock: later by what this process stood still since the send. */
  expiryMs(holdUps: HoldUps): number {
    return this.deadlineMs + holdUps.since(this.sentAtMs)
  }

  /** Whether it is in a batch by now, or has failed: then it only has to leave its queue. */
  get isSettled(): boolean {
    return this.#settled
  }

  /** Whether memory is all that it has waited for. */
  get starves(): boolean {
    return this.#starves
  }

  /** Nothing but memory is missing. */
  starve(): void {
    if (this.#starves) return
    this.#starves = true
    this.#accumulator.waitingSendStarves()
  }

  /** Moves the record into the batch if it fits, and returns the bytes it took; 0 if it does not. */
  moveInto(batch: Batch): number {
    const { key, keySize, value, valueSize, headers, headersSize, timestamp, completion } = this.record
    const bytes = batch.tryAppend(key, keySize, value, valueSize, headers, headersSize, timestamp, completion)
    if (bytes === 0) return 0
    this.#accumulator.adoptGeneration(batch, this.generation)
    this.#leave()
    return bytes
  }

  /** Fails the send, unless it is settled. */
  fail(error: KafkaError): void {
    if (this.#settled) return
    const { completion, original } = this.record
    this.#leave()
    const { hooks } = this.#accumulator
    if (completion !== null) complete(completion, error, null, hooks.rethrow)
    else if (original !== null) hooks.undelivered(error, original)
  }

  /** Takes the record back without telling anybody; false if it is in a batch by now. */
  withdraw(): boolean {
    if (this.#settled) return false
    this.#leave()
    // Whoever waits behind it may have room now.
    this.#accumulator.hooks.wake()
    return true
  }

  #leave(): void {
    this.#settled = true
    this.record = NO_RECORD
    this.#accumulator.waitingSendLeft(this)
  }
}
