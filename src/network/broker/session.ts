import type { Clock, Timer } from '../../environment/clock.js'
import type { Connection } from '../connection/connection.js'

/** The session is renewed after this part of its lifetime, and up to RENEWAL_JITTER more. */
const RENEWAL_FACTOR = 0.8
const RENEWAL_JITTER = 0.1
/** Brokers let a session be renewed once a second. */
const MIN_RENEWAL_MS = 1_000
/** Milliseconds after which a renewal that could not be made is tried again. */
const RETRY_MS = 1_100
/** A broker may name any number. A longer session is renewed after a year. */
const MAX_LIFETIME_MS = 365 * 24 * 3_600_000

export interface SessionOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly connection: Connection
  /** Milliseconds, as the broker gave them. */
  readonly lifetimeMs: bigint
  /** Comes when the session is to be renewed. */
  due(session: Session): void
}

/**
 * The time between two logins of one connection (KIP-368). After its end the broker closes the connection at
 * the next request.
 */
export class Session {
  /** On clock.now(). */
  readonly #endsAtMs: number
  readonly #options: SessionOptions
  readonly #requestsBefore: number
  readonly #ending = new AbortController()
  #timer: Timer | null = null

  private constructor(options: SessionOptions, lifetimeMs: number) {
    const { clock, random, connection } = options
    this.#options = options
    this.#requestsBefore = connection.requestCount
    this.#endsAtMs = clock.now() + lifetimeMs
    this.#setTimer(Math.max(lifetimeMs * (RENEWAL_FACTOR + random() * RENEWAL_JITTER), MIN_RENEWAL_MS))
  }

  /** Null if the session has no end. Brokers say so with 0. */
  static begin(options: SessionOptions): Session | null {
    if (options.lifetimeMs <= 0n) return null
    const isLonger = options.lifetimeMs > BigInt(MAX_LIFETIME_MS)
    return new Session(options, isLonger ? MAX_LIFETIME_MS : Number(options.lifetimeMs))
  }

  /** Whether nothing was sent in this session, and nothing is in flight. */
  get isIdle(): boolean {
    const { connection } = this.#options
    return connection.requestCount === this.#requestsBefore && connection.isQuiet
  }

  /** Whether the broker would close the connection at the next request. */
  hasEnded(now: number): boolean {
    return now >= this.#endsAtMs
  }

  /** Whether another try to renew comes before the end. */
  get hasTime(): boolean {
    return this.#options.clock.now() + RETRY_MS < this.#endsAtMs
  }

  /** Aborted when the session has ended. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** The renewal could not be made now. It is due again later. */
  retry(): void {
    this.#setTimer(RETRY_MS)
  }

  /** The session was renewed, or its connection is not used any more. */
  end(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#ending.abort()
  }

  #setTimer(delayMs: number): void {
    if (this.#ending.signal.aborted) return
    this.#timer?.cancel()
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timer = null
      this.#options.due(this)
    })
  }
}
