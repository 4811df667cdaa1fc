import { Fifo } from '../fifo.js'

interface Waiter {
  readonly generation: number
  done: () => void
}

/**
 * Who waits for what. Everything under way (batches, waiting sends) belongs to a generation; a flush begins a new one and is over when
 * nothing of the older ones is left. So a flush costs nothing per record, follows a batch into its pieces, and is not prolonged by what
 * is sent after it.
 */
export class Flushes {
  #generation = 0
  /** The newest generation that a flush waits for; -1 if none does. */
  #flushing = -1
  /** No older generation has anything under way, and none that has ended begins again. */
  #oldest = 0
  readonly #underWay = new Map<number, number>()
  /** Oldest first. */
  readonly #waiters = new Fifo<Waiter>()

  /** What is made now belongs to it. */
  get generation(): number {
    return this.#generation
  }

  /** Whether something of this generation must not linger. */
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

  /** Calls `done` when everything that exists now has ended; at once if nothing does. Returns a way to stop waiting. */
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
