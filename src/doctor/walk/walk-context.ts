import type { Environment } from '../../environment/environment.js'
import { KafkaError, NetworkError } from '../../errors.js'
import type { Connection } from '../../network/connection/connection.js'
import type { NetworkOptions } from '../../network/network-options.js'
import type { SaslMechanism } from '../../network/sasl/mechanism.js'
import { Stalls } from '../../network/stalls.js'

/** The times that an examination may take, in milliseconds. */
export interface TimeLimits {
  /** Each step and each request. */
  readonly stepMs: number
  /** All of it. Steps that have not begun by then are not made. */
  readonly wholeMs: number
}

/** The network as one examination sees it: the client's settings, the time limits, the open connections. */
export class WalkContext {
  readonly options: NetworkOptions
  readonly environment: Environment
  readonly limits: TimeLimits
  readonly stalls: Stalls
  /** The mechanism of the logins; null without SASL. */
  readonly sasl: SaslMechanism | null
  readonly #startedMs: number
  readonly #open = new Set<Connection>()
  readonly #ending = new AbortController()
  #endedBy: KafkaError | null = null

  constructor(options: NetworkOptions, environment: Environment, limits: TimeLimits) {
    this.options = options
    this.environment = environment
    this.limits = limits
    this.stalls = new Stalls(environment.clock)
    this.sasl = options.sasl?.(environment) ?? null
    this.#startedMs = environment.clock.now()
  }

  /** Aborted when the examination ends. */
  get ended(): AbortSignal {
    return this.#ending.signal
  }

  /** Milliseconds for a step that begins now; 0 if the time of the whole is over. */
  get stepTimeMs(): number {
    const leftMs = this.#startedMs + this.limits.wholeMs - this.environment.clock.now()
    return Math.max(0, Math.min(this.limits.stepMs, leftMs))
  }

  /** The reason for which no step may begin any more; null as long as there is time. */
  get overdue(): KafkaError | null {
    if (this.#endedBy !== null) return this.#endedBy
    if (this.stepTimeMs > 0) return null
    const seconds = Math.round(this.limits.wholeMs / 1_000)
    return new NetworkError(`not tried: the ${seconds} s for all steps are over, see --max-time`, {})
  }

  /** Remembers a connection until the end. */
  keep(connection: Connection): void {
    this.#open.add(connection)
    if (this.#endedBy !== null) connection.close(this.#endedBy)
  }

  /** Waits before something is tried again. Ends early with the examination. */
  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel()
        this.ended.removeEventListener('abort', end)
        resolve()
      }
      const timer = this.environment.clock.setTimer(ms, end)
      this.ended.addEventListener('abort', end)
    })
  }

  /** Waits for something that has no time limit of its own. */
  inTime<Result>(work: Promise<Result>, what: string): Promise<Result> {
    const { stepTimeMs: timeMs, overdue } = this
    if (overdue !== null) return Promise.reject(overdue)
    return new Promise((resolve, reject) => {
      const tooLate = (): void => reject(new NetworkError(`${what} within ${Math.round(timeMs)} ms`, {}))
      const deadline = this.stalls.setDeadline(timeMs, tooLate)
      this.ended.addEventListener('abort', tooLate, { once: true })
      work.then(resolve, reject).finally(() => {
        deadline.cancel()
        this.ended.removeEventListener('abort', tooLate)
      })
    })
  }

  /** Closes every connection. Whatever still waits for an answer fails. */
  end(): void {
    const reason = new KafkaError('the examination is over', { code: 'NETWORK' })
    this.#endedBy = reason
    this.#ending.abort()
    for (const connection of this.#open) connection.close(reason)
    this.#open.clear()
  }
}
