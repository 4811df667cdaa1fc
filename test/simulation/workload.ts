import { Buffer } from 'node:buffer'
import { KafkaError } from '../../src/errors.js'
import type { Producer } from '../../src/producer/producer.js'
import type { ProducerRecord, RecordMetadata } from '../../src/producer/record.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { Chance } from './chance.js'
import {
  contentOf,
  idOf,
  isForLackOfKey,
  type Ledger,
  NO_CONTENT,
  type SentRecord,
  valueFor,
} from './ledger.js'
import { overtime } from './overtime.js'
import { compacts } from './scenario.js'
import type { Trace } from './trace.js'
import type { VirtualTime } from './virtual-time.js'
import type { World } from './world.js'
import { moveLeadersBehindARequest } from './world-faults.js'

/** The number of quiet moments. Each takes more than a minute, in which the client's timers go on. */
const QUIET_MOMENTS = 5
/** The number of vain waits for `drain` before a caller sends without waiting. */
const PATIENCE = 5

/** An error that callbacks throw on purpose, and that must reach the event loop uncaught. */
export class ThrownByCallback extends Error {}

/**
 * The program that uses the producer. It sends records in all ways, in the order of the seed, and records
 * their outcomes.
 */
export class Workload {
  readonly #world: World
  readonly #producer: Producer
  readonly #ledger: Ledger
  readonly #chance: Chance
  readonly #time: VirtualTime
  readonly #trace: Trace
  /** Whether the caller waits for `drain` when `send` asks for it. */
  readonly #waitsForDrain: boolean
  readonly #largest: number
  readonly #throws: boolean
  /** The probability of a pause after a burst. */
  readonly #pauses: number
  readonly #answersCallbacks: boolean
  /** Whether the caller sends another record after each failure. */
  readonly #answersFailures: boolean
  /** The violations of calls other than sends. */
  readonly complaints: string[] = []
  /** Whether the last `produce` or `send` asked the caller to wait for `drain`. */
  #isFull = false
  #quietMoments = 0
  #waitsInVain = 0

