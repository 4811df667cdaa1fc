import type { AsyncContext } from '../../environment/async-context.js'
import type { KafkaError } from '../../errors.js'
import type { RecordMetadata, SendCallback } from '../record.js'

/** Settles a send whose outcome is more than a function call. */
export interface SettleableSend {
  /** The form in which the caller asked for the outcome. */
  readonly form: 'promise' | 'callback'
  settle(error: KafkaError | null, metadata: RecordMetadata | null): void
}

/**
 * The completion of a record of `produce` within an async context, in which the event of its failure is
 * emitted.
 */
export class UnaskedSend {
  readonly context: AsyncContext

  constructor(context: AsyncContext) {
    this.context = context
  }
}

/**
 * Receives the outcome of a send: a callback, for which nothing else is allocated, or an object. A record of
 * `produce` has null or an UnaskedSend: its success is not reported, and its failure becomes the event
 * `deliveryError`.
 */
export type Completion = SendCallback | SettleableSend | UnaskedSend | null

/** The async context of the caller, where it was captured. */
export function contextOf(completion: Completion): AsyncContext | null {
  return completion instanceof UnaskedSend || completion instanceof ContextualCallback
    ? completion.context
    : null
}

export function isUnasked(completion: Completion): completion is UnaskedSend | null {
  return completion === null || completion instanceof UnaskedSend
}

/** Settles the promise of a send. */
export class PromiseCompletion implements SettleableSend {
  readonly form = 'promise'
  readonly #resolve: (metadata: RecordMetadata) => void
  readonly #reject: (error: KafkaError) => void

  constructor(resolve: (metadata: RecordMetadata) => void, reject: (error: KafkaError) => void) {
    this.#resolve = resolve
    this.#reject = reject
  }

  settle(error: KafkaError | null, metadata: RecordMetadata | null): void {
    if (metadata !== null) this.#resolve(metadata)
    else if (error !== null) this.#reject(error)
  }
}

/**
 * A callback that runs in the async context of its own caller. The response may have arrived in another
 * caller's.
 */
export class ContextualCallback implements SettleableSend {
  readonly form = 'callback'
  readonly #callback: SendCallback
  readonly context: AsyncContext

  constructor(callback: SendCallback, context: AsyncContext) {
    this.#callback = callback
    this.context = context
  }

  settle(error: KafkaError | null, metadata: RecordMetadata | null): void {
    this.context.runInAsyncScope(this.#callback, undefined, error, metadata)
  }
}

/**
 * Notifies one send of its outcome. If its callback throws, the other records of the batch are notified
 * nevertheless. `rethrow` throws the exception in a turn of its own, where it is an uncaught exception, as
 * with any callback in Node.
 */
export function complete(
  completion: SendCallback | SettleableSend,
  error: KafkaError | null,
  metadata: RecordMetadata | null,
  rethrow: (error: unknown) => void,
): void {
  try {
    if (typeof completion === 'function') completion(error, metadata)
    else completion.settle(error, metadata)
  } catch (thrown) {
    rethrow(thrown)
  }
}
