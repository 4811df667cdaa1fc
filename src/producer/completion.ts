import type { KafkaError } from '../errors.js'
import type { RecordMetadata, SendCallback } from './record.js'

/** A send whose outcome is more than a call: a promise, with or without a signal. */
export interface SettleableSend {
  settle(error: KafkaError | null, metadata: RecordMetadata | null): void
}

/**
 * Who hears how a send ended: a callback (nothing more is allocated for it), an object, or null for a record sent without asking,
 * whose failure becomes the event `deliveryError`.
 */
export type Completion = SendCallback | SettleableSend | null

/** A promise's two ends. */
export class PromiseCompletion implements SettleableSend {
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
 * Tells one send its outcome. A callback that throws must not keep the batch's other records from theirs, nor may its exception get
 * lost: `rethrow` throws it in a turn of its own, where it is an uncaught exception as with any callback in Node.
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
