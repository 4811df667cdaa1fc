import { checkOptions } from '../config/check-options.js'
import { type ProducerConfig, type ResolvedProducerConfig, resolveConfig } from '../config/config.js'
import type { Environment } from '../environment/environment.js'
import { nodeEnvironment } from '../environment/node-environment.js'
import { AbortError, type KafkaError } from '../errors.js'
import { contained } from '../logger.js'
import { showAs } from '../printing.js'
import { checkTopicName } from '../protocol/topic-name.js'
import { asKafkaError } from '../unexpected.js'
import { AbortableSend, AbortableSends } from './abortable-sends.js'
import {
  type Completion,
  ContextualCallback,
  complete,
  isUnasked,
  PromiseCompletion,
  UnaskedSend,
} from './accumulator/completion.js'
import { waitForFlush } from './accumulator/flushes.js'
import type { TrafficFigures } from './accumulator/traffic.js'
import type { WaitingSend } from './accumulator/waiting-send.js'
import { closed, closedBefore, drain } from './closing.js'
import { withinMaxBlock } from './intake/max-block.js'
import { checkIsObject } from './intake/record-fields.js'
import { Interceptors } from './interceptors/interceptors.js'
import { type MakeCluster, realCluster } from './producer-cluster.js'
import { ProducerCore } from './producer-core.js'
import { ProducerEmitter } from './producer-emitter.js'
import type { ProducerEventMap } from './producer-events.js'
import {
  type CloseOptions,
  type FlushOptions,
  type PartitionInfo,
  partitionInfo,
  type SendOptions,
} from './producer-options.js'
import { type ProducerState, producerView } from './producer-view.js'
import type { ProducerRecord, RecordMetadata, SendCallback, UndeliveredRecord } from './record.js'
import { Refusals, snapshot } from './refusals.js'
import { UnheardFailures } from './unheard-failures.js'

/**
 * Sends records to Kafka in batches, several requests at a time. Each record is written exactly once and in
 * order within its partition (with idempotence, the default). The producer connects with its first record.
 * Close it in the end.
 */
export class Producer extends ProducerEmitter {
  readonly #config: ResolvedProducerConfig
  readonly #environment: Environment
  readonly #core: ProducerCore
  readonly #abortable = new AbortableSends()
  readonly #unheard: UnheardFailures
  readonly #refusals: Refusals
  readonly #interceptors: Interceptors | null
  #state: ProducerState = 'open'

