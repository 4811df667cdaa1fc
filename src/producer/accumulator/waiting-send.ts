import { Buffer } from 'node:buffer'
import type { KafkaError } from '../../errors.js'
import type { Fifo } from '../../fifo.js'
import type { Stalls } from '../../network/stalls.js'
import { headersSize, type RecordData, type RecordHeader } from '../../protocol/record.js'
import type { Batch } from './batch.js'
import { type Completion, complete, isUnasked } from './completion.js'
import type { Topic } from './topic.js'

/** A record that is checked and measured, and has to wait. */
export interface PreparedRecord {
  /** The caller's own bytes, or a string. */
  readonly key: RecordData
  readonly keySize: number
  readonly value: RecordData
  readonly valueSize: number
  /** Copied already. */
  readonly headers: readonly RecordHeader[] | null
  /** The partition that the caller named; undefined leaves the choice to the partitioner. */
  readonly partition: number | undefined
  readonly completion: Completion
  /**
   * The caller's other fields, for the event of a failure without a completion. Null with a completion, so
   * that they are not kept in vain.
   */
  readonly others: object | null
}

/** When a record was sent. Records of the same millisecond share one. */
export interface SendTime {
  /** The record's timestamp, milliseconds since 1970. */
  readonly timestamp: number
  /** On the monotonic clock. `max.block.ms` counts from here. */
  readonly sentAtMs: number
  /** The flushes that wait for the record: see Flushes. */
  readonly generation: number
}

/** The least bytes that a waiting record counts, because of the objects around it. */
const MIN_WAITING_BYTES = 256

/** Bytes of the objects around one header, and around the bytes in it. */
const HEADER_OBJECT_BYTES = 96
const HEADER_BUFFER_BYTES = 128

/** Bytes that a waiting record counts against the memory of waiting records. */
export function waitingBytes(
  keySize: number,
  valueSize: number,
  headers: readonly RecordHeader[] | null,
): number {
  const least = Math.max(MIN_WAITING_BYTES, keySize + valueSize + headersSize(headers))
  if (headers === null) return least
  let around = 0
  for (const [, data] of headers)
    around += HEADER_OBJECT_BYTES + (typeof data === 'object' && data !== null ? HEADER_BUFFER_BYTES : 0)
  return least + around
}

const EMPTY = Buffer.alloc(0)

/**
 * A send that could not go into a batch at once, because metadata or memory was missing. It either moves into
 * a batch or fails, and does so once.
 *
 * There may be a million of them, and their memory is bounded. So the record's fields are in this object
 * instead of one of their own, and a copied key or value is a place in an ArrayBuffer that other records
 * share: a Buffer for each would take as much memory as a small record.
 */
export class WaitingSend {
  readonly keySize: number
  readonly valueSize: number
  readonly partition: number | undefined
  headers: readonly RecordHeader[] | null
  completion: Completion
  others: object | null
  readonly #topic: Topic
  readonly #time: SendTime
  #key: string | null
  #value: string | null
  /** A copy of the key, if it is bytes, and behind it of the value, if that is bytes. */
  #copy: ArrayBufferLike | null = null
  #copyStart = 0
  #settled = false

  constructor(topic: Topic, record: PreparedRecord, time: SendTime) {
    const { key, value } = record
    this.keySize = record.keySize
    this.valueSize = record.valueSize
    this.partition = record.partition
    this.headers = record.headers
    this.completion = record.completion
    this.others = record.others
    this.#topic = topic
    this.#time = time
    this.#key = typeof key === 'string' ? key : null
    this.#value = typeof value === 'string' ? value : null
    this.#copyBytes(key, value)
  }

  get topic(): string {
    return this.#topic.name
  }

  /** Milliseconds since 1970. */
  get timestamp(): number {
    return this.#time.timestamp
  }

  get generation(): number {
    return this.#time.generation
  }

  get headersSize(): number {
    return headersSize(this.headers)
  }

  get key(): RecordData {
    return this.#data(this.#key, this.keySize, 0)
  }

  get value(): RecordData {
    const isBehindKey = this.#key === null && this.keySize > 0
    return this.#data(this.#value, this.valueSize, isBehindKey ? this.keySize : 0)
  }

  /** Bytes that the record counts while it waits. */
  get bytes(): number {
    return waitingBytes(this.keySize, this.valueSize, this.headers)
  }

  /**
   * When the record's time is over, on the monotonic clock. Stalls of this process since the send make it
   * later.
   */
  expiryMs(maxBlockMs: number, stalls: Stalls): number {
    const { sentAtMs } = this.#time
    return sentAtMs + maxBlockMs + stalls.since(sentAtMs)
  }

  /** Whether the record is in a batch or has failed. It then only has to leave its queue. */
  get isSettled(): boolean {
    return this.#settled
  }

  /** Moves the record into the batch if it fits. Returns the bytes that it took; 0 if it does not fit. */
  moveInto(batch: Batch): number {
    const { key, keySize, value, valueSize, headers, headersSize, timestamp, completion } = this
    const bytes = batch.tryAppend(key, keySize, value, valueSize, headers, headersSize, timestamp, completion)
    if (bytes === 0) return 0
    this.#topic.accumulator.adoptGeneration(batch, this.generation)
    this.#leave()
    return bytes
  }

  /** Fails the send unless it is settled. */
  fail(error: KafkaError): void {
    if (this.#settled) return
    const { completion, others } = this
    const record = others === null ? null : this.#undelivered(others)
    this.#leave()
    const { listener } = this.#topic.accumulator
    if (!isUnasked(completion)) complete(completion, error, null, listener.rethrow)
    else if (record !== null) listener.undelivered(error, record, completion)
  }

  /**
   * Takes the record back without notifying its completion. Returns false if the record is in a batch or has
   * failed.
   */
  withdraw(): boolean {
    if (this.#settled) return false
    this.#leave()
    // A record behind it may have room now.
    this.#topic.accumulator.listener.wake()
    return true
  }

  /** Drops the record, because this object may stay in its queue for a long time. */
  #leave(): void {
    const { bytes } = this
    this.#settled = true
    this.#key = null
    this.#value = null
    this.#copy = null
    this.headers = null
    this.completion = null
    this.others = null
    this.#topic.accumulator.waitingSendLeft(bytes, this.generation)
  }

  /** The record as it was sent. The caller may have changed its own object and bytes since. */
  #undelivered(others: object): object {
    const { key, value, headers } = this
    return { ...others, ...(key !== null && { key }), value, ...(headers !== null && { headers }) }
  }

  #copyBytes(key: RecordData, value: RecordData): void {
    const keyBytes = typeof key === 'string' ? 0 : Math.max(this.keySize, 0)
    const valueBytes = typeof value === 'string' ? 0 : Math.max(this.valueSize, 0)
    if (keyBytes + valueBytes === 0) return
    const copy = this.#topic.accumulator.waitingSlab.allocate(keyBytes + valueBytes)
    if (typeof key === 'object' && key !== null) copy.set(key, 0)
    if (typeof value === 'object' && value !== null) copy.set(value, keyBytes)
    this.#copy = copy.buffer
    this.#copyStart = copy.byteOffset
  }

  #data(text: string | null, size: number, start: number): RecordData {
    if (size < 0 || this.#settled) return null
    if (text !== null) return text
    return this.#copy === null ? EMPTY : Buffer.from(this.#copy, this.#copyStart + start, size)
  }
}

/** The first record that still waits. Settled ones before it leave the queue. */
export function firstUnsettled(waiting: Fifo<WaitingSend>): WaitingSend | undefined {
  while (waiting.peek()?.isSettled === true) waiting.shift()
  return waiting.peek()
}
