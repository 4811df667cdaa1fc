import type { Buffer } from 'node:buffer'
import { Fifo } from '../../fifo.js'
import type { Accumulator } from './accumulator.js'
import { bufferSizeFor } from './batch.js'
import type { MemoryWaiter } from './buffer-memory.js'
import type { Partition } from './partition.js'
import { firstUnsettled, type WaitingSend } from './waiting-send.js'

/** The records of one partition that wait for memory, in the order of the sends. */
export class MemoryQueue implements MemoryWaiter {
  readonly #partition: Partition
  readonly #accumulator: Accumulator
  readonly #sends = new Fifo<WaitingSend>()
  /** Whether the queue waits in BufferMemory. */
  #isWaiting = false

  constructor(partition: Partition, accumulator: Accumulator) {
    this.#partition = partition
    this.#accumulator = accumulator
  }

  /** Whether no record waits. A settled send counts until it has left the queue. */
  get isEmpty(): boolean {
    return this.#sends.length === 0
  }

  /** Adds a record for which there is no memory, behind those that wait already. */
  push(send: WaitingSend): void {
    this.#sends.push(send)
    this.#accumulator.starves(this.#partition)
    this.#wait()
  }

  /** The record that has waited the longest; undefined if none waits. */
  first(): WaitingSend | undefined {
    return firstUnsettled(this.#sends)
  }

  /** Every record that still waits, oldest first. The records stay in the queue. */
  *waiting(): IterableIterator<WaitingSend> {
    for (const send of this.#sends) if (!send.isSettled) yield send
  }

  /** Removes all records and returns them, oldest first. */
  takeAll(): WaitingSend[] {
    return this.#sends.takeAll()
  }

  get bytesNeeded(): number {
    const next = this.first()
    if (next === undefined) {
      this.#isWaiting = false
      return 0
    }
    const { keySize, valueSize, headersSize } = next
    return bufferSizeFor(this.#accumulator.batchSize, keySize, valueSize, headersSize)
  }

  /** Moves records into a batch in the granted buffer. Waits for another buffer if they do not all fit. */
  granted(buffer: Buffer): void {
    this.#isWaiting = false
    const first = this.#sends.peek()
    if (first === undefined) throw new Error(`${this.#partition}: memory was given to nobody`)
    const batch = this.#partition.openBatchIn(buffer, first.timestamp)
    for (let next = this.first(); next !== undefined; next = this.first()) {
      if (next.moveInto(batch) === 0) {
        this.#partition.closeOpenBatch(batch)
        this.#wait()
        return
      }
    }
    this.#accumulator.starvesNoMore(this.#partition)
  }

  #wait(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#accumulator.observer.memoryMissing(this.#partition)
    this.#accumulator.memory.wait(this)
  }
}
