import type { Buffer } from 'node:buffer'
import type { CompressionType, Environment } from '../environment/environment.js'
import type { Fifo } from '../fifo.js'
import { Batch } from './batch.js'
import { BufferMemory } from './buffer-memory.js'
import { Flushes } from './flushes.js'
import type { Partition } from './partition.js'
import type { Topic } from './topic.js'
import type { WaitingSend } from './waiting-send.js'

export interface AccumulatorOptions {
  /** `buffer.memory`, bytes. */
  readonly bufferMemory: number
  /** `batch.size`, bytes; 0 makes batches of one record. */
  readonly batchSize: number
  readonly maxRequestSize: number
  readonly compressionType: CompressionType
  readonly compressionLevel: number
}

/**
 * How many records may wait for memory, however small. Those that waited for metadata first do not count: a caller who heeded every answer
 * could have sent any number of them. What stands behind a full `buffer.memory` lives long enough for V8 to keep it as
 * long-lived, and to let several times as much garbage of it gather before it looks again.
 */
const MOST_WAITING_FOR_MEMORY = 2_048

/** What the accumulator asks of its owner. */
export interface AccumulatorHooks {
  /** There may be something to send. */
  wake(): void
  /** A topic is in use. */
  touch(topic: string): void
  /** A record that nobody awaits was not delivered. `record` is the caller's own object. */
  undelivered(error: unknown, record: object): void
  /** Throws an error that a callback threw, in a turn of its own. */
  rethrow(error: unknown): void
  /** A batch could not be compressed. */
  sealFailed(partition: Partition, batch: Batch, error: unknown): void
  /** Senders that were asked to wait may go on. */
  drained(): void
}

/**
 * The records between `send` and the wire: topics with their partitions, the memory they may take, and which partitions have
 * something to send.
 */
export class Accumulator {
  readonly memory: BufferMemory
  readonly batchSize: number
  readonly hooks: AccumulatorHooks
  readonly topics: Map<string, Topic> = new Map()
  /** Partitions whose queue is not empty, in the order in which they get their turn. */
  readonly active: Set<Partition> = new Set()
  /** Partitions with a request out. */
  readonly busy: Set<Partition> = new Set()
  /** Partitions with records that wait for memory. */
  readonly starved: Set<Partition> = new Set()
  /** Queues of records that wait for a topic's metadata, or for a partition. */
  readonly unplaced: Set<Fifo<WaitingSend>> = new Set()
  readonly flushes: Flushes = new Flushes()
  readonly #environment: Environment
  readonly #options: AccumulatorOptions
  readonly #batchLimit: number
  #waitingBytes = 0
  #waitingForMemory = 0
  #drainIsAwaited = false

  constructor(options: AccumulatorOptions, environment: Environment, hooks: AccumulatorHooks) {
    this.#options = options
    this.#environment = environment
    this.hooks = hooks
    this.batchSize = options.batchSize
    this.#batchLimit = Math.min(options.batchSize, options.maxRequestSize)
    this.memory = new BufferMemory(options.bufferMemory, options.batchSize)
  }

  /** Bytes that records waiting for metadata or memory count, and how many they may: a quarter of `buffer.memory` beside it. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  get waitingLimit(): number {
    return this.memory.totalBytes / 4
  }

  /** How many records wait for memory and have waited for nothing else before. */
  get waitingForMemory(): number {
    return this.#waitingForMemory
  }

  /** Whether a record that finds no memory may not wait for it. */
  get isCrowded(): boolean {
    return this.#waitingForMemory >= MOST_WAITING_FOR_MEMORY
  }

  /** Bytes taken by batches and by records that wait: 0 once all have their outcome and nobody reads their bytes any more. */
  get heldBytes(): number {
    return this.memory.usedBytes + this.#waitingBytes
  }

