import { AbortError, type KafkaError } from '../errors.js'
import type { SettleableSend, Watcher } from './accumulator/completion.js'
import type { WaitingSend } from './accumulator/waiting-send.js'
import type { RecordMetadata } from './record.js'

/** A promise of `send` that an AbortSignal can settle early. */
export class AbortableSend implements SettleableSend {
  readonly form = 'promise'
  /** The record's place in a queue; null unless the record waits. */
  waiting: WaitingSend | null = null
  readonly #resolve: (metadata: RecordMetadata) => void
  readonly #reject: (error: KafkaError) => void
  readonly #settled: (send: AbortableSend) => void
  #isSettled = false
  #watcher: Watcher | null = null

  constructor(
    resolve: (metadata: RecordMetadata) => void,
    reject: (error: KafkaError) => void,
    settled: (send: AbortableSend) => void,
  ) {
    this.#resolve = resolve
    this.#reject = reject
    this.#settled = settled
  }

  settle(error: KafkaError | null, metadata: RecordMetadata | null): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#settled(this)
    if (metadata !== null) this.#resolve(metadata)
    else if (error !== null) this.#reject(error)
  }

  watchedBy(watcher: Watcher): void {
    this.#watcher = watcher
  }

  abort(reason: unknown): void {
    const withdrawn = this.waiting?.withdraw() === true
    const fate = withdrawn
      ? 'the record was not sent'
      : 'the record was in a batch already and may still be delivered'
    const details = { possiblyPersisted: !withdrawn, cause: reason }
    const error = new AbortError(`the send was aborted: ${fate}`, details)
    // A record in a batch has its own outcome, of which the watcher hears with the batch.
    if (withdrawn) this.#watcher?.told(error, null)
    this.settle(error, null)
  }
}

/**
 * The sends under AbortSignals that have no outcome yet. Each signal has one listener, however many sends
 * share it.
 */
export class AbortableSends {
  readonly #bySignal = new Map<
    AbortSignal,
    { readonly sends: Set<AbortableSend>; readonly listener: () => void }
  >()

  /** Makes the completion of a send that `signal` may abort. The signal must not have fired yet. */
  add(
    signal: AbortSignal,
    resolve: (metadata: RecordMetadata) => void,
    reject: (error: KafkaError) => void,
  ): AbortableSend {
    const watched = this.#bySignal.get(signal) ?? this.#watch(signal)
    const send = new AbortableSend(resolve, reject, (settled) => this.#remove(signal, settled))
    watched.sends.add(send)
    return send
  }

  #watch(signal: AbortSignal): { readonly sends: Set<AbortableSend>; readonly listener: () => void } {
    const sends = new Set<AbortableSend>()
    const listener = (): void => {
      for (const send of [...sends]) send.abort(signal.reason)
    }
    const watched = { sends, listener }
    signal.addEventListener('abort', listener)
    this.#bySignal.set(signal, watched)
    return watched
  }

  #remove(signal: AbortSignal, send: AbortableSend): void {
    const watched = this.#bySignal.get(signal)
    if (watched === undefined) return
    watched.sends.delete(send)
    if (watched.sends.size > 0) return
    signal.removeEventListener('abort', watched.listener)
    this.#bySignal.delete(signal)
  }
}
