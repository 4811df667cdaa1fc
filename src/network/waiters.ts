import type { Clock, Timer } from '../environment/clock.js'
import { KafkaError } from '../errors.js'
import { setDeadline } from './deadline.js'

interface Waiter<Subject, Result> {
  readonly subject: Subject
  readonly deadline: Timer
  readonly resolve: (result: Result) => void
  readonly reject: (error: KafkaError) => void
}

/** Callers that wait for something about a subject, each until a deadline of its own. */
export class Waiters<Subject, Result> {
  readonly #clock: Clock
  readonly #waiters = new Set<Waiter<Subject, Result>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isEmpty(): boolean {
    return this.#waiters.size === 0
  }

  subjects(): Subject[] {
    return Array.from(this.#waiters, ({ subject }) => subject)
  }

  /** @param timeoutError says, at the deadline, why there is no result */
  wait(
    subject: Subject,
    deadlineMs: number,
    timeoutError: (waitedMs: number) => KafkaError,
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const sinceMs = this.#clock.now()
      const deadline = setDeadline(this.#clock, Math.max(deadlineMs - sinceMs, 0), () => {
        this.#waiters.delete(waiter)
        reject(timeoutError(Math.round(this.#clock.now() - sinceMs)))
      })
      const waiter = { subject, deadline, resolve, reject }
      this.#waiters.add(waiter)
    })
  }

  /** Settles, in the order they came, those for whom `outcome` gives a result or an error. */
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
