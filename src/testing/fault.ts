import { showAs } from '../printing.js'
import type { Exchange, Part, PartialFrame } from './interceptor.js'
import type { ApiName } from './served-apis.js'

/** The requests that a fault is for. A field that is left out matches all requests. */
export interface RequestMatch {
  readonly api?: ApiName | undefined
  /** The broker that receives the request. */
  readonly nodeId?: number | undefined
  /** Matches requests about this topic or one of its partitions. */
  readonly topic?: string | undefined
  readonly partition?: number | undefined
  readonly clientId?: string | undefined
  /** The number of matching requests before the fault strikes. The default is 0. */
  readonly skip?: number | undefined
  /**
   * The number of requests that the fault strikes. The default is 1. Infinity: all requests until the fault
   * is removed.
   */
  readonly times?: number | undefined
}

/** A fault that strikes matching requests. */
export interface Fault {
  /** The number of requests that it has struck. */
  readonly hits: number
  /** Ends the fault. */
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

  /** Whether the fault strikes this part of this request. Null is the part of a request about no topic. */
  strikesPart(exchange: Exchange, part: Part | null): boolean {
    return this.#means(part) && this.strikes(exchange)
  }

  /**
   * Whether the fault strikes a request of which only the start has arrived. False if the start is not enough
   * to tell.
   */
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

/** A fault as those have it who asked for it. */
export class WaitingFault implements Fault {
  readonly #trigger: FaultTrigger
  readonly remove: () => void

  static {
    showAs(WaitingFault.prototype, 'Fault', ({ hits }) => ({ hits }))
  }

  constructor(trigger: FaultTrigger, remove: () => void) {
    this.#trigger = trigger
    this.remove = remove
  }

  get hits(): number {
    return this.#trigger.hits
  }
}
