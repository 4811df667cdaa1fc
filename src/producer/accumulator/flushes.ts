import type { Clock } from '../../environment/clock.js'
import { AbortError, TimeoutError } from '../../errors.js'
import { Fifo } from '../../fifo.js'
import { afterDelivery } from '../../network/stalls.js'
import type { FlushOptions } from '../producer-options.js'

interface Waiter {
  readonly generation: number
  done: () => void
}

/**
 * Tracks the records for which each flush waits. Every batch and every waiting send belongs to a generation.
 * A flush begins a new generation, and ends when nothing of the older ones is under way. So a flush costs
 * nothing per record, follows a batch into its pieces, and does not wait for records that are sent after it.
 */
export class Flushes {
  #generation = 0
  /** The newest generation that a flush waits for; -1 if no flush waits. */
  #flushing = -1
  /** The oldest generation that may have something under way. Generations before it have ended for good. */
  #oldest = 0
  readonly #underWay = new Map<number, number>()
  /** Oldest first. */
  readonly #waiters = new Fifo<Waiter>()

  /** The generation of everything that is created now. */
  get generation(): number {
    return this.#generation
  }

  /** Whether a flush waits for this generation, so that its batches must not linger. */
  isFlushing(generation: number): boolean {
    return generation <= this.#flushing
  }

  get isIdle(): boolean {
    return this.#underWay.size === 0
  }

  started(generation: number): void {
    this.#underWay.set(generation, (this.#underWay.get(generation) ?? 0) + 1)
  }

  ended(generation: number): void {
    const count = this.#underWay.get(generation)
    if (count === undefined) throw new Error(`generation ${generation} has nothing under way that could end`)
    if (count > 1) {
      this.#underWay.set(generation, count - 1)
      return
    }
    this.#underWay.delete(generation)
    if (this.#waiters.length > 0) this.#tellWaiters()
  }

  /**
   * Calls `done` when everything that is under way now has ended; at once if nothing is. Returns a function
   * that cancels the wait.
   */
  wait(done: () => void): () => void {
    if (this.isIdle) {
      done()
      return () => {}
    }
    const waiter: Waiter = { generation: this.#generation++, done }
    this.#flushing = waiter.generation
    this.#waiters.push(waiter)
    return () => {
      waiter.done = () => {}
    }
  }

  #tellWaiters(): void {
    while (this.#oldest < this.#generation && !this.#underWay.has(this.#oldest)) this.#oldest++
    for (let first = this.#waiters.peek(); first !== undefined; first = this.#waiters.peek()) {
      if (first.generation >= this.#oldest) return
      this.#waiters.shift()
      first.done()
    }
  }
}

/** Waits for everything that is under way now. It leaves no timer and no listener behind, however it ends. */
export function waitForFlush(
  flushes: Flushes,
  clock: Clock,
  { timeoutMs, signal }: FlushOptions,
): Promise<void> {
  const abortError = (): AbortError =>
    new AbortError('the flush was aborted; the records go on', { cause: signal?.reason })
  if (signal?.aborted) return Promise.reject(abortError())
  return new Promise((resolve, reject) => {
    let isOver = false
    let stopWaiting = (): void => {}
    const end = (settle: () => void): void => {
      if (isOver) return
      isOver = true
      stopWaiting()
      timer?.cancel()
      signal?.removeEventListener('abort', aborted)
      settle()
    }
    const aborted = (): void => end(() => reject(abortError()))
    const timedOut = (): void =>
      end(() =>
        reject(new TimeoutError(`flush did not end within ${timeoutMs} ms; the records go on`, 'flush')),
      )
    // After a blocked event loop the responses still lie in the sockets, and timers run before they are read.
    const timer =
      timeoutMs === undefined ? null : clock.setTimer(timeoutMs, () => afterDelivery(clock, timedOut))
    signal?.addEventListener('abort', aborted)
    stopWaiting = flushes.wait(() => end(resolve))
  })
}
