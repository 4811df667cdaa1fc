import { EventEmitter } from 'node:events'
import type { Environment } from '../environment/environment.js'
import { nodeEnvironment } from '../environment/node-environment.js'
import { AbortError, type KafkaError, ProducerClosedError } from '../errors.js'
import { contained } from '../logger.js'
import { checkTopicName } from '../protocol/topic-name.js'
import { asKafkaError } from '../unexpected.js'
import { AbortableSends } from './abortable-sends.js'
import { checkOptions } from './check-options.js'
import { type Completion, complete, PromiseCompletion } from './completion.js'
import { type ProducerConfig, type ResolvedProducerConfig, resolveConfig } from './config/config.js'
import { type FlushOptions, waitForFlush } from './flush.js'
import { withinMaxBlock } from './max-block.js'
import { ProducerCore } from './producer-core.js'
import type { ProducerEventMap } from './producer-events.js'
import type { CloseOptions, PartitionInfo, SendOptions } from './producer-options.js'
import type { ProducerRecord, RecordMetadata, SendCallback, UndeliveredRecord } from './record.js'
import type { TrafficFigures } from './traffic.js'

/** What is left of `max.block.ms` to a `connect` whose time has passed while this process stood still. */
const AFTER_HOLD_UP_MS = 1_000

/**
 * Sends records to Kafka: in batches, several requests at a time, each record exactly once and in order within its partition (with
 * idempotence, the default). It connects by itself with the first record and must be closed in the end.
 */
export class Producer {
  readonly #config: ResolvedProducerConfig
  readonly #environment: Environment
  readonly #core: ProducerCore
  readonly #emitter = new EventEmitter()
  readonly #abortable = new AbortableSends()
  #isOpen = true

