import { Buffer } from 'node:buffer'
import type { KafkaError } from '../errors.js'
import {
  type ParsedRecord,
  type RecordData,
  type RecordHeader,
  RecordReader,
  recordBodySize,
  recordSize,
  writeRecord,
} from '../protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  type RecordBatchStamp,
  UNSTAMPED,
  writeRecordBatchHeader,
} from '../protocol/record-batch.js'
import type { Completion } from './completion.js'
import { addToSequence, type ProducerIdentity } from './sequence.js'

/**
 * A batch's life, in this order; from `in flight` it goes back to `sealed` for a retry. A batch is done when its records have their
 * outcome, which may be while its request is still out: then its bytes are kept until the request is settled.
 */
export type BatchState =
  | { readonly kind: 'open' }
  /** No record can be added; its bytes are being compressed, perhaps on another thread. */
  | { readonly kind: 'sealing' }
  /** `wire`: the batch as it goes to the broker, its header to be written when it is drained. */
  | { readonly kind: 'sealed'; readonly wire: Buffer }
  | { readonly kind: 'in flight'; readonly wire: Buffer; readonly nodeId: number }
  | { readonly kind: 'done' }

const OPEN: BatchState = { kind: 'open' }
const SEALING: BatchState = { kind: 'sealing' }
const DONE: BatchState = { kind: 'done' }

/** What a partition's producer stamps on a batch at its first drain, and never changes while the batch may be in the log. */
export interface BatchStamp {
  readonly identity: ProducerIdentity
  readonly baseSequence: number
}

export interface BatchOptions {
  /** Bytes that header and records may take together, except that the first record always fits. */
  readonly limit: number
  /** Milliseconds since 1970: the first record's timestamp. */
  readonly baseTimestamp: number
  readonly createdAtMs: number
  readonly generation: number
  readonly order: number
  readonly orderWidth: number
}

/**
 * The records that go to one partition together. They are written once, straight into `buffer`, behind room for the batch's header.
 */
export class Batch {
  readonly buffer: Buffer
  /** On the monotonic clock, of the first append: what `linger.ms` and `delivery.timeout.ms` count from. */
  readonly createdAtMs: number
  readonly baseTimestamp: number
  readonly completions: Completion[] = []
  maxTimestamp: number
  recordCount = 0
  state: BatchState = OPEN
  stamp: BatchStamp | null = null
  /** How often it was handed to a connection. */
  attempts = 0
  /** Of the last of them: see Confirmation. */
  round = 0
  /** When the last of them was, on the monotonic clock. */
  sentAtMs = 0
  /** How many of them count against `retries`. */
  failures = 0
  /** How often a refusal named the leader to go to. */
  hintsFollowed = 0
  /** On the monotonic clock: not to be sent again before. */
  backoffUntilMs = 0
  /**
   * Whether some attempt may have reached the log. Sticky: a later clean refusal says nothing about an earlier attempt, only a
   * success does.
   */
  maybePersisted = false
  /** The error of the latest attempt, which tells a timeout's reader why it took so long. */
  lastError: KafkaError | null = null
  /** Whether the header on the wire bytes is the stamp's. */
  headerIsWritten = false
  /** Which flushes wait for it: see Flushes. */
  generation: number
  /** Its place in its partition's order. A batch that was split leaves its place to its pieces, so this may be a fraction. */
  readonly order: number
  /** How much of the order is its own: from `order` up to the next batch's. */
  readonly orderWidth: number
  /** Who else reads its bytes: a socket, a compressor. They are not reused before nobody does. */
  readers = 0
  /** Bytes of its compressed form, which count beside the buffer; 0 without compression. */
  compressedBytes = 0
  /** Whether its records have heard of their outcome, or are in other batches now. */
  isTold = false
  /** Whether its memory was given back. */
  isReleased = false
  readonly #limit: number
  #end = RECORD_BATCH_OVERHEAD

