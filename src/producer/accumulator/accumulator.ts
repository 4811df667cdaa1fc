import type { Buffer } from 'node:buffer'
import type { CompressionType } from '../../environment/codecs.js'
import type { Environment } from '../../environment/environment.js'
import { Batch } from './batch.js'
import type { BatchGrowth } from './batch-options.js'
import { BufferMemory } from './buffer-memory.js'
import type { UnaskedSend } from './completion.js'
import { Flushes } from './flushes.js'
import type { Partition } from './partition.js'
import type { ProducerObserver } from './producer-observer.js'
import { Slab } from './slab.js'
import type { Topic } from './topic.js'

export interface AccumulatorOptions {
  /** `buffer.memory`, bytes. */
  readonly bufferMemory: number
  /** Bytes that waiting records may take beside `buffer.memory`. */
  readonly waitingMemory: number
  /** `batch.size`, bytes; 0 makes batches of one record. */
  readonly batchSize: number
  readonly maxRequestSize: number
  readonly compressionType: CompressionType
  readonly compressionLevel: number
}

/** Hears of the accumulator's events and needs. */
export interface AccumulatorListener {
  /** A batch may be ready to be sent. */
  wake(): void
  /** Records for this topic are on their way. */
  touch(topic: string): void
  /** A record without a completion was not delivered. `record` is the record as it was sent. */
  undelivered(error: unknown, record: object, send: UnaskedSend | null): void
  /** Throws an error that a callback threw, in a turn of its own. */
  rethrow(error: unknown): void
  /** A batch could not be compressed. */
  sealFailed(partition: Partition, batch: Batch, error: unknown): void
  /** The caller, whom `hasRoom` told to wait, may send again. */
  drained(): void
}

/**
 * The records between `send` and the wire. It holds the topics with their partitions, the memory for batches,
 * and the sets of partitions that the sender looks at.
 */
export class Accumulator {
  readonly memory: BufferMemory
  readonly batchSize: number
  readonly listener: AccumulatorListener
  readonly observer: ProducerObserver
  readonly topics: Map<string, Topic> = new Map()
  readonly flushes: Flushes = new Flushes()
  /** The bytes of records that wait. */
  readonly waitingSlab: Slab = new Slab()
  readonly #active = new Set<Partition>()
  readonly #busy = new Set<Partition>()
  readonly #starved = new Set<Partition>()
  readonly #environment: Environment
  readonly #options: AccumulatorOptions
  readonly #returned = (batch: Batch): void => this.#giveBack(batch)
  readonly #enlarge: BatchGrowth['enlarge'] = (buffer, size, used) =>
    this.memory.tryEnlarge(buffer, size, used)
  readonly #batchLimit: number
  #waitingBytes = 0
  #drainIsAwaited = false

  constructor(
    options: AccumulatorOptions,
    environment: Environment,
    listener: AccumulatorListener,
    observer: ProducerObserver,
  ) {
    this.#options = options
    this.#environment = environment
    this.listener = listener
    this.observer = observer
    this.batchSize = options.batchSize
    this.#batchLimit = Math.min(options.batchSize, options.maxRequestSize)
    this.memory = new BufferMemory(options.bufferMemory, options.batchSize)
  }

  /** Partitions whose queue of batches is not empty, in the order of their turns. */
  get active(): ReadonlySet<Partition> {
    return this.#active
  }

  /** Partitions with a request in flight. */
  get busy(): ReadonlySet<Partition> {
    return this.#busy
  }

  /** Partitions with records that wait for memory. */
  get starved(): ReadonlySet<Partition> {
    return this.#starved
  }

  /** Bytes of the records that wait for metadata or for memory. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /**
   * The most bytes that waiting records may count: their own memory, and the free part of `buffer.memory`,
   * where they will go.
   */
  get waitingLimit(): number {
    return this.#options.waitingMemory + Math.max(0, this.memory.availableBytes)
  }

  /**
   * Bytes of batches and of waiting records. 0 once every record has its outcome and no socket or compressor
   * reads the bytes.
   */
  get heldBytes(): number {
    return this.memory.usedBytes + this.#waitingBytes
  }

  /**
   * Whether the caller may go on because at most half of `buffer.memory` is taken. If not, `drained` is
   * called once later.
   */
  hasRoom(): boolean {
    if (this.heldBytes * 2 <= this.memory.totalBytes) return true
    this.#drainIsAwaited = true
    return false
  }

