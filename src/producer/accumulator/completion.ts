import type { AsyncContext } from '../../environment/async-context.js'
import type { KafkaError } from '../../errors.js'
import type { RecordMetadata, SendCallback } from '../record.js'

/** Settles a send whose outcome is more than a function call. */
export interface SettleableSend {
  /** The form in which the caller asked for the outcome. */
  readonly form: 'promise' | 'callback'
  /** The async context of the caller, if it was captured. */
  readonly context?: AsyncContext | null
  settle(error: KafkaError | null, metadata: RecordMetadata | null): void
  /** Names the watcher of this send, which has to hear of an end that does not go through its completion. */
  watchedBy?(watcher: Watcher): void
}

/** Hears the outcome of a record before its caller does. It never throws. */
export interface Watcher {
  told(error: KafkaError | null, metadata: RecordMetadata | null): void
}

/**
 * The completion of a record of `produce` that has an async context, in which the event of its failure is
 * emitted, or a watcher.
 */
export class UnaskedSend {
  readonly context: AsyncContext | null
  readonly watcher: Watcher | null

  constructor(context: AsyncContext | null, watcher: Watcher | null = null) {
    this.context = context
    this.watcher = watcher
  }

  /** Tells the watcher alone. The caller did not ask. */
  settle(error: KafkaError | null, metadata: RecordMetadata | null): void {
    this.watcher?.told(error, metadata)
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
  return typeof completion === 'object' ? (completion?.context ?? null) : null
}

export function isUnasked(completion: Completion): completion is UnaskedSend | null {
  return completion === null || completion instanceof UnaskedSend
}

/** Whether nobody hears of a success. */
export function isUnheard(completion: Completion): completion is UnaskedSend | null {
  return completion === null || (completion instanceof UnaskedSend && completion.watcher === null)
}

/** A send whose outcome a watcher hears first. */
export class WatchedSend implements SettleableSend {
  readonly form: 'promise' | 'callback'
  readonly context: AsyncContext | null
  readonly #completion: SendCallback | SettleableSend
  readonly #watcher: Watcher

  constructor(completion: SendCallback | SettleableSend, context: AsyncContext | null, watcher: Watcher) {
    this.form = typeof completion === 'function' ? 'callback' : completion.form
    this.context = context
    this.#completion = completion
    this.#watcher = watcher
    if (typeof completion === 'object') completion.watchedBy?.(watcher)
  }

  settle(error: KafkaError | null, metadata: RecordMetadata | null): void {
    this.#watcher.told(error, metadata)
    if (typeof this.#completion === 'function') this.#completion(error, metadata)
    else this.#completion.settle(error, metadata)
  }
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
  completion: SendCallback | SettleableSend | UnaskedSend,
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
