import type { Clock } from '../environment/clock.js'
import { KafkaError, ProtocolError, TimeoutError } from '../errors.js'
import type { Cluster } from '../network/cluster.js'
import { setDeadline } from '../network/deadline.js'
import { type AskedBroker, notAnswered } from '../network/node-obstacle.js'
import { brokerError } from '../protocol/broker-error.js'
import { InitProducerId } from '../protocol/init-producer-id.js'
import { type ProducerIdentity, sameIdentity } from './sequence.js'

/** The last epoch of a producer id; after it comes a new id. */
const LAST_EPOCH = 32_767
/** Kafka asks for a transaction timeout even where there is no transaction. */
const NO_TRANSACTION_TIMEOUT_MS = 0x7fffffff

/** Where the producer id stands. */
export type IdentityState =
  | { readonly kind: 'none' }
  /** `asked`: the broker that has the request; null while one is looked for. */
  | {
      readonly kind: 'requesting'
      readonly asked: AskedBroker | null
    }
  /** The last request failed; another may be made from `untilMs` on, on the monotonic clock. */
  | { readonly kind: 'backing off'; readonly untilMs: number }
  | { readonly kind: 'ready'; readonly identity: ProducerIdentity }

export interface IdentityEvents {
  /** There is an identity, or none may be had for a while: look again. */
  changed(): void
  /** The cluster refuses an identity, and trying again would not help what waits for one now. */
  refused(error: KafkaError): void
}

/**
 * The producer id and epoch. An epoch is raised here alone, without asking a broker: with the same id a higher epoch is accepted from
 * sequence 0 on (KIP-360), partition by partition as each comes to use it.
 */
export class Identity {
  readonly #cluster: Cluster
  readonly #clock: Clock
  readonly #backoffMs: (failures: number) => number
  readonly #searchMs: number
  readonly #events: IdentityEvents
  #state: IdentityState = { kind: 'none' }
  #failures = 0
  #lastError: KafkaError | null = null
  #waiters: ((error: KafkaError | null) => void)[] = []

  /** @param requestTimeoutMs how long a broker to ask is looked for before the attempt counts as failed */
  constructor(
    cluster: Cluster,
    clock: Clock,
    backoffMs: (failures: number) => number,
    requestTimeoutMs: number,
    events: IdentityEvents,
  ) {
    this.#cluster = cluster
    this.#clock = clock
    this.#backoffMs = backoffMs
    this.#searchMs = requestTimeoutMs
    this.#events = events
  }

  get current(): ProducerIdentity | null {
    return this.#state.kind === 'ready' ? this.#state.identity : null
  }

  /** Why there is no identity yet; null if there is one, or none was asked for. */
  get lastError(): KafkaError | null {
    return this.#lastError
  }

  /** Why there is no identity yet, in words; null if there is one. */
  obstacle(now: number): string | null {
    return this.#state.kind === 'ready' ? null : `there is no producer id yet${this.#reason(now)}`
  }

  /** When `ensure` is worth calling again; Infinity if something else will tell. */
  get retryAtMs(): number {
    return this.#state.kind === 'backing off' ? this.#state.untilMs : Number.POSITIVE_INFINITY
  }

  /** Asks for a producer id unless there is one, or one is on its way. */
  ensure(now: number): void {
    const state = this.#state
    if (state.kind === 'none' || (state.kind === 'backing off' && state.untilMs <= now)) void this.#request()
  }

  /**
   * Resolves when there is an identity.
   *
   * @param timeoutMs time in which this process stands still does not count
   * @throws TimeoutError, or what the cluster refuses with
   */
  async obtain(timeoutMs: number): Promise<void> {
    let isOver = false
    const limit = setDeadline(this.#clock, timeoutMs, () => {
      isOver = true
      this.#tellWaiters(null)
    })
    try {
      for (;;) {
        const now = this.#clock.now()
        this.ensure(now)
        if (this.current !== null) return
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

  /** Ends what waits for an identity. */
  close(error: KafkaError): void {
    this.#tellWaiters(error)
  }

  /** Leaves `left` behind: the next epoch, or after the last a new id. Nothing happens if that was done already. */
  renew(left: ProducerIdentity): void {
    if (this.#state.kind !== 'ready' || !sameIdentity(this.#state.identity, left)) return
    if (left.epoch < LAST_EPOCH) {
      this.#become({ kind: 'ready', identity: { producerId: left.producerId, epoch: left.epoch + 1 } })
    } else {
      this.#become({ kind: 'none' })
    }
    this.#events.changed()
  }

  /** Gives the producer id up: the broker does not take it any more. */
  replace(left: ProducerIdentity): void {
    if (this.#state.kind !== 'ready' || this.#state.identity.producerId !== left.producerId) return
    this.#become({ kind: 'none' })
    this.#events.changed()
  }

  /** Gives up what was agreed, or is about to be: the cluster is another one. */
  forget(): void {
    this.#become({ kind: 'none' })
    this.#tellWaiters(null)
    this.#events.changed()
  }

  /** Never rejects. */
  async #request(): Promise<void> {
    let requesting: IdentityState = { kind: 'requesting', asked: null }
    this.#become(requesting)
    try {
      const node = await this.#cluster.ready(this.#clock.now() + this.#searchMs)
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
      if (response.errorCode !== 0) {
        throw brokerError(response.errorCode, { api: 'InitProducerId', broker: node.description })
      }
      const { producerId, producerEpoch: epoch } = response
      if (producerId < 0n || epoch < 0) {
        throw new ProtocolError(
          `broker ${node.description} gave producer id ${producerId} with epoch ${epoch}: under that, batches would not be idempotent`,
          { broker: node.description },
        )
      }
      this.#failures = 0
      this.#lastError = null
      this.#become({ kind: 'ready', identity: { producerId, epoch } })
    } catch (error) {
      if (this.#state !== requesting) return
      this.#failures++
      if (error instanceof KafkaError) this.#lastError = error
      this.#become({ kind: 'backing off', untilMs: this.#clock.now() + this.#backoffMs(this.#failures) })
      if (error instanceof KafkaError && !error.retriable) {
        this.#tellWaiters(error)
        this.#events.refused(error)
      }
    }
    this.#tellWaiters(null)
    this.#events.changed()
  }

  /** Resolves when the state has changed, and at `untilMs` at the latest. */
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
          : setDeadline(this.#clock, untilMs - this.#clock.now(), again)
      this.#waiters.push(tell)
    })
  }

  /** What keeps a broker from giving an identity, with a colon in front; empty if nothing is known. */
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