  constructor(buffer: Buffer, options: BatchOptions) {
    this.buffer = buffer
    this.#limit = options.limit
    this.baseTimestamp = options.baseTimestamp
    this.maxTimestamp = options.baseTimestamp
    this.createdAtMs = options.createdAtMs
    this.generation = options.generation
    this.order = options.order
    this.orderWidth = options.orderWidth
  }

  /** Bytes of header and records, uncompressed. */
  get size(): number {
    return this.#end
  }

  /** Bytes on the wire, once sealed. */
  get wireSize(): number {
    return this.state.kind === 'sealed' || this.state.kind === 'in flight'
      ? this.state.wire.length
      : this.#end
  }

  get isDone(): boolean {
    return this.state.kind === 'done'
  }

  /** Whether not one more record of ordinary size would fit. */
  get isFull(): boolean {
    return this.state.kind !== 'open' || this.#end >= this.#limit
  }

  /** The records' bytes, uncompressed. */
  get records(): Buffer {
    return this.buffer.subarray(RECORD_BATCH_OVERHEAD, this.#end)
  }

  /** Adds the record if there is room, and returns the bytes it took; 0 if there is none. The first always fits: the buffer was made for it. */
  tryAppend(
    key: RecordData,
    keySize: number,
    value: RecordData,
    valueSize: number,
    headers: readonly RecordHeader[] | null,
    sizeOfHeaders: number,
    timestamp: number,
    completion: Completion,
  ): number {
    const index = this.recordCount
    const timestampDelta = timestamp - this.baseTimestamp
    const bodySize = recordBodySize(timestampDelta, index, keySize, valueSize, sizeOfHeaders)
    const size = recordSize(bodySize)
    const end = this.#end + size
    if (end > (index === 0 ? this.buffer.length : this.#limit)) return 0
    writeRecord(
      this.buffer,
      this.#end,
      bodySize,
      timestampDelta,
      index,
      key,
      keySize,
      value,
      valueSize,
      headers,
    )
    this.#end = end
    this.recordCount = index + 1
    if (timestamp > this.maxTimestamp) this.maxTimestamp = timestamp
    this.completions.push(completion)
    return size
  }

  /** The one place where the state changes. */
  become(next: BatchState): void {
    this.state = next
  }

  startSealing(): void {
    this.become(SEALING)
  }

  /** Seals a batch that is not compressed: the bytes it goes out with are those it was written to. */
  sealAsItIs(): void {
    this.become({ kind: 'sealed', wire: this.buffer.subarray(0, this.#end) })
  }

  /** Seals with the compressed records, which get a header of their own in front. */
  sealCompressed(compressed: Uint8Array): void {
    const wire = Buffer.allocUnsafeSlow(RECORD_BATCH_OVERHEAD + compressed.length)
    wire.set(compressed, RECORD_BATCH_OVERHEAD)
    this.compressedBytes = wire.length
    this.become({ kind: 'sealed', wire })
  }

  finish(): void {
    this.become(DONE)
  }

  /** Writes the header, and with it the checksum: once for each stamp, so that a retry is the same bytes. */
  writeHeader(wire: Buffer, compression: number): void {
    const stamp: RecordBatchStamp =
      this.stamp === null
        ? UNSTAMPED
        : {
            producerId: this.stamp.identity.producerId,
            producerEpoch: this.stamp.identity.epoch,
            baseSequence: this.stamp.baseSequence,
            transactional: false,
          }
    writeRecordBatchHeader(
      wire,
      {
        compression,
        recordCount: this.recordCount,
        baseTimestamp: this.baseTimestamp,
        maxTimestamp: this.maxTimestamp,
      },
      stamp,
    )
    this.headerIsWritten = true
  }

  /** The sequence after its last record's. */
  nextSequence(stamp: BatchStamp): number {
    return addToSequence(stamp.baseSequence, this.recordCount)
  }

  /** Its records read back one by one, in order; the bytes are views. */
  *parsedRecords(): IterableIterator<ParsedRecord> {
    const reader = new RecordReader(this.records)
    while (!reader.atEnd) yield reader.next()
  }
}
