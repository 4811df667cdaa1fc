import type { Buffer } from 'node:buffer'
import type { RecordData, RecordHeader } from '../../protocol/record.js'
import { type Leader, LeaderConfirmation, NO_LEADER } from '../idempotence/leader-confirmation.js'
import { PartitionSequence } from '../idempotence/partition-sequence.js'
import type { Stamping } from '../idempotence/producer-id-source.js'
import type { Accumulator } from './accumulator.js'
import { type Batch, bufferSizeFor } from './batch.js'
import type { Completion } from './completion.js'
import { MemoryQueue } from './memory-queue.js'
import { OutcomeOrder } from './outcome-order.js'
import type { Topic } from './topic.js'
import type { WaitingSend } from './waiting-send.js'

/** A batch with its partition. */
export interface DrainedBatch {
  readonly partition: Partition
  readonly batch: Batch
}

/**
 * One partition, and the only owner of its order. Records wait for memory, then batches wait to be sent, then
 * requests are in flight, always in the order of the sends.
 */
export class Partition {
  readonly topic: Topic
  readonly index: number
  readonly sequence: PartitionSequence = new PartitionSequence()
  readonly outcomes: OutcomeOrder = new OutcomeOrder()
  /** Batches that wait to be sent, in order. The last may be open. Those to be sent again come first. */
  readonly queue: Batch[] = []
  /** Batches whose request is in flight, in order. They include batches that were given up meanwhile. */
  readonly inFlight: Batch[] = []
  readonly waiting: MemoryQueue
  leader: Leader = NO_LEADER
  /** The leader's knowledge of this producer, as far as this client can be sure of it. */
  readonly confirmation: LeaderConfirmation = new LeaderConfirmation()
  readonly #accumulator: Accumulator
  #nextOrder = 0
  #isAbandoned = false

  constructor(topic: Topic, index: number, accumulator: Accumulator) {
    this.topic = topic
    this.index = index
    this.#accumulator = accumulator
    this.waiting = new MemoryQueue(this, accumulator)
  }

  /**
   * The partition has another leader, or a new leader epoch. Batches that were refused before need not back
   * off there.
   */
  moveTo(leader: Leader): void {
    this.leader = leader
    for (const batch of this.queue) batch.attempts.backOff(0)
  }

  toString(): string {
    return `${this.topic.name}-${this.index}`
  }

  /** Whether the partition has ever had a batch. */
  get hasBegun(): boolean {
    return this.#nextOrder > 0
  }

  get openBatch(): Batch | null {
    const last = this.queue.length === 0 ? undefined : this.queue[this.queue.length - 1]
    return last !== undefined && last.state.kind === 'open' ? last : null
  }

  /**
   * Whether the last batch takes no more records, or there is none. A sticky partitioner may then move on.
   */
  get tailIsFull(): boolean {
    const open = this.openBatch
    return open === null || open.isFull
  }

  /**
   * Adds the record to the open batch or to a new one. Returns by how many bytes the batches grew; 0 if the
   * memory for a new batch is missing.
   */
  append(
    key: RecordData,
    keySize: number,
    value: RecordData,
    valueSize: number,
    headers: readonly RecordHeader[] | null,
    sizeOfHeaders: number,
    timestamp: number,
    completion: Completion,
  ): number {
    const open = this.openBatch
    if (open !== null) {
      const grown = open.tryAppend(
        key,
        keySize,
        value,
        valueSize,
        headers,
        sizeOfHeaders,
        timestamp,
        completion,
      )
      if (grown > 0) return grown
      this.closeOpenBatch(open)
    }
    const batch = this.#tryOpenBatch(keySize, valueSize, sizeOfHeaders, timestamp)
    if (batch === null) return 0
    batch.tryAppend(key, keySize, value, valueSize, headers, sizeOfHeaders, timestamp, completion)
    return batch.size
  }

  /**
   * Ends the open batch if a record of these sizes does not fit into it, as the record's append would.
   * Returns whether the last batch is full then, or there is none.
   */
  closeUnlessRoom(keySize: number, valueSize: number, sizeOfHeaders: number, timestamp: number): boolean {
    const open = this.openBatch
    if (open?.hasRoomFor(keySize, valueSize, sizeOfHeaders, timestamp) === false) this.closeOpenBatch(open)
    return this.tailIsFull
  }

  /** Ends the open batch. The next record starts another. */
  closeOpenBatch(open: Batch): void {
    this.#accumulator.seal(this, open)
    if (open.state.kind === 'sealed') this.#accumulator.listener.wake()
  }

  /**
   * Takes in a waiting record: into a batch if there is room and no record waits before it, else behind the
   * waiting records. Returns by how many bytes the batches grew; 0 if the record still waits.
   */
  admit(send: WaitingSend): number {
    if (this.waiting.isEmpty) {
      const open = this.openBatch
      if (open !== null) {
        const grown = send.moveInto(open)
        if (grown > 0) return grown
        this.closeOpenBatch(open)
      }
      const { keySize, valueSize, headersSize, timestamp } = send
      const batch = this.#tryOpenBatch(keySize, valueSize, headersSize, timestamp)
      if (batch !== null) {
        send.moveInto(batch)
        return batch.size
      }
    }
    this.waiting.push(send)
    return 0
  }

