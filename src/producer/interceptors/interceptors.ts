import { types } from 'node:util'
import type { ResolvedProducerConfig } from '../../config/config.js'
import type { InterceptedHeaders, InterceptedRecord, ProducerInterceptor } from '../../config/interceptor.js'
import type { ProducerRecord, RecordMetadata } from '../../config/record.js'
import type { Environment } from '../../environment/environment.js'
import { InvalidRecordError, type KafkaError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import { type Completion, contextOf, isUnasked, UnaskedSend, WatchedSend } from '../accumulator/completion.js'
import { misspeltField } from '../intake/record-fields.js'
import { interceptable, returnedRecord } from './intercepted-record.js'
import { InterceptorFailures } from './interceptor-failures.js'
import { OutcomeWatcher } from './outcome-watcher.js'

/** The user's interceptors, called in their order. None of their failures gets out. */
export class Interceptors {
  readonly #interceptors: readonly ProducerInterceptor[]
  readonly #environment: Environment
  readonly #failures: InterceptorFailures
  readonly #hasOnSend: boolean
  readonly #hasOnAcknowledgement: boolean
  #hasSeenFields = false
  #isClosed = false

  /** Null if there are none, so that a record pays nothing for them. */
  static of(
    { interceptors, logger }: Pick<ResolvedProducerConfig, 'interceptors' | 'logger'>,
    environment: Environment,
  ): Interceptors | null {
    return interceptors.length === 0 ? null : new Interceptors(interceptors, environment, logger)
  }

  constructor(interceptors: readonly ProducerInterceptor[], environment: Environment, logger: Logger) {
    this.#interceptors = interceptors
    this.#environment = environment
    this.#failures = new InterceptorFailures(logger, environment.clock)
    this.#hasOnSend = interceptors.some(({ onSend }) => onSend !== undefined)
    this.#hasOnAcknowledgement = interceptors.some(({ onAcknowledgement }) => onAcknowledgement !== undefined)
  }

  /**
   * Hands a record on as the interceptors want it, with a completion that tells them its outcome.
   *
   * @throws SerializationError if the headers cannot be sent. No interceptor sees such a record.
   */
  intercept<Result>(
    record: ProducerRecord,
    completion: Completion,
    take: (record: ProducerRecord, completion: Completion) => Result,
  ): Result {
    if (!this.#hasSeenFields) this.#checkFields(record)
    const { headers } = record
    const hasHeaders = headers !== undefined && headers !== null
    // Headers are read once, because they may be an iterable that cannot be read again.
    const given = this.#hasOnSend || hasHeaders ? interceptable(record) : null
    const sent = given === null ? record : this.#hasOnSend ? this.#onSend(given) : given
    return take(sent, this.#hasOnAcknowledgement ? this.#watch(sent, completion) : completion)
  }

  /** Calls `close` of each, once. Every record has its outcome. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#environment.outsideContexts(() => this.#each('close', '', (interceptor) => interceptor.close?.()))
  }

  /** Checks the names of the fields before the copy, which always has headers. */
  #checkFields(record: ProducerRecord): void {
    const misspelt = misspeltField(record)
    const { topic } = record
    if (misspelt !== null) throw new InvalidRecordError(`a record for topic ${topic}: ${misspelt}`, { topic })
    this.#hasSeenFields = true
  }

  #onSend(record: InterceptedRecord): InterceptedRecord {
    let good = record
    this.#each('onSend', record.topic, (interceptor) => {
      if (interceptor.onSend === undefined) return
      const returned = returnedRecord(interceptor.onSend(good))
      // Within this call, so that headers that cannot be sent count as a failure of the interceptor.
      if (returned !== good) good = interceptable(returned)
    })
    return good
  }

  #watch(record: ProducerRecord, completion: Completion): Completion {
    const context = contextOf(completion) ?? this.#environment.captureContext()
    const watcher = new OutcomeWatcher(record, context, {
      outsideContexts: this.#environment.outsideContexts,
      tell: this.#tell,
    })
    return isUnasked(completion)
      ? new UnaskedSend(context, watcher)
      : new WatchedSend(completion, context, watcher)
  }

  readonly #tell = (metadata: RecordMetadata, error: KafkaError | null, headers: InterceptedHeaders): void =>
    this.#each('onAcknowledgement', metadata.topic, (interceptor) =>
      interceptor.onAcknowledgement?.(metadata, error, headers),
    )

  #each(
    call: 'onSend' | 'onAcknowledgement' | 'close',
    topic: string,
    run: (interceptor: ProducerInterceptor) => unknown,
  ): void {
    for (const [index, interceptor] of this.#interceptors.entries()) {
      const failed = (thrown: unknown): void => this.#failures.note(interceptor, index, call, topic, thrown)
      try {
        const returned = run(interceptor)
        // An async function, which nobody waits for. Its failure must not end the process.
        if (types.isPromise(returned)) returned.catch(failed)
      } catch (thrown) {
        failed(thrown)
      }
    }
  }
}
