import type { Clock } from '../../environment/clock.js'
import { KafkaError, ProtocolError, TimeoutError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import { type AskedBroker, notAnswered } from '../../network/broker/node-obstacle.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { InitProducerId } from '../../protocol/init-producer-id.js'
import type { ProducerCluster } from '../producer-cluster.js'
import type { ProducerIdSource, Stamping } from './producer-id-source.js'
import { type ProducerIdentity, sameIdentity } from './sequence.js'

/** The last epoch of a producer id. A new id follows it. */
const LAST_EPOCH = 32_767
/** InitProducerId has a transaction timeout even without a transaction. */
const NO_TRANSACTION_TIMEOUT_MS = 0x7fffffff
/** Failures in a row after which the user hears of them. A coordinator that loads its log causes fewer. */
const WARN_AFTER_FAILURES = 5

/** The state of the producer id. */
export type IdentityState =
  | { readonly kind: 'none' }
  /** `asked`: the broker that has the request; null while a broker is being sought. */
  | {
      readonly kind: 'requesting'
      readonly asked: AskedBroker | null
    }
  /** The last request failed. Another may be sent from `untilMs` on, on the monotonic clock. */
  | { readonly kind: 'backing off'; readonly untilMs: number }
  | { readonly kind: 'ready'; readonly identity: ProducerIdentity }

export interface IdentityOptions {
  /** Milliseconds to wait before the next attempt. */
  readonly backoffMs: (failures: number) => number
  /** Milliseconds for which a broker is sought before the attempt counts as failed. */
  readonly searchMs: number
  readonly logger: Logger
}

export interface IdentityListener {
  /** There is an identity, or there will be none for a while. */
  changed(): void
  /**
   * The cluster refused, and another attempt would not help. The batches that wait for an identity must fail.
   */
  refused(error: KafkaError): void
}

/**
 * The producer id and epoch. Only this class raises an epoch, and asks no broker for it: brokers accept a
 * higher epoch of the same id from sequence 0 on (KIP-360). Each partition moves to the new epoch by itself.
 */
export class Identity implements ProducerIdSource {
  readonly #cluster: ProducerCluster
  readonly #clock: Clock
  readonly #options: IdentityOptions
  readonly #listener: IdentityListener
  #state: IdentityState = { kind: 'none' }
  #failures = 0
  #lastError: KafkaError | null = null
  #waiters: ((error: KafkaError | null) => void)[] = []

  constructor(cluster: ProducerCluster, clock: Clock, options: IdentityOptions, listener: IdentityListener) {
    this.#cluster = cluster
    this.#clock = clock
    this.#options = options
    this.#listener = listener
  }

  get stamping(): Stamping {
    return this.#state.kind === 'ready' ? this.#state.identity : 'wait'
  }

  get lastError(): KafkaError | null {
    return this.#lastError
  }

  obstacle(now: number): string | null {
    return this.#state.kind === 'ready' ? null : `there is no producer id yet${this.#reason(now)}`
  }

  get retryAtMs(): number {
    return this.#state.kind === 'backing off' ? this.#state.untilMs : Number.POSITIVE_INFINITY
  }

  ensure(now: number): void {
    const state = this.#state
    if (state.kind === 'none' || (state.kind === 'backing off' && state.untilMs <= now)) void this.#request()
  }

  async obtain(timeoutMs: number): Promise<void> {
    let isOver = false
    const limit = this.#cluster.stalls.setDeadline(timeoutMs, () => {
      isOver = true
      this.#tellWaiters(null)
    })
    try {
      for (;;) {
        const now = this.#clock.now()
        this.ensure(now)
        if (this.#state.kind === 'ready') return
        if (isOver) {
          throw new TimeoutError(
            `no broker has given a producer id in time${this.#reason(now)}`,
            'metadata',
            {
              cause: this.#lastError ?? undefined,
            },
          )
        }
        await this.#nextChange(this.retryAtMs)
      }
    } finally {
      limit.cancel()
    }
  }

  close(error: KafkaError): void {
    this.#tellWaiters(error)
  }

  /** Moves to the next epoch. After the last one, asks for a new id. */
  renew(left: ProducerIdentity): void {
    if (this.#state.kind !== 'ready' || !sameIdentity(this.#state.identity, left)) return
    if (left.epoch < LAST_EPOCH) {
      this.#become({ kind: 'ready', identity: { ...left, epoch: left.epoch + 1 } })
    } else {
      this.#become({ kind: 'none' })
    }
    this.#listener.changed()
  }

  replace(left: ProducerIdentity): void {
    if (this.#state.kind !== 'ready' || this.#state.identity.producerId !== left.producerId) return
    this.#become({ kind: 'none' })
    this.#listener.changed()
  }

  forget(): void {
    this.#become({ kind: 'none' })
    this.#tellWaiters(null)
    this.#listener.changed()
  }

  /** Asks a broker for a producer id. Never rejects. */
  async #request(): Promise<void> {
    let requesting: IdentityState = { kind: 'requesting', asked: null }
    this.#become(requesting)
    try {
      const node = await this.#cluster.ready(this.#clock.now() + this.#options.searchMs)
      if (this.#state !== requesting) return
      requesting = {
        kind: 'requesting',
        asked: { broker: node.description, sinceMs: this.#clock.now() },
      }
      this.#become(requesting)
      const { response } = await node.request(InitProducerId, {
        transactionalId: null,
        transactionTimeoutMs: NO_TRANSACTION_TIMEOUT_MS,
        producerId: -1n,
        producerEpoch: -1,
      })
      if (this.#state !== requesting) return
      if (response.errorCode !== ErrorCode.NONE) {
        throw brokerError(response.errorCode, { api: 'InitProducerId', broker: node.description })
      }
      const { producerId, producerEpoch: epoch } = response
      if (producerId < 0n || epoch < 0) {
        throw new ProtocolError(
          `broker ${node.description} gave producer id ${producerId} with epoch ${epoch}: under that, batches would not be idempotent`,
          { broker: node.description },
        )
      }
      if (this.#failures >= WARN_AFTER_FAILURES) this.#options.logger.info('there is a producer id now')
      this.#failures = 0
      this.#lastError = null
      this.#become({ kind: 'ready', identity: { producerId, epoch, transactional: false } })
    } catch (error) {
      if (this.#state !== requesting) return
      this.#failures++
      if (error instanceof KafkaError) this.#lastError = error
      this.#logFailure(error)
      this.#become({
        kind: 'backing off',
        untilMs: this.#clock.now() + this.#options.backoffMs(this.#failures),
      })
      if (error instanceof KafkaError && !error.retriable) {
        this.#tellWaiters(error)
        this.#listener.refused(error)
      }
    }
    this.#tellWaiters(null)
    this.#listener.changed()
  }

  /** Logs a failure. A refusal that will last is a warning at once. */
  #logFailure(error: unknown): void {
    if (!(error instanceof KafkaError)) return
    const fields = { code: error.code, failures: this.#failures }
    const text = `no producer id: ${error.message}${error.retriable ? '; trying again' : ''}`
    if (this.#failures === WARN_AFTER_FAILURES || (!error.retriable && this.#failures === 1))
      this.#options.logger.warn(text, fields)
    else this.#options.logger.debug(text, fields)
  }

  /** Resolves when the state has changed, at the latest at `untilMs`. */
  #nextChange(untilMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const tell = (error: KafkaError | null): void => {
        timer?.cancel()
        if (error === null) resolve()
        else reject(error)
      }
      const again = (): void => {
        this.#waiters = this.#waiters.filter((waiter) => waiter !== tell)
        resolve()
      }
      const timer =
        untilMs === Number.POSITIVE_INFINITY
          ? null
          : this.#cluster.stalls.setDeadline(untilMs - this.#clock.now(), again)
      this.#waiters.push(tell)
    })
  }

  /** The reason for which there is no identity, behind a colon; empty if none is known. */
  #reason(now: number): string {
    const reasons = this.#lastError === null ? [] : [this.#lastError.message]
    if (this.#state.kind === 'requesting' && this.#state.asked !== null) {
      reasons.push(notAnswered(this.#state.asked, InitProducerId.name, now))
    }
    return reasons.length === 0 ? '' : `: ${reasons.join('. ')}`
  }

  #tellWaiters(error: KafkaError | null): void {
    const waiters = this.#waiters
    this.#waiters = []
    for (const tell of waiters) tell(error)
  }

  #become(next: IdentityState): void {
    this.#state = next
  }
}
