import type { Buffer } from 'node:buffer'
import { type KafkaError, ProtocolError } from '../errors.js'
import { HELD_UP_MS } from './deadline.js'

/** A request on its way; settled by its answer or, where none comes, by its last byte leaving. */
export interface Exchange {
  readonly correlationId: number
  readonly apiName: string
  readonly sentAtMs: number
  /** Whether it takes one of the places of max.in.flight.requests.per.connection. */
  readonly counted: boolean
  deadlineMs: number
  /** Whether the socket has taken every byte and reads the chunks no more. */
  written: boolean
  /** Null: no answer comes. Throws if the frame makes no sense. */
  readonly answer: ((frame: Buffer) => void) | null
  readonly done: () => void
  readonly reject: (error: KafkaError) => void
}

/** The requests on their way on one connection, in the order they were sent. */
export class Exchanges {
  // A Set keeps the order and lets a request without an answer leave from the middle.
  readonly #pending = new Set<Exchange>()
  #counted = 0
  /** Until when hold-ups have been counted. */
  #heldUpUntilMs = Number.NEGATIVE_INFINITY

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  /** How many take a place in flight. */
  get counted(): number {
    return this.#counted
  }

  add(exchange: Exchange): void {
    this.#pending.add(exchange)
    if (exchange.counted) this.#counted += 1
  }

  delete(exchange: Exchange): void {
    if (this.#pending.delete(exchange) && exchange.counted) this.#counted -= 1
  }

  /** All of them, in the order they were sent; none is left. */
  takeAll(): Exchange[] {
    const all = [...this.#pending]
    this.#pending.clear()
    this.#counted = 0
    return all
  }

  /**
   * The request that the next response must belong to.
   *
   * @throws ProtocolError if the response is to another one, or to none
   */
  answeredBy(correlationId: number): Exchange {
    for (const exchange of this.#pending) {
      if (exchange.answer === null) continue
      if (exchange.correlationId === correlationId) return exchange
      throw new ProtocolError(
        `a response with correlation id ${correlationId} where the one to ${exchange.apiName} with ${exchange.correlationId} was due`,
      )
    }
    throw new ProtocolError(`a response with correlation id ${correlationId} to no request`)
  }

  /** The first deadline; infinity if there is none. */
  earliestDeadlineMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY
    for (const { deadlineMs } of this.#pending) earliestMs = Math.min(earliestMs, deadlineMs)
    return earliestMs
  }

  overdue(nowMs: number): Exchange | undefined {
    for (const exchange of this.#pending) if (exchange.deadlineMs <= nowMs) return exchange
    return undefined
  }

  extendDeadlines(byMs: number): void {
    for (const exchange of this.#pending) exchange.deadlineMs += byMs
  }

  /**
   * What was due at `sinceMs` comes at `nowMs`. If that is not just behind other timers this process stood still, which is not the broker's
   * fault: each request has as much more time as it has lived through of it.
   */
  heldUp(sinceMs: number, nowMs: number): void {
    if (nowMs - sinceMs <= HELD_UP_MS) return
    // Of two timers that a hold-up keeps waiting each would count it.
    const fromMs = Math.max(sinceMs, this.#heldUpUntilMs)
    this.#heldUpUntilMs = nowMs
    for (const exchange of this.#pending)
      exchange.deadlineMs += Math.max(0, nowMs - Math.max(fromMs, exchange.sentAtMs))
  }
}