  createBatch(partition: Partition, buffer: Buffer, baseTimestamp: number, order: number): Batch {
    const { generation } = this.flushes
    this.flushes.started(generation)
    this.listener.touch(partition.topic.name)
    this.listener.wake()
    return new Batch(buffer, {
      limit: this.#batchLimit,
      growth: this.#growthOf(partition.topic),
      baseTimestamp,
      createdAtMs: this.#environment.clock.now(),
      generation,
      order,
      orderWidth: 1,
      returned: this.#returned,
    })
  }

  /** Null if a batch is written once, where it is sent from. */
  #growthOf({ compression }: Topic): BatchGrowth | null {
    const { compressionType, batchSize, maxRequestSize } = this.#options
    // With a batch.size of 0 every record is a batch of its own.
    if (compressionType === 'none' || batchSize === 0) return null
    return { ratio: compression.planned, maxBytes: maxRequestSize, enlarge: this.#enlarge }
  }

  /** The partition has a batch in its queue. */
  activate(partition: Partition): void {
    this.#active.add(partition)
  }

  deactivateIfIdle(partition: Partition): void {
    if (partition.queue.length === 0) this.#active.delete(partition)
  }

  /**
   * The partition has a request in flight, and has had its turn. If it has more batches, all other partitions
   * come first.
   */
  sent(partition: Partition): void {
    this.#busy.add(partition)
    this.#active.delete(partition)
    if (partition.queue.length > 0) this.#active.add(partition)
  }

  /** The partition has no request in flight any more. */
  quiet(partition: Partition): void {
    this.#busy.delete(partition)
  }

  /** Records of the partition wait for memory. */
  starves(partition: Partition): void {
    this.#starved.add(partition)
    this.listener.wake()
  }

  starvesNoMore(partition: Partition): void {
    this.#starved.delete(partition)
  }

  /** Ends a batch's appends and makes its wire bytes: at once, or later if it is compressed. */
  seal(partition: Partition, batch: Batch): void {
    const { compressionType, compressionLevel } = this.#options
    if (compressionType === 'none') {
      batch.sealAsItIs()
      this.listener.wake()
      return
    }
    batch.startSealing()
    batch.lease.hold()
    this.#environment.compress(compressionType, compressionLevel, batch.records).then(
      (compressed) => {
        if (!batch.isDone) {
          batch.sealCompressed(compressed)
          partition.topic.compression.observe(batch.wireSize, batch.records.length)
          this.memory.count(batch.compressedBytes)
          this.listener.wake()
        }
        batch.lease.letGo()
      },
      (error: unknown) => {
        batch.lease.letGo()
        if (!batch.isDone) this.listener.sealFailed(partition, batch, error)
      },
    )
  }

  /** Counts the memory of a piece of a split batch, even if there is no room. */
  adopt(piece: Batch): void {
    this.memory.count(piece.buffer.length)
    this.flushes.started(piece.generation)
  }

  /** The batch's records have been notified of their outcome, or are in other batches now. */
  finished(batch: Batch): void {
    this.flushes.ended(batch.generation)
    batch.lease.recordsLeft()
  }

  /** Extends a flush that waits for a record to the batch that takes the record. */
  adoptGeneration(batch: Batch, generation: number): void {
    if (generation >= batch.generation) return
    this.flushes.started(generation)
    this.flushes.ended(batch.generation)
    batch.generation = generation
  }

  waitingSendArrived(bytes: number, generation: number): void {
    this.#waitingBytes += bytes
    this.flushes.started(generation)
  }

  waitingSendLeft(bytes: number, generation: number): void {
    this.#waitingBytes -= bytes
    this.flushes.ended(generation)
    this.#tellIfDrained()
  }

  isTopicInUse(name: string): boolean {
    const topic = this.topics.get(name)
    if (topic === undefined) return false
    if (topic.waiting.length > 0 || topic.waitingForPartition.size > 0) return true
    return topic.partitions.some(
      (partition) =>
        partition.queue.length > 0 || partition.inFlight.length > 0 || !partition.waiting.isEmpty,
    )
  }

  /** Releases the memory of a batch that neither its records nor a reader needs. */
  #giveBack(batch: Batch): void {
    if (batch.compressedBytes > 0) this.memory.uncount(batch.compressedBytes)
    this.memory.release(batch.buffer)
    this.#tellIfDrained()
  }

  #tellIfDrained(): void {
    if (!this.#drainIsAwaited) return
    if (this.heldBytes * 4 >= this.memory.totalBytes) return
    this.#drainIsAwaited = false
    this.listener.drained()
  }
}
