import type { Buffer } from 'node:buffer'
import { type KafkaError, ProtocolError } from '../../errors.js'
import type { Stalls } from '../stalls.js'

/**
 * A request on its way. It settles when its response comes; without a response, when its last byte is sent.
 */
export interface InFlightRequest {
  readonly correlationId: number
  readonly apiName: string
  readonly sentAtMs: number
  /** Whether it takes one of the places of max.in.flight.requests.per.connection. */
  readonly counted: boolean
  deadlineMs: number
  /** Whether the socket has taken every byte, and no longer reads the chunks. */
  written: boolean
  /** Takes the response frame, and throws if the frame makes no sense. Null if no response comes. */
  readonly answer: ((frame: Buffer) => void) | null
  readonly done: () => void
  readonly reject: (error: KafkaError) => void
}

/** The requests on their way on one connection, in the order in which they were sent. */
export class InFlightRequests {
  // A Set keeps the order, and lets a request without a response leave from the middle.
  readonly #pending = new Set<InFlightRequest>()
  #counted = 0
  readonly #stalls: Stalls

  constructor(stalls: Stalls) {
    this.#stalls = stalls
  }

  get isEmpty(): boolean {
    return this.#pending.size === 0
  }

  /** The requests that take a place in flight. */
  get counted(): number {
    return this.#counted
  }

  add(request: InFlightRequest): void {
    if (this.#pending.size === 0) this.#stalls.watch()
    this.#pending.add(request)
    if (request.counted) this.#counted += 1
  }

  delete(request: InFlightRequest): void {
    if (!this.#pending.delete(request)) return
    if (request.counted) this.#counted -= 1
    if (this.#pending.size === 0) this.#stalls.unwatch()
  }

  /** Removes all requests and returns them in the order in which they were sent. */
  takeAll(): InFlightRequest[] {
    const all = [...this.#pending]
    if (all.length > 0) this.#stalls.unwatch()
    this.#pending.clear()
    this.#counted = 0
    return all
  }

  /**
   * The request to which the next response must belong.
   *
   * @throws ProtocolError if the response belongs to another request, or to none
   */
  answeredBy(correlationId: number): InFlightRequest {
    for (const request of this.#pending) {
      if (request.answer === null) continue
      if (request.correlationId === correlationId) return request
      throw new ProtocolError(
        `a response with correlation id ${correlationId} where the one to ${request.apiName} with ${request.correlationId} was due`,
      )
    }
    throw new ProtocolError(`a response with correlation id ${correlationId} to no request`)
  }

  /** The first deadline; infinity if there is none. */
  earliestDeadlineMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY
    for (const request of this.#pending) earliestMs = Math.min(earliestMs, this.#deadlineMs(request))
    return earliestMs
  }

  overdue(nowMs: number): InFlightRequest | undefined {
    for (const request of this.#pending) if (this.#deadlineMs(request) <= nowMs) return request
    return undefined
  }

  extendDeadlines(byMs: number): void {
    for (const request of this.#pending) request.deadlineMs += byMs
  }

  /** The deadline, later by the time that this process has stalled since the request was sent. */
  #deadlineMs({ deadlineMs, sentAtMs }: InFlightRequest): number {
    return deadlineMs + this.#stalls.since(sentAtMs)
  }
}