  static {
    showAs(Producer.prototype, 'Producer', (producer) =>
      producerView(producer.#config, producer.#core, producer.#state),
    )
  }

  /**
   * Checks the config. Opens no socket.
   *
   * @throws ConfigError naming each wrong key with its value and the rule
   */
  constructor(config: ProducerConfig)
  /** @internal For tests and simulations: runs the producer in the given environment. */
  constructor(config: ProducerConfig, environment: Environment, makeCluster?: MakeCluster)
  constructor(
    config: ProducerConfig,
    environment: Environment = nodeEnvironment,
    makeCluster: MakeCluster = realCluster,
  ) {
    super()
    const resolved = resolveConfig(config)
    this.#environment = environment
    this.#unheard = new UnheardFailures(environment.clock, environment.emitWarning)
    this.#config = { ...resolved, logger: contained(resolved.logger, (error) => this.#rethrow(error)) }
    this.#core = new ProducerCore(this.#config, environment, makeCluster, {
      undelivered: (error, record, send) => this.#undelivered(error, record, send),
      rethrow: (error) => this.#rethrow(error),
      drained: () => this.#tell('drain'),
      connected: ({ nodeId, host, port }) => this.#tell('connect', { nodeId, host, port }),
      disconnected: ({ nodeId, host, port }, error) =>
        this.#tell('disconnect', error === null ? { nodeId, host, port } : { nodeId, host, port, error }),
      throttled: ({ nodeId }, throttleMs) => this.#tell('throttle', { nodeId, throttleMs }),
    })
    this.#interceptors = Interceptors.of(this.#config, environment)
    this.#refusals = new Refusals(this.#core.accumulator.flushes, environment.clock)
  }

  /**
   * Connects now instead of with the first record: fetches metadata and, with idempotence, a producer id.
   *
   * @throws TimeoutError after `max.block.ms`, naming every address that was tried and why it failed;
   *   AuthenticationError, AuthorizationError; ProducerClosedError
   */
  async connect(): Promise<void> {
    this.#checkOpen()
    const { clock } = this.#environment
    await withinMaxBlock(clock, this.#config.maxBlockMs, (deadlineMs) =>
      this.#core.connect(deadlineMs, clock),
    )
  }

  /**
   * Sends a record. The callback is called once, on a later turn, in the order of the sends within a
   * partition. It receives every error of the record. This form makes no promise and costs the least.
   *
   * @returns false if more than half of `buffer.memory` is taken: wait for `drain` before sending more
   * @throws TypeError if `record` is not an object
   */
  send(record: ProducerRecord, callback: SendCallback): boolean
  /**
   * Sends a record. The promise settles exactly once, within `max.block.ms` + `delivery.timeout.ms`. It
   * rejects with every error of the record.
   *
   * @throws TypeError if `record` is not an object
   */
  send(record: ProducerRecord, options?: SendOptions): Promise<RecordMetadata>
  send(record: ProducerRecord, second?: SendOptions | SendCallback): Promise<RecordMetadata> | boolean {
    checkIsObject(record)
    if (typeof second === 'function') {
      const context = this.#environment.captureContext()
      this.#accept(record, context === null ? second : new ContextualCallback(second, context))
      return this.#core.accumulator.hasRoom()
    }
    if (second !== undefined) return this.#sendWithOptions(record, second)
    return new Promise((resolve, reject) => {
      this.#accept(record, new PromiseCompletion(resolve, reject))
    })
  }

  /**
   * Sends a record without reporting its success. A failure becomes the event `deliveryError`. If that has no
   * listener, a process warning reports the failures, once a minute for each error code.
   *
   * @returns false if more than half of `buffer.memory` is taken: wait for `drain` before sending more
   * @throws TypeError if `record` is not an object
   */
  produce(record: ProducerRecord): boolean {
    checkIsObject(record)
    const context = this.#environment.captureContext()
    this.#accept(record, context === null ? null : new UnaskedSend(context))
    return this.#core.accumulator.hasRoom()
  }

  /**
   * Resolves when every record that was accepted before the call has an outcome. Their batches do not linger.
   *
   * @throws TimeoutError after `timeoutMs`, AbortError; the records are sent nevertheless
   */
  async flush(options: FlushOptions = {}): Promise<void> {
    checkOptions('flush', options, ['timeoutMs', 'signal'])
    const { accumulator, sender } = this.#core
    const flushed = waitForFlush(accumulator.flushes, this.#environment.clock, options)
    if (!accumulator.flushes.isIdle) sender.wake()
    await flushed
  }

  /**
   * Takes no more records, sends those that it holds, and closes its connections. Records without an outcome
   * after `timeoutMs` fail with ProducerClosedError. A further call waits for the same end, or causes it
   * after its own `timeoutMs`.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    checkOptions('close', options, ['timeoutMs'])
    if (this.#state === 'open') this.#state = 'closing'
    // One step later, so that a record that a callback sends is refused.
    await Promise.resolve()
    await this.#drainAndClose(options.timeoutMs)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * The partitions of a topic. The brokers may create the topic if they are configured to.
   *
   * @throws TimeoutError if the topic is not known after `max.block.ms`; InvalidTopicError,
   * AuthorizationError
   */
  async partitionsFor(topic: string): Promise<PartitionInfo[]> {
    this.#checkOpen()
    checkTopicName(topic)
    const { partitions } = await withinMaxBlock(
      this.#environment.clock,
      this.#config.maxBlockMs,
      (deadlineMs) => this.#core.cluster.waitForTopic(topic, deadlineMs),
    )
    return partitions.map((partition) => partitionInfo(topic, partition))
  }

  /** @internal Figures of the producer's work. */
  get traffic(): TrafficFigures {
    return this.#core.traffic
  }

  /** Returns the record's place in a queue if it has to wait, else null. */
  #accept(record: ProducerRecord, completion: Completion): WaitingSend | null {
    if (this.#interceptors === null || this.#state === 'closed') return this.#take(record, completion)
    try {
      return this.#interceptors.intercept(record, completion, this.#take)
    } catch (error) {
      return this.#refuse(record, completion, error)
    }
  }

  readonly #take = (record: ProducerRecord, completion: Completion): WaitingSend | null => {
    try {
      if (this.#state !== 'open') this.#checkOpen()
      return this.#core.firstStage.accept(record, completion)
    } catch (error) {
      return this.#refuse(record, completion, error)
    }
  }

  async #sendWithOptions(record: ProducerRecord, options: SendOptions): Promise<RecordMetadata> {
    checkOptions('send', options, ['signal'])
    const { signal } = options
    if (signal === undefined) return this.send(record)
    if (signal.aborted) {
      throw new AbortError('the send was aborted before it began: the record was not sent', {
        cause: signal.reason,
      })
    }
    return new Promise((resolve, reject) => {
      const send = this.#abortable.add(signal, resolve, reject)
      send.waiting = this.#accept(record, send)
    })
  }

  /** Reports the error of a record that was not taken in on a later turn, like every other error. */
  #refuse(record: ProducerRecord, completion: Completion, thrown: unknown): null {
    const error = asKafkaError('the record could not be taken in', thrown)
    if (isUnasked(completion)) {
      const asSent = this.listenerCount('deliveryError') > 0 ? snapshot(record) : record
      this.#refusals.add(() => this.#undelivered(error, asSent, completion))
    } else if (completion instanceof PromiseCompletion || completion instanceof AbortableSend) {
      completion.settle(error, null)
    } else {
      this.#refusals.add(() => complete(completion, error, null, (again) => this.#rethrow(again)))
    }
    return null
  }

  async #drainAndClose(timeoutMs: number | undefined): Promise<void> {
    const { clock } = this.#environment
    await drain(this.#core, clock, timeoutMs)
    this.#core.abort(closedBefore(timeoutMs), closed())
    await this.#refusals.told()
    this.#unheard.close()
    this.#state = 'closed'
    this.#interceptors?.close()
  }

  /** Reports the failure of a record of `produce`, in the async context of its caller. */
  #undelivered(
    error: KafkaError,
    record: UndeliveredRecord | ProducerRecord,
    send: UnaskedSend | null,
  ): void {
    send?.settle(error, null)
    const context = send?.context ?? null
    if (this.listenerCount('deliveryError') === 0) {
      this.#unheard.add(error)
    } else if (context === null) {
      this.#tell('deliveryError', error, record)
    } else {
      context.runInAsyncScope(() => this.#notify('deliveryError', error, record), undefined)
    }
  }

  /** Emits an event outside of every caller's async context. */
  #tell<Event extends keyof ProducerEventMap>(event: Event, ...args: ProducerEventMap[Event]): void {
    this.#environment.outsideContexts(() => this.#notify(event, ...args))
  }

  #notify<Event extends keyof ProducerEventMap>(event: Event, ...args: ProducerEventMap[Event]): void {
    try {
      this.emit(event, ...args)
    } catch (error) {
      // A listener that throws must not interrupt the work that caused the event.
      this.#rethrow(error)
    }
  }

  #rethrow(error: unknown): void {
    this.#environment.clock.soon(() => {
      throw error
    })
  }

  #checkOpen(): void {
    if (this.#state !== 'open') throw closed()
  }
}
