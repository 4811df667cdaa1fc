import type { Exchange, Part, PartialFrame } from './interceptor.js'
import type { ApiName } from './served-apis.js'

/** Which requests a fault is for. What is left out matches anything. */
export interface RequestMatch {
  readonly api?: ApiName
  /** The broker that gets the request. */
  readonly nodeId?: number
  /** Requests about this topic, or a partition of it. */
  readonly topic?: string
  readonly partition?: number
  readonly clientId?: string
  /** How many matching requests pass before the fault strikes; 0 unless given. */
  readonly skip?: number
  /** How many requests it strikes; 1 unless given, Infinity until it is removed. */
  readonly times?: number
}

/** A fault that waits for its requests. */
export interface Fault {
  /** How many requests it has struck. */
  readonly hits: number
  /** Ends it. */
  remove(): void
}

/** Decides once for each request whether the fault strikes it, and counts. */
export class FaultTrigger {
  readonly #match: RequestMatch
  readonly #decided = new WeakMap<Exchange, boolean>()
  #toSkip: number
  #left: number
  hits = 0

  constructor(match: RequestMatch) {
    this.#match = match
    this.#toSkip = match.skip ?? 0
    this.#left = match.times ?? 1
  }

  /** Whether the fault strikes this request. */
  strikes(exchange: Exchange): boolean {
    let strikes = this.#decided.get(exchange)
    if (strikes === undefined) {
      strikes = this.#matches(exchange) && this.#take()
      this.#decided.set(exchange, strikes)
    }
    return strikes
  }

  /** Whether the fault strikes this request and means this part of it; null is a request about no topic. */
  strikesPart(exchange: Exchange, part: Part | null): boolean {
    return this.#means(part) && this.strikes(exchange)
  }

  /** Whether the fault strikes a request of which only the start has arrived: only where that is enough to tell. */
  strikesPartial({ nodeId, apiKey }: PartialFrame, nameOf: (apiKey: number) => string | undefined): boolean {
    const { api, nodeId: node, topic, partition, clientId } = this.#match
    if (topic !== undefined || partition !== undefined || clientId !== undefined || this.#toSkip > 0)
      return false
    if (node !== undefined && node !== nodeId) return false
    if (api !== undefined && api !== nameOf(apiKey)) return false
    return this.#take()
  }

  #take(): boolean {
    if (this.#toSkip > 0) {
      this.#toSkip--
      return false
    }
    if (this.#left <= 0) return false
    this.#left--
    this.hits++
    return true
  }

  #matches(exchange: Exchange): boolean {
    const { api, nodeId, topic, partition, clientId } = this.#match
    if (api !== undefined && api !== exchange.api) return false
    if (nodeId !== undefined && nodeId !== exchange.nodeId) return false
    if (clientId !== undefined && clientId !== exchange.clientId) return false
    if (topic === undefined && partition === undefined) return true
    return exchange.parts.some((part) => this.#means(part))
  }

  #means(part: Part | null): boolean {
    const { topic, partition } = this.#match
    if (topic !== undefined && topic !== part?.topic) return false
    return partition === undefined || part === null || part.partition === null || part.partition === partition
  }
}
