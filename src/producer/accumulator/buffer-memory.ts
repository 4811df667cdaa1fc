import { Buffer } from 'node:buffer'
import { Fifo } from '../../fifo.js'

/** A queue that needs a buffer. It is served when there is room. */
export interface MemoryWaiter {
  /** Bytes that the next batch needs; 0 if no buffer is needed any more. */
  readonly bytesNeeded: number
  granted(buffer: Buffer): void
}

/**
 * `buffer.memory`: bounds the bytes of all batches. Buffers of the usual size are kept for reuse, because
 * fresh memory for every batch costs a page fault for each 4 KiB.
 *
 * Waiters are served in order, with one exception. If the oldest needs more than there is (one huge record),
 * half of the memory that comes free is reserved for it and the other half serves the waiters behind it. So
 * neither starves the other.
 */
export class BufferMemory {
  readonly totalBytes: number
  readonly #pooledSize: number
  readonly #pool: Buffer[] = []
  #waiters = new Fifo<MemoryWaiter>()
  #availableBytes: number
  /** Bytes reserved for the oldest waiter. They count as used. */
  #reservedBytes = 0

  /**
   * @param totalBytes `buffer.memory`
   * @param pooledSize the usual size of a batch's buffer: `batch.size`
   */
  constructor(totalBytes: number, pooledSize: number) {
    this.totalBytes = totalBytes
    this.#pooledSize = pooledSize
    this.#availableBytes = totalBytes
  }

  get usedBytes(): number {
    return this.totalBytes - this.#availableBytes
  }

  get availableBytes(): number {
    return this.#availableBytes
  }

  get hasWaiters(): boolean {
    return this.#waiters.length > 0
  }

  /** A buffer of at least `size` bytes. Null if the caller must wait: no caller overtakes the waiters. */
  tryAllocate(size: number): Buffer | null {
    if (this.#waiters.length > 0 || size > this.#availableBytes) return null
    this.#availableBytes -= size
    return this.#take(size)
  }

  /**
   * A buffer of `size` bytes in the place of `buffer`, with its first `used` bytes. Null if somebody waits
   * for memory, or if more than half of it would then be taken: batches that are not there yet need the rest.
   */
  tryEnlarge(buffer: Buffer, size: number, used: number): Buffer | null {
    const more = size - buffer.length
    if (this.#waiters.length > 0 || this.#availableBytes - more < this.totalBytes / 2) return null
    this.#availableBytes -= more
    const larger = this.#take(size)
    buffer.copy(larger, 0, 0, used)
    if (buffer.length === this.#pooledSize && this.#idleBytes + buffer.length <= this.#availableBytes)
      this.#pool.push(buffer)
    return larger
  }

  /** Queues `waiter` for a buffer of `waiter.bytesNeeded`. It must not be queued already. */
  wait(waiter: MemoryWaiter): void {
    this.#waiters.push(waiter)
  }

  /**
   * Counts bytes that are allocated elsewhere: the compressed form of a batch. They may exceed the limit, and
   * then senders wait.
   */
  count(bytes: number): void {
    this.#availableBytes -= bytes
  }

  /** Undoes `count`. */
  uncount(bytes: number): void {
    this.#free(bytes)
  }

  /** Takes back a buffer that is no longer read. */
  release(buffer: Buffer): void {
    if (buffer.length === this.#pooledSize) this.#pool.push(buffer)
    this.#free(buffer.length)
  }

  /** Asks every waiter again what it needs. A waiter may have stopped needing memory. */
  serve(): void {
    for (let oldest = this.#waiters.peek(); oldest !== undefined; oldest = this.#waiters.peek()) {
      const needed = oldest.bytesNeeded
      // A waiter that needs nothing leaves, even while more than all memory is counted.
      if (needed > 0 && needed > this.#availableBytes + this.#reservedBytes) {
        this.#serveBehindTheOldest()
        return
      }
      this.#waiters.shift()
      this.#availableBytes += this.#reservedBytes - needed
      this.#reservedBytes = 0
      if (needed > 0) oldest.granted(this.#take(needed))
    }
  }

  #free(bytes: number): void {
    this.#availableBytes += bytes
    const oldest = this.#waiters.peek()
    if (oldest === undefined) return
    const missing = oldest.bytesNeeded - this.#reservedBytes
    const share = Math.max(0, Math.min(missing, bytes >> 1, this.#availableBytes))
    this.#reservedBytes += share
    this.#availableBytes -= share
    this.serve()
  }

  #serveBehindTheOldest(): void {
    const waiters = this.#waiters
    const kept = new Fifo<MemoryWaiter>()
    // A waiter that is served may queue again. It then stands behind all waiters that were there before.
    this.#waiters = new Fifo<MemoryWaiter>()
    const oldest = waiters.shift()
    if (oldest !== undefined) kept.push(oldest)
    for (let waiter = waiters.shift(); waiter !== undefined; waiter = waiters.shift()) {
      const needed = waiter.bytesNeeded
      // A waiter that needs nothing any more leaves.
      if (needed === 0) continue
      if (needed > this.#availableBytes) {
        kept.push(waiter)
      } else {
        this.#availableBytes -= needed
        waiter.granted(this.#take(needed))
      }
    }
    for (const waiter of this.#waiters) kept.push(waiter)
    this.#waiters = kept
  }

  get #idleBytes(): number {
    return this.#pool.length * this.#pooledSize
  }

  #take(size: number): Buffer {
    if (size === this.#pooledSize) return this.#pool.pop() ?? Buffer.allocUnsafeSlow(size)
    // Pooled buffers count as available. Another allocation must not come on top of them.
    let surplus = this.#idleBytes - this.#availableBytes
    for (; surplus > 0; surplus -= this.#pooledSize) this.#pool.pop()
    return Buffer.allocUnsafeSlow(size)
  }
}
