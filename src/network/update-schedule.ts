import type { Environment } from '../environment/environment.js'
import { exponentialBackoff } from './backoff.js'
import type { NetworkOptions } from './network-options.js'

/**
 * The least backoff between updates, whatever `retry.backoff.ms` says; milliseconds. With none, a partition that is missing would be asked
 * for without a pause.
 */
const LEAST_BACKOFF_MS = 10
/** What the backoff may grow to at the least, milliseconds: Java's default for `retry.backoff.max.ms`. */
const LEAST_BACKOFF_MAX_MS = 1_000

/** The least time for which an update is tried before the known brokers are given up, milliseconds: with none they never get to answer. */
const LEAST_TRYING_MS = 1_000

/** When metadata is to be asked for: soon if someone needs it, otherwise when it is old; never in a storm. */
export class UpdateSchedule {
  readonly #options: NetworkOptions
  readonly #random: Environment['random']
  #requested = false
  /** From when on everything that is known grows old: the last update about all topics, or the first of all. */
  #freshMs: number | undefined
  /** No update before this, except for new topics. */
  #allowedMs = Number.NEGATIVE_INFINITY
  #failures = 0
  /** Updates in a row that were asked for and brought nothing new. */
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
   * @param hasNew there are topics that were never asked for: at once, whatever went before
   * @param hasOpen there are topics to be asked for again
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

  /** An update is due. When it has been for too long, the brokers known are given up (KIP-1102). */
  isOverdue(nowMs: number): boolean {
    this.#tryingSinceMs ??= nowMs
    return nowMs >= this.overdueMs()
  }

  /** When the update that is due will have been tried for too long; infinity while none is due. */
  overdueMs(): number {
    const { metadataRecoveryRebootstrapTriggerMs } = this.#options
    const tryingMs = Math.max(metadataRecoveryRebootstrapTriggerMs, LEAST_TRYING_MS)
    return (this.#tryingSinceMs ?? Number.POSITIVE_INFINITY) + tryingMs
  }

  /** The known brokers were given up: the time of trying begins again. */
  restartTrying(nowMs: number): void {
    this.#tryingSinceMs = nowMs
  }

  started(full: boolean): void {
    if (full) this.#requested = false
  }

  /** An update about some topics does not make the others younger: new topics all the time would keep the age of all away. */
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
