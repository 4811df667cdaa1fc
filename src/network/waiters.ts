import type { Clock, Timer } from '../environment/clock.js'
import { KafkaError } from '../errors.js'
import type { Stalls } from './stalls.js'

interface Waiter<Subject, Result> {
  readonly subject: Subject
  readonly deadline: Timer
  readonly resolve: (result: Result) => void
  readonly reject: (error: KafkaError) => void
}

/** Callers that wait for something about a subject, each until its own deadline. */
export class Waiters<Subject, Result> {
  readonly #clock: Clock
  readonly #stalls: Stalls
  readonly #waiters = new Set<Waiter<Subject, Result>>()

  constructor(clock: Clock, stalls: Stalls) {
    this.#clock = clock
    this.#stalls = stalls
  }

  get isEmpty(): boolean {
    return this.#waiters.size === 0
  }

  subjects(): Subject[] {
    return Array.from(this.#waiters, ({ subject }) => subject)
  }

  /**
   * Waits for a result until `deadlineMs`.
   *
   * @param timeoutError makes the error at the deadline, which says why there is no result
   */
  wait(
    subject: Subject,
    deadlineMs: number,
    timeoutError: (waitedMs: number) => KafkaError,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const sinceMs = this.#clock.now()
      const deadline = this.#stalls.setDeadline(Math.max(deadlineMs - sinceMs, 0), () => {
        this.#waiters.delete(waiter)
        reject(timeoutError(Math.round(this.#clock.now() - sinceMs)))
      })
      const waiter = { subject, deadline, resolve, reject }
      this.#waiters.add(waiter)
    })
  }

  /** Settles every waiter for whose subject `outcome` gives a result or an error, oldest first. */
  settle(outcome: (subject: Subject) => Result | KafkaError | undefined): void {
    for (const waiter of this.#waiters) {
      const settled = outcome(waiter.subject)
      if (settled === undefined) continue
      this.#waiters.delete(waiter)
      waiter.deadline.cancel()
      if (settled instanceof KafkaError) waiter.reject(settled)
      else waiter.resolve(settled)
    }
  }

  rejectAll(error: KafkaError): void {
    this.settle(() => error)
  }
}
