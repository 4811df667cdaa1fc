import type { KafkaError } from '../../errors.js'
import type { ProducerIdentity } from './sequence.js'

/**
 * The stamp of a batch: `none` without idempotence, `wait` while there is no identity yet, or the identity.
 */
export type Stamping = 'none' | 'wait' | ProducerIdentity

/** The source of a producer's id and epoch. */
export interface ProducerIdSource {
  /** The stamp of a batch that is drained now. */
  readonly stamping: Stamping
  /** Why there is no identity yet; null if there is one, or if none was asked for. */
  readonly lastError: KafkaError | null
  /** When to call `ensure` again, on the monotonic clock; Infinity if another event will wake the sender. */
  readonly retryAtMs: number

  /** Why there is no identity yet, in words; null if there is one, or if none is needed. */
  obstacle(now: number): string | null

  /** Asks for an identity unless there is one or a request is under way. */
  ensure(now: number): void

  /**
   * Resolves when there is an identity.
   *
   * @param timeoutMs stalls of this process do not count
   * @throws TimeoutError at the deadline, or the error with which the cluster refuses
   */
  obtain(timeoutMs: number): Promise<void>

  /** Moves from `left` to the next epoch. Does nothing if that has happened already. */
  renew(left: ProducerIdentity): void

  /** Gives the producer id up, because a broker no longer accepts it. */
  replace(left: ProducerIdentity): void

  /** Gives up the identity, and a request for one: the brokers belong to another cluster. */
  forget(): void

  /** Rejects everything that waits for an identity. */
  close(error: KafkaError): void
}

/** The source without idempotence. Batches have no identity, and nothing waits for one. */
export const withoutProducerId: ProducerIdSource = {
  stamping: 'none',
  lastError: null,
  retryAtMs: Number.POSITIVE_INFINITY,
  obstacle: () => null,
  ensure: nothing,
  obtain: () => Promise.resolve(),
  renew: nothing,
  replace: nothing,
  forget: nothing,
  close: nothing,
}

function nothing(): void {
  // There is no identity to change.
}
