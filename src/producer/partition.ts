import type { Buffer } from 'node:buffer'
import { Fifo } from '../fifo.js'
import { type RecordData, type RecordHeader, recordBodySize, recordSize } from '../protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../protocol/record-batch.js'
import type { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import type { MemoryWaiter } from './buffer-memory.js'
import type { Completion } from './completion.js'
import { Confirmation, type Leader, NO_LEADER } from './confirmation.js'
import { OutcomeOrder } from './outcome-order.js'
import { PartitionSequence } from './partition-sequence.js'
import type { ProducerIdentity } from './sequence.js'
import type { Topic } from './topic.js'
import type { WaitingSend } from './waiting-send.js'

/**
 * One partition, and the only owner of its order: records wait, then batches wait, then requests are in flight, each in the order of
 * the sends.
 */
export class Partition implements MemoryWaiter {
  readonly topic: Topic
  readonly index: number
  readonly sequence: PartitionSequence = new PartitionSequence()
  readonly outcomes: OutcomeOrder = new OutcomeOrder()
  /** Batches that wait to be sent, in order; the last may still be open. Those being retried stand in front. */
  readonly queue: Batch[] = []
  /** Batches whose request is out, in order; those given up meanwhile included. */
  readonly inFlight: Batch[] = []
  /** Records that wait for a buffer. */
  readonly waiting: Fifo<WaitingSend> = new Fifo<WaitingSend>()
  leader: Leader = NO_LEADER
  /** What the leader is known to know of this producer. */
  readonly confirmation: Confirmation = new Confirmation()
  readonly #accumulator: Accumulator
  #nextOrder = 0
  /** Whether it stands in the queue for memory. */
  #waitsForMemory = false
  #isAbandoned = false

  constructor(topic: Topic, index: number, accumulator: Accumulator) {
    this.topic = topic
    this.index = index
    this.#accumulator = accumulator
  }

  /** The partition is led by another broker, or by the same one anew. What was refused before need not wait to ask there. */
  moveTo(leader: Leader): void {
    this.leader = leader
    for (const batch of this.queue) batch.backoffUntilMs = 0
  }

  toString(): string {
    return `${this.topic.name}-${this.index}`
  }

  get openBatch(): Batch | null {
    const last = this.queue.length === 0 ? undefined : this.queue[this.queue.length - 1]
    return last !== undefined && last.state.kind === 'open' ? last : null
  }

  /** Whether the tail takes no more records, or there is none: then a sticky partitioner may move on. */
  get tailIsFull(): boolean {
    const open = this.openBatch
    return open === null || open.isFull
  }

  /**
   * Adds the record to the tail or to a new batch, and returns by how much that grew the batches; 0 if it needs memory which is not
   * there.
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
    const size = firstRecordSize(keySize, valueSize, sizeOfHeaders)
    const buffer = this.#accumulator.memory.tryAllocate(Math.max(this.#accumulator.batchSize, size))
    if (buffer === null) return 0
    const batch = this.#openBatch(buffer, timestamp)
    batch.tryAppend(key, keySize, value, valueSize, headers, sizeOfHeaders, timestamp, completion)
    return batch.size
  }

  /** Ends the open batch: what comes next starts another. */
  closeOpenBatch(open: Batch): void {
    this.#accumulator.seal(this, open)
  }

  /** Brings a waiting record in: into a batch if there is room and nobody waits before it, else behind those who do. */
  admit(send: WaitingSend): void {
    if (this.waiting.length === 0) {
      const open = this.openBatch
      if (open !== null) {
        if (send.moveInto(open) > 0) return
        this.closeOpenBatch(open)
      }
      const { keySize, valueSize, headersSize, timestamp } = send.record
      const size = firstRecordSize(keySize, valueSize, headersSize)
      const buffer = this.#accumulator.memory.tryAllocate(Math.max(this.#accumulator.batchSize, size))
      if (buffer !== null) {
        send.moveInto(this.#openBatch(buffer, timestamp))
        return
      }
    }
    this.wait(send)
  }

  /** Queues a record that found no memory behind those that wait already. */
  wait(send: WaitingSend): void {
    this.waiting.push(send)
    this.#accumulator.starved.add(this)
    this.#accumulator.hooks.wake()
    this.#waitForMemory()
  }

  /** Takes all records that wait for memory out of their queue. */
  takeWaiting(): WaitingSend[] {
    const taken: WaitingSend[] = []
    for (let send = this.waiting.shift(); send !== undefined; send = this.waiting.shift()) taken.push(send)
    return taken
  }

  /** The record that waits longest, if any still does. */
  firstWaiting(): WaitingSend | undefined {
    this.#dropSettled()
    return this.waiting.peek()
  }

  get bytesNeeded(): number {
    const next = this.firstWaiting()
    if (next === undefined) {
      this.#waitsForMemory = false
      return 0
    }
    const { keySize, valueSize, headersSize } = next.record
    return Math.max(this.#accumulator.batchSize, firstRecordSize(keySize, valueSize, headersSize))
  }

  granted(buffer: Buffer): void {
    this.#waitsForMemory = false
    const first = this.waiting.peek()
    if (first === undefined) throw new Error(`${this}: memory was given to nobody`)
    const batch = this.#openBatch(buffer, first.record.timestamp)
    for (let next = this.waiting.peek(); next !== undefined; next = this.waiting.peek()) {
      if (next.moveInto(batch) === 0) {
        this.closeOpenBatch(batch)
        this.#waitForMemory()
        return
      }
      this.waiting.shift()
      this.#dropSettled()
    }
    this.#accumulator.starved.delete(this)
  }

  /**
   * Whether its next batch may go to the leader now, as far as order is concerned. `identity` is null while there is none or none is
   * wanted.
   */
  mayDrain(idempotent: boolean, identity: ProducerIdentity | null, now: number): boolean {
    const [head] = this.queue
    if (head === undefined) return false
    if (this.inFlight.length > 0) {
      // The old leader may still append what it was sent: until its answers are in, the new one gets nothing.
      if (this.confirmation.sentTo.nodeId !== this.leader.nodeId) return false
      // What is sent again goes alone, and nothing overtakes what is being sent again.
      if (head.attempts > 0) return false
      if (idempotent && !this.confirmation.holds(this.leader, now)) return false
    }
    if (!idempotent || head.stamp !== null) return true
    if (identity === null || !this.sequence.isIntact) return false
    return this.sequence.belongsTo(identity) || this.inFlight.length === 0
  }

  /** Takes the next batch out of the queue and stamps it, in one turn with all that `mayDrain` looked at. */
  drain(
    nodeId: number,
    idempotent: boolean,
    identity: ProducerIdentity | null,
    compression: number,
    now: number,
  ): Batch {
    const batch = this.queue.shift()
    if (batch?.state.kind !== 'sealed')
      throw new Error(`${this}: a batch that is ${batch?.state.kind ?? 'not there'} was drained`)
    this.confirmation.sending(this.leader, now)
    const { wire } = batch.state
    if (idempotent && identity !== null && batch.stamp === null) {
      if (!this.sequence.belongsTo(identity)) {
        this.sequence.assign(identity)
        this.confirmation.withdraw()
      }
      batch.stamp = { identity, baseSequence: this.sequence.take(batch.recordCount) }
      batch.headerIsWritten = false
    }
    if (!batch.headerIsWritten) batch.writeHeader(wire, compression)
    batch.attempts++
    batch.round = this.confirmation.round
    batch.sentAtMs = now
    batch.readers++
    batch.become({ kind: 'in flight', wire, nodeId })
    this.inFlight.push(batch)
    this.#accumulator.turnTaken(this)
    return batch
  }

  /** The request of `batch` is settled, one way or the other. */
  landed(batch: Batch): void {
    const at = this.inFlight.indexOf(batch)
    if (at !== -1) this.inFlight.splice(at, 1)
    batch.readers--
  }

  /** Puts a batch back that was in flight, in front of all that was sent after it. */
  requeue(batch: Batch): void {
    if (batch.state.kind !== 'in flight')
      throw new Error(`${this}: a batch that is ${batch.state.kind} was requeued`)
    batch.become({ kind: 'sealed', wire: batch.state.wire })
    this.confirmation.withdraw()
    this.insert(batch)
  }

  insert(batch: Batch): void {
    let at = 0
    while (at < this.queue.length && (this.queue[at] as Batch).order < batch.order) at++
    this.queue.splice(at, 0, batch)
    this.#accumulator.activate(this)
  }

  /** Takes a batch out of the queue that will not be sent. */
  remove(batch: Batch): void {
    const at = this.queue.indexOf(batch)
    if (at !== -1) this.queue.splice(at, 1)
    this.#accumulator.deactivateIfIdle(this)
  }

  /** The topic it belonged to is gone: what is still out is not sent again. */
  abandon(): void {
    this.#isAbandoned = true
  }

  get isAbandoned(): boolean {
    return this.#isAbandoned
  }

  /** Whether a batch sent before `batch` has no outcome yet. */
  hasPredecessorOf(batch: Batch): boolean {
    const [head] = this.queue
    if (head !== undefined && head.order < batch.order) return true
    return this.inFlight.some((other) => other.order < batch.order && !other.isDone)
  }

  #openBatch(buffer: Buffer, timestamp: number): Batch {
    const batch = this.#accumulator.createBatch(this, buffer, timestamp, this.#nextOrder++)
    this.queue.push(batch)
    this.#accumulator.activate(this)
    return batch
  }

  #waitForMemory(): void {
    if (this.#waitsForMemory) return
    this.#waitsForMemory = true
    this.#accumulator.memory.wait(this)
  }

  #dropSettled(): void {
    for (let next = this.waiting.peek(); next?.isSettled === true; next = this.waiting.peek())
      this.waiting.shift()
  }
}

function firstRecordSize(keySize: number, valueSize: number, sizeOfHeaders: number): number {
  return RECORD_BATCH_OVERHEAD + recordSize(recordBodySize(0, 0, keySize, valueSize, sizeOfHeaders))
}
