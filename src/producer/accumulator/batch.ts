import { Buffer } from 'node:buffer'
import {
  type ParsedRecord,
  type RecordData,
  type RecordHeader,
  RecordReader,
  recordBodySize,
  recordSize,
  writeRecord,
} from '../../protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  type RecordBatchStamp,
  UNSTAMPED,
  writeRecordBatchHeader,
} from '../../protocol/record-batch.js'
import { Attempts } from './attempts.js'
import type { BatchOptions, BatchStamp } from './batch-options.js'
import { BufferLease } from './buffer-lease.js'
import type { Completion } from './completion.js'

/**
 * The life of a batch, in this order. A batch that is sent again goes from `in flight` back to `sealed`. A
 * batch is done when its records have their outcome. Its request may still be in flight then, so its bytes
 * are kept until the request is settled.
 */
export type BatchState =
  | { readonly kind: 'open' }
  /** No record can be added. The bytes are being compressed, perhaps on another thread. */
  | { readonly kind: 'sealing' }
  /** `wire`: the batch as it goes to the broker. The header is written when the batch is drained. */
  | { readonly kind: 'sealed'; readonly wire: Buffer }
  | { readonly kind: 'in flight'; readonly wire: Buffer; readonly nodeId: number }
  | { readonly kind: 'done' }

const OPEN: BatchState = { kind: 'open' }
const SEALING: BatchState = { kind: 'sealing' }
const DONE: BatchState = { kind: 'done' }

/**
 * Records that go to one partition together. Each is written once, directly into `buffer`, behind the room
 * for the batch's header.
 */
export class Batch {
  /**
   * When the first record was appended, on the monotonic clock. `linger.ms` and `delivery.timeout.ms` count
   * from here.
   */
  readonly createdAtMs: number
  readonly baseTimestamp: number
  readonly completions: Completion[] = []
  maxTimestamp: number
  recordCount = 0
  readonly attempts: Attempts = new Attempts()
  readonly lease: BufferLease
  /** The flushes that wait for the batch: see Flushes. */
  generation: number
  /**
   * The batch's place in the order of its partition. It may be a fraction: the pieces of a split batch share
   * the place of the whole.
   */
  // Invariant: DESIGN.md, "The order of batches is a number, not a place".
  readonly order: number
  /** The part of the order that is the batch's own: from `order` up to the next batch's. */
  readonly orderWidth: number
  readonly #options: BatchOptions
  readonly #ratio: number
  #buffer: Buffer
  #state: BatchState = OPEN
  #stamp: BatchStamp | null = null
  #headerIsWritten = false
  #compressedBytes = 0
  #end = RECORD_BATCH_OVERHEAD

  constructor(buffer: Buffer, options: BatchOptions) {
    this.#buffer = buffer
    this.#options = options
    this.#ratio = options.growth?.ratio ?? 1
    this.baseTimestamp = options.baseTimestamp
    this.maxTimestamp = options.baseTimestamp
    this.createdAtMs = options.createdAtMs
    this.generation = options.generation
    this.order = options.order
    this.orderWidth = options.orderWidth
    this.lease = new BufferLease(() => options.returned(this))
  }

  /** The records, uncompressed, behind the room for a header. It is another one after a growth. */
  get buffer(): Buffer {
    return this.#buffer
  }

  get state(): BatchState {
    return this.#state
  }

  /** Null until the first drain, and without idempotence. */
  get stamp(): BatchStamp | null {
    return this.#stamp
  }

  /** Bytes of the compressed batch, which count beside the buffer; 0 without compression. */
  get compressedBytes(): number {
    return this.#compressedBytes
  }

  /** The callback that the pieces get if the batch is split. */
  get returned(): (batch: Batch) => void {
    return this.#options.returned
  }

  /** Bytes of header and records, uncompressed. */
  get size(): number {
    return this.#end
  }