  /**
   * Checks the config; opens no socket.
   *
   * @param environment the world to run in; only tests and simulations give one
   * @throws ConfigError naming the key, the value and the rule
   */
  constructor(config: ProducerConfig, environment: Environment = nodeEnvironment) {
    const resolved = resolveConfig(config)
    this.#environment = environment
    this.#config = { ...resolved, logger: contained(resolved.logger, (error) => this.#rethrow(error)) }
    this.#core = new ProducerCore(this.#config, environment, {
      undelivered: (error, record) => this.#undelivered(error, record),
      rethrow: (error) => this.#rethrow(error),
      drained: () => this.#emit('drain'),
      connected: ({ nodeId, host, port }) => this.#emit('connect', { nodeId, host, port }),
      disconnected: ({ nodeId, host, port }, error) =>
        this.#emit('disconnect', error === null ? { nodeId, host, port } : { nodeId, host, port, error }),
      throttled: ({ nodeId }, throttleMs) => this.#emit('throttle', { nodeId, throttleMs }),
    })
  }

  /**
   * Connects now instead of with the first record: fetches metadata and, when idempotent, a producer id.
   *
   * @throws TimeoutError after `max.block.ms`, naming every address tried and why it failed
   */
  async connect(): Promise<void> {
    this.#checkOpen()
    await withinMaxBlock(this.#environment.clock, this.#config.maxBlockMs, async (deadlineMs) => {
      await this.#core.cluster.ready(deadlineMs)
      const leftMs = deadlineMs - this.#environment.clock.now()
      // None is left where this process stood still meanwhile, which is not the brokers' fault.
      await this.#core.identity?.obtain(leftMs >= 0 ? leftMs : AFTER_HOLD_UP_MS)
    })
  }

  /**
   * Sends a record and calls back on a later turn, in send order within a partition. Makes no promise, and is the cheapest way.
   *
   * @returns false if more than half of `buffer.memory` is taken: wait for `drain` before sending more
   * @throws TypeError if `record` is not an object
   */
  send(record: ProducerRecord, callback: SendCallback): boolean
  /**
   * Sends a record. The promise settles exactly once, within `max.block.ms` + `delivery.timeout.ms`; it is the only way in which errors
   * come, except for an argument that is no record at all.
   *
   * @throws TypeError if `record` is not an object
   */
  send(record: ProducerRecord, options?: SendOptions): Promise<RecordMetadata>
  send(record: ProducerRecord, second?: SendOptions | SendCallback): Promise<RecordMetadata> | boolean {
    checkIsObject(record)
    if (typeof second === 'function') {
      this.#accept(record, second)
      return this.#core.accumulator.hasRoom()
    }
    if (second !== undefined) return this.#sendWithOptions(record, second)
    return new Promise((resolve, reject) => {
      this.#accept(record, new PromiseCompletion(resolve, reject))
    })
  }

  /**
   * Sends a record and does not ask: a failure is the event `deliveryError`.
   *
   * @returns false if more than half of `buffer.memory` is taken, or more than a thousand records wait for metadata or for memory: wait for
   * `drain` before sending more
   * @throws TypeError if `record` is not an object
   */
  produce(record: ProducerRecord): boolean {
    checkIsObject(record)
    this.#accept(record, null)
    return this.#core.accumulator.hasRoom()
  }

  /**
   * Resolves when every record that was accepted before the call has an outcome. Nothing lingers meanwhile.
   *
   * @throws TimeoutError after `timeoutMs`, AbortError; the records go on either way
   */
  async flush(options: FlushOptions = {}): Promise<void> {
    checkOptions('flush', options)
    const { accumulator, sender } = this.#core
    const flushed = waitForFlush(accumulator.flushes, this.#environment.clock, options)
    sender.wake()
    await flushed
  }

  /**
   * Takes no more records, sends what it has, and closes its connections. What has no outcome after `timeoutMs` fails with
   * ProducerClosedError. Calling it again waits for the same end, or brings it about after a `timeoutMs` of its own.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    checkOptions('close', options)
    this.#isOpen = false
    // A step later: by then whatever a callback sends is refused.
    await Promise.resolve()
    await this.#drainAndClose(options.timeoutMs)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * The partitions of a topic, which may thereby be created where the brokers allow that.
   *
   * @throws TimeoutError if the topic is not known after `max.block.ms`; InvalidTopicError, AuthorizationError
   */
  async partitionsFor(topic: string): Promise<PartitionInfo[]> {
    this.#checkOpen()
    checkTopicName(topic)
    const { partitions } = await withinMaxBlock(
      this.#environment.clock,
      this.#config.maxBlockMs,
      (deadlineMs) => this.#core.cluster.waitForTopic(topic, deadlineMs),
    )
    return partitions.map(({ partition, leaderId, replicas, inSyncReplicas, offlineReplicas }) => ({
      topic,
      partition,
      leader: leaderId,
      replicas,
      inSyncReplicas,
      offlineReplicas,
    }))
  }

  on<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: (...args: ProducerEventMap[Event]) => void,
  ): this {
    this.#emitter.on(event, listener)
    return this
  }

  once<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: (...args: ProducerEventMap[Event]) => void,
  ): this {
    this.#emitter.once(event, listener)
    return this
  }

  off<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: (...args: ProducerEventMap[Event]) => void,
  ): this {
    this.#emitter.off(event, listener)
    return this
  }

  /** @internal For figures that are shown while it works. */
  get traffic(): TrafficFigures {
    return this.#core.sender.traffic
  }

  #accept(record: ProducerRecord, completion: Completion): void {
    try {
      if (!this.#isOpen) this.#checkOpen()
      this.#core.intake.accept(record, completion)
    } catch (error) {
      this.#refuse(record, completion, error)
    }
  }

  async #sendWithOptions(record: ProducerRecord, options: SendOptions): Promise<RecordMetadata> {
    checkOptions('send', options)
    const { signal } = options
    if (signal === undefined) return this.send(record)
    if (signal.aborted) {
      throw new AbortError('the send was aborted before it began: the record was not sent', {
        cause: signal.reason,
      })
    }
    return new Promise((resolve, reject) => {
      const send = this.#abortable.add(signal, resolve, reject)
      try {
        this.#checkOpen()
        send.waiting = this.#core.intake.accept(record, send)
      } catch (error) {
        this.#refuse(record, send, error)
      }
    })
  }

  /** A record that was not taken in: its error comes on a later turn, like every other. */
  #refuse(record: ProducerRecord, completion: Completion, thrown: unknown): void {
    const error = asKafkaError('the record could not be taken in', thrown)
    if (completion === null) {
      this.#environment.clock.soon(() => this.#undelivered(error, record))
    } else if (typeof completion === 'function') {
      this.#environment.clock.soon(() => complete(completion, error, null, (again) => this.#rethrow(again)))
    } else {
      completion.settle(error, null)
    }
  }

  async #drainAndClose(timeoutMs: number | undefined): Promise<void> {
    const { sender, accumulator } = this.#core
    if (timeoutMs !== 0) {
      sender.drainAll()
      try {
        await waitForFlush(
          accumulator.flushes,
          this.#environment.clock,
          timeoutMs === undefined ? {} : { timeoutMs },
        )
      } catch {
        // Out of time: what is left fails below, each record with what is known of it.
      }
    }
    const why = timeoutMs === undefined ? '' : ` (close timed out after ${timeoutMs} ms)`
    this.#core.abort(
      (known) =>
        new ProducerClosedError(
          `the producer was closed before the record was acknowledged${why}; ${known.possiblyPersisted ? 'it may be in the log' : 'it is not in the log'}`,
          known,
        ),
      closed(),
    )
  }

  #undelivered(error: KafkaError, record: UndeliveredRecord | ProducerRecord): void {
    const message = `a record was not delivered, and nobody listens to deliveryError: ${error.message}`
    if (this.#emitter.listenerCount('deliveryError') > 0) this.#emit('deliveryError', error, record)
    else this.#config.logger.error(message)
  }

  #emit<Event extends keyof ProducerEventMap>(event: Event, ...args: ProducerEventMap[Event]): void {
    this.#tell(() => this.#emitter.emit(event, ...args))
  }

  /** A listener that throws must not stop the work it is told about. */
  #tell(call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#rethrow(error)
    }
  }

  #rethrow(error: unknown): void {
    this.#environment.clock.soon(() => {
      throw error
    })
  }

  #checkOpen(): void {
    if (!this.#isOpen) throw closed()
  }
}

function closed(): ProducerClosedError {
  return new ProducerClosedError('the producer is closed')
}

function checkIsObject(record: unknown): void {
  if (typeof record === 'object' && record !== null) return
  throw new TypeError(
    `a record is an object with a topic and a value, not ${record === null ? 'null' : typeof record}`,
  )
}
