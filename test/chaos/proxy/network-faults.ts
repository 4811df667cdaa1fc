import type { SeededRandom } from '../../support/random.js'
import type { ProxyFaults, RequestFault, ResponseFault } from './proxy-faults.js'

export interface NetworkPlan {
  readonly cuts: number
  readonly drops: number
  readonly delays: number
  /** The time over which the faults are spread. */
  readonly durationMs: number
  /** The least time between two faults if the plan is behind, so that records get through between them. */
  readonly distanceMs: number
}

type Kind = 'cuts' | 'drops' | 'delays'

const kinds: readonly Kind[] = ['cuts', 'drops', 'delays']

/**
 * This many responses pass between two faults. Otherwise no record would get through if everything is slow.
 */
const responsesBetween = 3

interface Armed {
  readonly kind: Kind
  readonly on: 'request' | 'response'
}

/** Spreads faults over the Produce requests of a run, and over time. */
export class NetworkFaults implements ProxyFaults {
  readonly #plan: NetworkPlan
  readonly #random: SeededRandom
  readonly #now: () => number
  readonly #done: Record<Kind, number> = { cuts: 0, drops: 0, delays: 0 }
  readonly #delayAtMostMs: number
  #startedAt: number | undefined
  #lastAt = 0
  #responsesSince = 0
  #armed: Armed | undefined
  #throttles = 0
  #throttlesIgnored = 0

  constructor(plan: NetworkPlan, random: SeededRandom, now: () => number, delayAtMostMs: number) {
    this.#plan = plan
    this.#random = random
    this.#now = now
    this.#delayAtMostMs = delayAtMostMs
  }

  /** Starts the faults. */
  start(): void {
    this.#startedAt = this.#now()
  }

  /** Ends the faults. */
  stop(): void {
    this.#startedAt = undefined
  }

  get done(): Readonly<Record<Kind, number>> {
    return this.#done
  }

  get throttles(): number {
    return this.#throttles
  }

  get throttlesIgnored(): number {
    return this.#throttlesIgnored
  }

  get isComplete(): boolean {
    return kinds.every((kind) => this.#done[kind] >= this.#plan[kind])
  }

  throttled(): void {
    this.#throttles++
  }

  throttleIgnored(): void {
    this.#throttlesIgnored++
  }

  onRequest(length: number): RequestFault | undefined {
    if (this.#take('request') === undefined) return undefined
    return this.#cut(length)
  }

  onResponse(length: number): ResponseFault | undefined {
    this.#responsesSince++
    switch (this.#take('response')) {
      case undefined:
        return undefined
      case 'cuts':
        return this.#cut(length)
      case 'drops':
        return { kind: 'drop', afterwards: this.#random.pick(['silence', 'silence', 'end', 'reset']) }
      default:
        return { kind: 'delay', milliseconds: this.#random.integer(20, this.#delayAtMostMs) }
    }
  }

  #take(on: Armed['on']): Kind | undefined {
    this.#armed ??= this.#arm()
    if (this.#armed?.on !== on) return undefined
    const { kind } = this.#armed
    this.#armed = undefined
    this.#done[kind]++
    this.#lastAt = this.#now()
    this.#responsesSince = 0
    return kind
  }

  #arm(): Armed | undefined {
    if (this.#startedAt === undefined || this.#now() - this.#lastAt < this.#plan.distanceMs) return undefined
    if (this.#responsesSince < responsesBetween) return undefined
    const share = Math.min(1, (this.#now() - this.#startedAt) / this.#plan.durationMs)
    const due = kinds.filter((kind) => this.#done[kind] < Math.floor(this.#plan[kind] * share))
    if (due.length === 0) return undefined
    const kind = this.#random.pick(due)
    return { kind, on: kind === 'cuts' && this.#random.oneIn(2) ? 'request' : 'response' }
  }

  /** A cut at a random byte of the frame. Its head and its ends are cut more often than by chance. */
  #cut(length: number): RequestFault {
    const reset = this.#random.oneIn(2)
    if (this.#random.oneIn(8)) {
      return { kind: 'cut', reset, afterBytes: this.#random.pick([0, 4, length - 1, length]) }
    }
    const most = this.#random.oneIn(4) ? Math.min(length, 100) : length
    return { kind: 'cut', reset, afterBytes: this.#random.integer(0, most) }
  }
}