  constructor(world: World, producer: Producer, ledger: Ledger, chance: Chance) {
    this.#world = world
    this.#producer = producer
    this.#ledger = ledger
    this.#chance = chance
    this.#time = world.time
    this.#trace = world.trace
    this.#waitsForDrain = chance.happens(0.8)
    this.#largest = chance.pick([30, 120, 120, 1_000, 5_000])
    this.#pauses = chance.pick([0, 0.02, 0.2])
    this.#throws = chance.happens(0.05)
    this.#answersCallbacks = chance.happens(0.1)
    this.#answersFailures = chance.happens(0.3)
    producer.on('deliveryError', (error, record) => this.#undelivered(error, record))
  }

  /** Sends all records, with pauses, flushes and other calls between them. */
  async run(): Promise<void> {
    const { records, workloadMs } = this.#world.scenario
    // More records make larger bursts. The cost of a run is in the number of requests, its value in their
    // order.
    const burst = Math.ceil(this.#chance.pick([1, 5, 30, 200]) * Math.max(1, records / 300))
    const bursts = Math.ceil(records / ((burst + 1) / 2))
    if (this.#chance.happens(0.3)) await this.#connect()
    while (this.#ledger.records.length < records) {
      for (let i = this.#chance.whole(1, burst); i > 0 && this.#ledger.records.length < records; i--) {
        this.send()
        if (this.#mustWait) break
      }
      if (this.#mustWait) await this.#drained()
      if (this.#chance.happens(this.#pauses) && this.#quietMoments++ < QUIET_MOMENTS)
        await this.#quietMoment()
      if (this.#chance.happens(0.02)) await this.#flush(this.#chance.pick([undefined, undefined, 10, 1_000]))
      await this.sleep(this.#chance.between(0, (2 * workloadMs) / bursts))
    }
  }

  get #mustWait(): boolean {
    return this.#isFull && this.#waitsForDrain && this.#waitsInVain < PATIENCE
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.#time.after(ms, 'client', resolve))
  }

  /** Sends one record, with random properties unless given. */
  send(where: Partial<Pick<ProducerRecord, 'topic' | 'partition'>> = {}): SentRecord {
    const chance = this.#chance
    const topic = where.topic ?? chance.pick(this.#world.topicNames)
    const partition = where.partition ?? (where.topic === undefined ? this.#anyPartition(topic) : undefined)
    const isCompacted = compacts(this.#world.scenario, topic)
    const lacksKey = isCompacted && where.topic === undefined && chance.happens(0.03)
    const sent: SentRecord = {
      id: this.#ledger.records.length,
      topic,
      partition,
      lacksKey,
      how: where.topic === undefined ? this.#anyWay() : 'by promise',
      sentAtMs: this.#time.nowMs,
      stalledMs: this.#time.stalledMs,
      content: NO_CONTENT,
      outcomes: [],
      settledAtMs: Number.NaN,
      stalledWhenSettledMs: 0,
      settledInEvent: -1,
      settledAs: -1,
    }
    this.#ledger.records.push(sent)
    const size = where.topic === undefined ? chance.whole(8, chance.pick([20, this.#largest])) : 12
    const value = valueFor(sent.id, size)
    const bytes = chance.happens(0.3) ? Buffer.from(value) : null
    const record: ProducerRecord = {
      topic,
      value: bytes ?? value,
      ...(partition !== undefined && { partition }),
      ...((isCompacted ? !lacksKey : partition === undefined && chance.happens(0.5)) && {
        key: `key-${chance.whole(0, 20)}`,
      }),
      ...(chance.happens(0.1) && { headers: { trace: `${sent.id}` } }),
    }
    sent.content = contentOf(record, this.#time.wallMs('client'))
    this.#trace.add(
      'caller',
      () =>
        `sends ${sent.id} ${sent.how} to ${topic}${partition === undefined ? '' : `-${partition}`}, ${value.length} bytes`,
    )
    this.#give(sent, record)
    // The bytes are the caller's again.
    bytes?.fill(0x21)
    return sent
  }

  #give(sent: SentRecord, record: ProducerRecord): void {
    if (sent.how === 'silently') {
      this.#isFull = !this.#producer.produce(record)
    } else if (sent.how === 'by callback') {
      this.#isFull = !this.#producer.send(record, (error, metadata) =>
        this.#calledBack(sent, error, metadata),
      )
    } else {
      const options = sent.how === 'with a signal' ? { signal: this.#signal() } : {}
      this.#producer.send(record, options).then(
        (metadata) => this.#settled(sent, null, metadata),
        (error: unknown) => this.#settled(sent, error, null),
      )
    }
  }

  #signal(): AbortSignal {
    const controller = new AbortController()
    this.#time.after(this.#chance.pick([0, 5, 100, 5_000]), 'client', () => controller.abort())
    return controller.signal
  }

  #calledBack(sent: SentRecord, error: unknown, metadata: RecordMetadata | null): void {
    this.#settled(sent, error, metadata)
    if (this.#answersCallbacks && this.#chance.happens(0.05)) this.#answer()
    if (this.#throws && this.#chance.happens(0.1)) throw new ThrownByCallback()
  }

  #settled(sent: SentRecord, error: unknown, metadata: RecordMetadata | null): void {
    sent.settledAtMs = this.#time.nowMs
    sent.stalledWhenSettledMs = this.#time.stalledMs
    sent.settledInEvent = this.#time.events
    sent.settledAs = this.#ledger.settlements++
    if (metadata !== null) {
      sent.outcomes.push({ kind: 'acknowledged', metadata })
      this.#trace.add(
        'caller',
        () => `${sent.id} is at ${metadata.topic}-${metadata.partition}, offset ${metadata.offset}`,
      )
      return
    }
    const failure =
      error instanceof KafkaError
        ? error
        : new KafkaError(`not one of ours: ${String(error)}`, { code: 'UNEXPECTED' })
    sent.outcomes.push({ kind: 'failed', error: failure })
    if (isForLackOfKey(failure)) this.#world.struck('record without key refused')
    this.#trace.add(
      'caller',
      () =>
        `${sent.id} failed${failure.possiblyPersisted ? ' (possibly persisted)' : ''}: ${failure.message}`,
    )
    if (this.#answersFailures) this.#answer()
  }

  #answer(): void {
    if (this.#ledger.records.length < 2 * this.#world.scenario.records) this.send()
  }

  #undelivered(error: KafkaError, record: object): void {
    // The whole value must be as it was sent, although the caller has its bytes again.
    const value = 'value' in record ? record.value : null
    const id = idOf(
      typeof value === 'string' ? Buffer.from(value) : value instanceof Uint8Array ? value : null,
    )
    const sent = id === null ? undefined : this.#ledger.records[id]
    if (sent === undefined) throw new Error('deliveryError has a record that was never sent so')
    this.#settled(sent, error, null)
  }

  #anyWay(): SentRecord['how'] {
    if (this.#chance.happens(0.05)) return 'with a signal'
    return this.#chance.pick(['by promise', 'by promise', 'by callback', 'by callback', 'silently'])
  }

  #anyPartition(topic: string): number | undefined {
    if (!this.#chance.happens(0.3)) return undefined
    const count = this.#world.scenario.topics.find(({ name }) => name === topic)?.partitions ?? 1
    // The partition is rarely one that the topic does not have, or does not have yet.
    return this.#chance.happens(0.02) ? count : this.#chance.whole(0, count - 1)
  }

  async #connect(): Promise<void> {
    await this.#producer.connect().catch((error: unknown) => {
      this.#trace.add('caller', () => `connect failed: ${String(error)}`)
    })
  }

  async #flush(timeoutMs: number | undefined): Promise<void> {
    const startMs = this.#time.nowMs - this.#time.stalledMs
    await this.#producer.flush(timeoutMs === undefined ? {} : { timeoutMs }).catch((error: unknown) => {
      this.#trace.add('caller', () => `flush failed: ${String(error)}`)
    })
    const tookMs = this.#time.nowMs - this.#time.stalledMs - startMs
    if (timeoutMs !== undefined) this.complaints.push(...overtime('flush', tookMs, timeoutMs))
  }

  #drained(): Promise<void> {
    this.#isFull = false
    return new Promise((resolve) => {
      let told = false
      const tell = (): void => {
        if (told) return
        told = true
        this.#producer.off('drain', tell)
        resolve()
      }
      this.#producer.once('drain', tell)
      // The program does not wait for ever.
      this.#time.after(20_000, 'client', () => {
        if (!told) this.#waitsInVain++
        tell()
      })
    })
  }

  /**
   * Waits until no request has been in flight for a while, and then makes the brokers forget all producers.
   */
  async #quietMoment(): Promise<void> {
    await this.#flush(undefined)
    // The response to a request that was given up may still come, and may be an acknowledgement.
    if (!this.#isQuiet()) await this.sleep(this.#world.scenario.config.requestTimeoutMs)
    if (!this.#isQuiet()) return
    await this.sleep(61_000)
    if (!this.#isQuiet()) return
    const { cluster } = this.#world
    this.#trace.add('world', () => 'the brokers forget all producers')
    this.#world.struck('producers forgotten')
    for (let id = 0n; id < 100n; id++) cluster.expireProducerId(id)
    const next = this.#chance.random()
    const { latencyMs, jitterMs } = this.#world.scenario.network
    let pauseMs = 2 * latencyMs + jitterMs
    if (next < 0.5) {
      this.#world.keep(
        'too few replicas in sync',
        cluster.failRequests({ api: 'Produce' }, ErrorCode.NOT_ENOUGH_REPLICAS),
      )
    } else if (next < 0.75) {
      moveLeadersBehindARequest(this.#world)
      pauseMs += 5
    }
    // Several records for one partition are in flight at once, because their order is at stake. Records for
    // others make the client learn of the new state.
    const { name: topic, partitions } = this.#chance.pick(this.#world.scenario.topics)
    const place = { topic, partition: this.#chance.whole(0, partitions - 1) }
    const toPlace = this.#chance.pick([0.2, 0.5, 1])
    for (let i = this.#chance.whole(0, 10); i > 0; i--) {
      this.send(this.#chance.happens(toPlace) ? place : {})
      await this.sleep(this.#chance.between(0, pauseMs))
    }
  }

  /** Whether no request is open, including those that a broker handles after their connection has ended. */
  #isQuiet(): boolean {
    const isHeld = this.#ledger.open().length > 0 || this.#producer.traffic.heldBytes > 0
    return !isHeld && this.#world.network.isQuiet && this.#time.timers('brokers') === 0
  }
}