  /**
   * Whether there is little enough under way that the caller may go on; if not, `drained` will be called once. The records that wait
   * count too: they would otherwise hit their limit with a caller who heeds every answer.
   */
  hasRoom(): boolean {
    const { memory } = this
    if (memory.usedBytes * 2 <= memory.totalBytes && this.#waitingBytes * 2 <= this.waitingLimit) return true
    this.#drainIsAwaited = true
    return false
  }

  createBatch(partition: Partition, buffer: Buffer, baseTimestamp: number, order: number): Batch {
    const { generation } = this.flushes
    this.flushes.started(generation)
    this.hooks.touch(partition.topic.name)
    this.hooks.wake()
    return new Batch(buffer, {
      limit: this.#batchLimit,
      baseTimestamp,
      createdAtMs: this.#environment.clock.now(),
      generation,
      order,
      orderWidth: 1,
    })
  }

  /** The partition has something to send. */
  activate(partition: Partition): void {
    this.active.add(partition)
  }

  deactivateIfIdle(partition: Partition): void {
    if (partition.queue.length === 0) this.active.delete(partition)
  }

  /** The partition has had its turn: if it has more to send, all others come first. */
  turnTaken(partition: Partition): void {
    this.active.delete(partition)
    if (partition.queue.length > 0) this.active.add(partition)
  }

  /** Ends a batch's appends and makes its wire bytes, at once or, compressed, later. */
  seal(partition: Partition, batch: Batch): void {
    const { compressionType, compressionLevel } = this.#options
    if (compressionType === 'none') {
      batch.sealAsItIs()
      this.hooks.wake()
      return
    }
    batch.startSealing()
    batch.readers++
    this.#environment.compress(compressionType, compressionLevel, batch.records).then(
      (compressed) => {
        batch.readers--
        if (batch.isDone) {
          this.release(batch)
          return
        }
        batch.sealCompressed(compressed)
        this.memory.count(batch.compressedBytes)
        this.hooks.wake()
      },
      (error: unknown) => {
        batch.readers--
        if (batch.isDone) this.release(batch)
        else this.hooks.sealFailed(partition, batch, error)
      },
    )
  }

  /** Pieces of a batch that was split take memory of their own, whether there is room or not. */
  adopt(piece: Batch): void {
    this.memory.count(piece.buffer.length)
    this.flushes.started(piece.generation)
  }

  /** The batch's records have heard of their outcome, or are in other batches now. */
  finished(batch: Batch): void {
    batch.isTold = true
    this.flushes.ended(batch.generation)
    this.release(batch)
  }

  /** Gives the batch's memory back once nobody reads it any more: neither for its records nor from a socket. */
  release(batch: Batch): void {
    if (!batch.isTold || batch.readers > 0 || batch.isReleased) return
    batch.isReleased = true
    if (batch.compressedBytes > 0) this.memory.uncount(batch.compressedBytes)
    this.memory.release(batch.buffer)
    this.#tellIfDrained()
  }

  /** A flush that waits for a record waits for the batch the record went into. */
  adoptGeneration(batch: Batch, generation: number): void {
    if (generation >= batch.generation) return
    this.flushes.started(generation)
    this.flushes.ended(batch.generation)
    batch.generation = generation
  }

  waitingSendArrived(send: WaitingSend): void {
    this.#waitingBytes += send.bytes
    this.flushes.started(send.generation)
  }

  /** A waiting record found no memory, and nothing else was missing. */
  waitingSendStarves(): void {
    this.#waitingForMemory++
  }

  waitingSendLeft(send: WaitingSend): void {
    this.#waitingBytes -= send.bytes
    if (send.starves) this.#waitingForMemory--
    this.flushes.ended(send.generation)
    this.#tellIfDrained()
  }

  isTopicInUse(name: string): boolean {
    const topic = this.topics.get(name)
    if (topic === undefined) return false
    if (topic.waiting.length > 0 || topic.waitingForPartition.size > 0) return true
    return topic.partitions.some(
      (partition) =>
        partition.queue.length > 0 || partition.inFlight.length > 0 || partition.waiting.length > 0,
    )
  }

  #tellIfDrained(): void {
    if (!this.#drainIsAwaited) return
    const { memory } = this
    if (memory.usedBytes * 4 >= memory.totalBytes || this.#waitingBytes * 4 >= this.waitingLimit) return
    this.#drainIsAwaited = false
    this.hooks.drained()
  }
}