  /** Whether the order of the partition allows the next batch to go to the leader now. */
  mayDrain(stamping: Stamping, now: number): boolean {
    const [head] = this.queue
    if (head === undefined) return false
    if (this.inFlight.length > 0) {
      // Invariant: DESIGN.md, "Nothing goes to a new leader while the old one has requests".
      // The old leader may still append what it was sent. Until it has answered, the new leader gets nothing.
      if (this.confirmation.sentTo.nodeId !== this.leader.nodeId) return false
      // A retried batch goes alone, and nothing overtakes it.
      if (head.attempts.count > 0) return false
      // Invariant: DESIGN.md, "One request in flight until the first acknowledgement".
      if (stamping !== 'none' && !this.confirmation.holds(this.leader, now)) return false
    }
    if (stamping === 'none' || head.stamp !== null) return true
    if (stamping === 'wait' || !this.sequence.isIntact) return false
    return this.sequence.belongsTo(stamping) || this.inFlight.length === 0
  }

  /** Takes the next batch out of the queue and stamps it, in the same turn in which `mayDrain` was asked. */
  drain(nodeId: number, stamping: Stamping, compression: number, now: number): Batch {
    const batch = this.queue.shift()
    if (batch?.state.kind !== 'sealed')
      throw new Error(`${this}: a batch that is ${batch?.state.kind ?? 'not there'} was drained`)
    this.confirmation.sending(this.leader, now)
    const { wire } = batch.state
    // Invariant: DESIGN.md, "A batch is stamped in the turn in which it is drained".
    if (typeof stamping === 'object' && batch.stamp === null) {
      if (!this.sequence.belongsTo(stamping)) {
        this.sequence.assign(stamping)
        this.confirmation.withdraw()
      }
      batch.stampWith({ identity: stamping, baseSequence: this.sequence.take(batch.recordCount) })
    }
    batch.writeHeader(wire, compression)
    batch.attempts.sent(this.confirmation.round, now)
    batch.lease.hold()
    batch.become({ kind: 'in flight', wire, nodeId })
    this.inFlight.push(batch)
    this.#accumulator.sent(this)
    return batch
  }

  /** The request of `batch` is settled, with or without a response. */
  landed(batch: Batch): void {
    const at = this.inFlight.indexOf(batch)
    if (at !== -1) this.inFlight.splice(at, 1)
    if (this.inFlight.length === 0) this.#accumulator.quiet(this)
    batch.lease.letGo()
  }

  /** Puts a batch that was in flight back into the queue, in front of all batches that were sent after it. */
  requeue(batch: Batch): void {
    if (batch.state.kind !== 'in flight')
      throw new Error(`${this}: a batch that is ${batch.state.kind} was requeued`)
    batch.become({ kind: 'sealed', wire: batch.state.wire })
    this.confirmation.withdraw()
    this.insert(batch)
  }

  insert(batch: Batch): void {
    // Invariant: DESIGN.md, "The order of batches is a number, not a place".
    let at = 0
    while (at < this.queue.length && (this.queue[at] as Batch).order < batch.order) at++
    this.queue.splice(at, 0, batch)
    this.#accumulator.activate(this)
  }

  /** Takes a batch that will not be sent out of the queue. */
  remove(batch: Batch): void {
    const at = this.queue.indexOf(batch)
    if (at !== -1) this.queue.splice(at, 1)
    this.#accumulator.deactivateIfIdle(this)
  }

  /** The partition's topic is gone. Batches in flight are not sent again. */
  abandon(): void {
    this.#isAbandoned = true
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned
  }

  /** Whether a batch before `batch` has no outcome yet. */
  hasPredecessorOf(batch: Batch): boolean {
    // Invariant: DESIGN.md, "OUT_OF_ORDER_SEQUENCE_NUMBER means something only for the first batch".
    const [head] = this.queue
    if (head !== undefined && head.order < batch.order) return true
    return this.inFlight.some((other) => other.order < batch.order && !other.isDone)
  }

  /**
   * The batches without an outcome, in the order of the sends. A batch to be sent again may be older than one
   * in flight.
   */
  unsettled(): Batch[] {
    return [...this.inFlight.filter((batch) => !batch.isDone), ...this.queue].sort(
      (a, b) => a.order - b.order,
    )
  }

  /** Starts a batch in `buffer`, behind all others. */
  openBatchIn(buffer: Buffer, timestamp: number): Batch {
    const batch = this.#accumulator.createBatch(this, buffer, timestamp, this.#nextOrder++)
    this.queue.push(batch)
    this.#accumulator.activate(this)
    return batch
  }

  /** Starts a batch for a record of these sizes. Null if the memory is missing. */
  #tryOpenBatch(keySize: number, valueSize: number, sizeOfHeaders: number, timestamp: number): Batch | null {
    const { batchSize, memory } = this.#accumulator
    const buffer = memory.tryAllocate(bufferSizeFor(batchSize, keySize, valueSize, sizeOfHeaders))
    return buffer === null ? null : this.openBatchIn(buffer, timestamp)
  }
}
