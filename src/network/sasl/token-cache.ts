import type { Clock } from '../../environment/clock.js'
import { AuthenticationError, KafkaError } from '../../errors.js'
import type { SaslContext } from './mechanism.js'
import { type OAuthTokenFunction, type UsableToken, usableToken } from './oauth-token.js'

/** When a token is replaced, as Java's `sasl.login.refresh.*` say it. */
export interface TokenRefresh {
  /** The part of the token's lifetime after which it is replaced. */
  readonly windowFactor: number
  /** Up to this part of the lifetime is added at random. */
  readonly windowJitter: number
  /** The least time between two requests for a token. */
  readonly minPeriodMs: number
  /** The token is replaced at least this long before it expires. */
  readonly bufferMs: number
}

/** Java's pause after a refresh that failed. */
const RETRY_MS = 10_000

interface CachedToken {
  readonly token: UsableToken
  readonly fetchedAtMs: number
  /** A login from this time on fetches another token. */
  refreshAtMs: number
}

/** One call of the token function, for every login that needs a token meanwhile. */
interface SharedFetch {
  readonly token: Promise<UsableToken>
  /** Ends the call when nobody waits for it any more. */
  readonly cancel: () => void
  waiting: number
}

/** A token for one login. */
export interface LoginToken {
  readonly token: UsableToken
  /** Whether it was fetched for an earlier login. */
  readonly isReused: boolean
}

/**
 * The tokens of one client. A login gets the token of an earlier login until its time of refresh, which is
 * Java's. There is no timer: a token is needed at logins only, and each session ends with its token, so
 * re-authentication asks in time. Logins that need a new token at the same time share one call. It goes on
 * when one of them is given up, and ends with the last.
 */
export class TokenCache {
  readonly #fetch: OAuthTokenFunction
  readonly #refresh: TokenRefresh
  readonly #environment: { readonly clock: Pick<Clock, 'wallTime'>; readonly random: () => number }
  #cached: CachedToken | null = null
  readonly #warn: (message: string) => void
  #fetching: SharedFetch | null = null

  constructor(
    fetch: OAuthTokenFunction,
    refresh: TokenRefresh,
    environment: { readonly clock: Pick<Clock, 'wallTime'>; readonly random: () => number },
    warn: (message: string) => void,
  ) {
    this.#warn = warn
    this.#fetch = fetch
    this.#refresh = refresh
    this.#environment = environment
  }

  async tokenFor(context: SaslContext): Promise<LoginToken> {
    const now = this.#environment.clock.wallTime()
    const cached = this.#cached
    if (cached !== null && this.#mayReuse(cached, context, now))
      return { token: cached.token, isReused: true }
    const fetching = this.#fetching ?? this.#fetchShared(context)
    try {
      return { token: await this.#join(fetching, context.signal), isReused: false }
    } catch (error) {
      const later = this.#environment.clock.wallTime()
      if (cached === null || this.#cached !== cached || cached.token.expiresAtMs <= later) throw error
      // The old token stays in use until it expires.
      if (cached.refreshAtMs <= later) this.#warnOfOldToken(cached.token, error)
      cached.refreshAtMs = later + RETRY_MS
      return { token: cached.token, isReused: true }
    }
  }

  /** A broker has refused the token. The next login fetches another. */
  drop(token: UsableToken): void {
    if (this.#cached?.token === token) this.#cached = null
  }

  #mayReuse(
    { token, fetchedAtMs, refreshAtMs }: CachedToken,
    { isRenewal }: SaslContext,
    now: number,
  ): boolean {
    if (now >= refreshAtMs) return false
    // A session lasts no longer than its token. One that is renewed with a token in its second half would
    // have to be renewed soon again.
    return !isRenewal || token.expiresAtMs - now > now - fetchedAtMs
  }

  #fetchShared(context: SaslContext): SharedFetch {
    const controller = new AbortController()
    const isCurrent = (): boolean => this.#fetching === fetching
    const token = this.#fetchOnce({ ...context, signal: controller.signal }, isCurrent)
    const fetching = { token, cancel: () => controller.abort(), waiting: 0 }
    this.#fetching = fetching
    const end = (): void => {
      if (isCurrent()) this.#fetching = null
    }
    token.then(end, end)
    return fetching
  }

  /**
   * Waits for a call. It is given up with the last login that waits, and its result is dropped. Rejects when
   * the time of the login is over, so that an older token can take the place of the new one.
   */
  async #join(fetching: SharedFetch, signal: AbortSignal): Promise<UsableToken> {
    fetching.waiting++
    let isWaiting = true
    let endWait: (reason: unknown) => void = () => undefined
    const overdue = new Promise<never>((_resolve, reject) => {
      endWait = reject
    })
    const leave = (): void => {
      if (!isWaiting) return
      isWaiting = false
      fetching.waiting--
      if (signal.reason?.name === 'TimeoutError') endWait(signal.reason)
      if (fetching.waiting > 0) return
      if (this.#fetching === fetching) this.#fetching = null
      fetching.cancel()
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await Promise.race([fetching.token, overdue])
    } finally {
      isWaiting = false
      signal.removeEventListener('abort', leave)
    }
  }

  async #fetchOnce(context: SaslContext, isCurrent: () => boolean): Promise<UsableToken> {
    const token = usableToken(await this.#fetch(context))
    const now = this.#environment.clock.wallTime()
    if (token.expiresAtMs <= now)
      throw new AuthenticationError(
        `the source of tokens gave a token that expired at ${new Date(token.expiresAtMs).toISOString()}, and this machine's clock says ${new Date(now).toISOString()}: compare the clocks`,
      )
    const isLasting = token.expiresAtMs !== Number.POSITIVE_INFINITY
    if (isCurrent())
      this.#cached = isLasting ? { token, fetchedAtMs: now, refreshAtMs: this.#refreshAt(token, now) } : null
    return token
  }

  #warnOfOldToken({ expiresAtMs }: UsableToken, error: unknown): void {
    const reason = error instanceof KafkaError ? error.message : 'the token function failed'
    this.#warn(
      `there is no new token yet, and the old one stays in use until ${new Date(expiresAtMs).toISOString()}: ${reason}`,
    )
  }

  /** As ExpiringCredentialRefreshingLogin in Java. */
  #refreshAt({ issuedAtMs, expiresAtMs }: UsableToken, now: number): number {
    const { windowFactor, windowJitter, minPeriodMs, bufferMs } = this.#refresh
    const part = windowFactor + this.#environment.random() * windowJitter
    if (now + minPeriodMs + bufferMs > expiresAtMs) return now + (expiresAtMs - now) * part
    const startMs = issuedAtMs ?? now
    const proposedMs = startMs + (expiresAtMs - startMs) * part
    return Math.max(Math.min(proposedMs, expiresAtMs - bufferMs), now + minPeriodMs)
  }
}
