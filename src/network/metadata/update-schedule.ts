import type { Environment } from '../../environment/environment.js'
import { exponentialBackoff } from '../backoff.js'
import type { NetworkOptions } from '../network-options.js'

/**
 * Least backoff between updates in milliseconds, even if `retry.backoff.ms` is lower. Without one, a missing
 * partition would be asked for without a pause.
 */
const LEAST_BACKOFF_MS = 10
/**
 * Least upper limit of the backoff in milliseconds, even if `retry.backoff.max.ms` is lower. It is Java's
 * default.
 */
const LEAST_BACKOFF_MAX_MS = 1_000

/**
 * Least time in milliseconds for which an update is tried before the known brokers are given up. Without one,
 * they could never answer.
 */
const LEAST_TRYING_MS = 1_000

/** Decides when metadata is asked for: soon if it is needed, otherwise when it is old; never too often. */
export class UpdateSchedule {
  readonly #options: NetworkOptions
  readonly #random: Environment['random']
  #requested = false
  /** The start of the metadata's age: the last update about all topics, or the first update of any. */
  #freshMs: number | undefined
  /** No update before this time, except for new topics. */
  #allowedMs = Number.NEGATIVE_INFINITY
  #failures = 0
  /** Requested updates in a row that brought nothing new. */
  #idleUpdates = 0
  #tryingSinceMs: number | undefined

  constructor(options: NetworkOptions, random: Environment['random']) {
    this.#options = options
    this.#random = random
  }

  get hasSucceeded(): boolean {
    return this.#freshMs !== undefined
  }

  get isRequested(): boolean {
    return this.#requested
  }

  /** All topics are to be asked for. */
  request(): void {
    this.#requested = true
  }

  /**
   * When the next update is due; infinity if nothing was ever asked for.
   *
   * @param hasNew whether topics were never asked for: an update is due at once then, whatever went before
   * @param hasOpen whether topics are to be asked for again
   */
  dueMs(hasNew: boolean, hasOpen: boolean): number {
    if (hasNew) return Number.NEGATIVE_INFINITY
    if (this.#requested || hasOpen) return this.#allowedMs
    return Math.max(this.#oldMs(), this.#allowedMs)
  }

  /** Whether an update now should be about all topics. */
  isFull(nowMs: number): boolean {
    return this.#requested || this.#oldMs() <= nowMs
  }

  /**
   * Whether the update that is due has been tried for too long, so that the known brokers are to be given up
   * (KIP-1102).
   */
  isOverdue(nowMs: number): boolean {
    this.#tryingSinceMs ??= nowMs
    return nowMs >= this.overdueMs()
  }

  /** When the update that is due will have been tried for too long; infinity if none is due. */
  overdueMs(): number {
    return (this.#tryingSinceMs ?? Number.POSITIVE_INFINITY) + this.tryingMs
  }

  /** Milliseconds for which an update is tried before the known brokers are given up. */
  get tryingMs(): number {
    return Math.max(this.#options.metadataRecoveryRebootstrapTriggerMs, LEAST_TRYING_MS)
  }

  /** The known brokers were given up. The time for the next ones begins. */
  restartTrying(nowMs: number): void {
    this.#tryingSinceMs = nowMs
  }

  started(full: boolean): void {
    if (full) this.#requested = false
  }

  /**
   * An update about some topics does not renew the others. Otherwise, a stream of new topics would keep the
   * metadata from ever growing old.
   */
  succeeded(nowMs: number, full: boolean, broughtNews: boolean): void {
    if (full) this.#freshMs = nowMs
    this.#freshMs ??= nowMs
    this.#tryingSinceMs = undefined
    this.#failures = 0
    this.#idleUpdates = broughtNews ? 0 : this.#idleUpdates + 1
    this.#allowedMs = nowMs + this.#backoffMs(this.#idleUpdates)
  }

  failed(nowMs: number, full: boolean): void {
    if (full) this.#requested = true
    this.#failures += 1
    this.#idleUpdates = 0
    this.#allowedMs = nowMs + this.#backoffMs(this.#failures)
  }

  #oldMs(): number {
    return this.#freshMs === undefined
      ? Number.POSITIVE_INFINITY
      : this.#freshMs + this.#options.metadataMaxAgeMs
  }

  #backoffMs(inARow: number): number {
    const { retryBackoffMs, retryBackoffMaxMs } = this.#options
    return exponentialBackoff(
      Math.max(retryBackoffMs, LEAST_BACKOFF_MS),
      Math.max(retryBackoffMaxMs, LEAST_BACKOFF_MAX_MS),
      inARow,
      this.#random,
    )
  }
}