  /** Bytes that are expected on the wire while the batch is open. */
  get plannedSize(): number {
    return RECORD_BATCH_OVERHEAD + (this.#end - RECORD_BATCH_OVERHEAD) * this.#ratio
  }

  /** Bytes on the wire, once the batch is sealed. */
  get wireSize(): number {
    return this.#state.kind === 'sealed' || this.#state.kind === 'in flight'
      ? this.#state.wire.length
      : this.#end
  }

  get isDone(): boolean {
    return this.#state.kind === 'done'
  }

  /** Whether no further record of ordinary size fits. */
  get isFull(): boolean {
    return this.#state.kind !== 'open' || this.plannedSize >= this.#options.limit
  }

  /** The bytes of the records, uncompressed. */
  get records(): Buffer {
    return this.#buffer.subarray(RECORD_BATCH_OVERHEAD, this.#end)
  }

  /**
   * Adds the record if there is room. Returns the bytes by which `plannedSize` grew, 0 if there is no room.
   * The first record always fits, because the buffer was made for it. As in Java, the new record itself
   * counts as if it were not compressed.
   */
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
    if (index > 0 && this.plannedSize + size > this.#options.limit) return 0
    if (end > this.#buffer.length && !this.#enlarge(end)) return 0
    writeRecord(
      this.#buffer,
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
    return size * this.#ratio
  }

  #enlarge(end: number): boolean {
    const { growth } = this.#options
    if (this.recordCount === 0 || growth === undefined || growth === null || end > growth.maxBytes)
      return false
    const size = Math.min(Math.max(this.#buffer.length * 2, end), growth.maxBytes)
    const larger = growth.enlarge(this.#buffer, size, this.#end)
    if (larger !== null) this.#buffer = larger
    return larger !== null
  }

  /** The only place that changes the state. */
  become(next: BatchState): void {
    this.#state = next
  }

  startSealing(): void {
    this.become(SEALING)
  }

  /** Seals a batch without compression: it is sent from the bytes to which it was written. */
  sealAsItIs(): void {
    this.become({ kind: 'sealed', wire: this.#buffer.subarray(0, this.#end) })
  }

  /** Seals the batch with its compressed records, behind the room for a header. */
  sealCompressed(compressed: Uint8Array): void {
    const wire = Buffer.allocUnsafeSlow(RECORD_BATCH_OVERHEAD + compressed.length)
    wire.set(compressed, RECORD_BATCH_OVERHEAD)
    this.#compressedBytes = wire.length
    this.become({ kind: 'sealed', wire })
  }

  finish(): void {
    this.become(DONE)
  }

  /** Sets the identity and sequence under which the batch is sent. */
  stampWith(stamp: BatchStamp): void {
    this.#stamp = stamp
    this.#headerIsWritten = false
  }

  /** Removes the stamp, so that the batch can get another. No attempt under the old one may be in the log. */
  unstamp(): void {
    this.#stamp = null
    this.#headerIsWritten = false
  }

  /**
   * Writes the header with the checksum. It runs once for each stamp, so that a retry sends the same bytes.
   */
  writeHeader(wire: Buffer, compression: number): void {
    if (this.#headerIsWritten) return
    const stamp: RecordBatchStamp =
      this.#stamp === null
        ? UNSTAMPED
        : {
            producerId: this.#stamp.identity.producerId,
            producerEpoch: this.#stamp.identity.epoch,
            baseSequence: this.#stamp.baseSequence,
            transactional: this.#stamp.identity.transactional,
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
    this.#headerIsWritten = true
  }

  /** Parses the records one by one, in order. Their bytes are views of the buffer. */
  *parsedRecords(): IterableIterator<ParsedRecord> {
    const reader = new RecordReader(this.records)
    while (!reader.atEnd) yield reader.next()
  }
}

/**
 * Bytes of the buffer for a batch whose first record has these sizes: `batch.size`, or more if that record
 * needs it.
 */
export function bufferSizeFor(
  batchSize: number,
  keySize: number,
  valueSize: number,
  sizeOfHeaders: number,
): number {
  const first = recordSize(recordBodySize(0, 0, keySize, valueSize, sizeOfHeaders))
  return Math.max(batchSize, RECORD_BATCH_OVERHEAD + first)
}
