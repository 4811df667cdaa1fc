import { Buffer } from 'node:buffer'
import { setImmediate as turn } from 'node:timers/promises'
import { BufferExhaustedError, type KafkaError, Producer, type RecordMetadata } from '../../src/index.js'
import { peakRss } from '../memory/peak-rss.js'
import type { DownTask, Order, Report } from './messages.js'

/** The process whose memory is measured: a user who keeps sending, whatever the outcomes are. */

const RECORDS_PER_TURN = 100
/** The most open promises of a user who waits for them. */
const OPEN_PROMISES = 20_000

/** The two functions that settle a promise. */
interface PromiseEnds {
  readonly resolve: (metadata: RecordMetadata) => void
  readonly reject: (error: KafkaError) => void
}

class Driver {
  readonly #task: DownTask
  readonly #producer: Producer | null
  readonly #value: Buffer
  readonly #failed: Record<string, number> = {}
  readonly #leftOpen: PromiseEnds[] = []
  #sent = 0
  #settledCount = 0
  #mostOpen = 0
  #acknowledged = 0
  #oldestLeftOpen = 0
  #brokerIsBack = false
  #isOver = false

  constructor(task: DownTask) {
    this.#task = task
    const { bootstrapServers } = task
    this.#producer = bootstrapServers === null ? null : new Producer({ bootstrapServers, logger: silent })
    this.#value = Buffer.alloc(task.recordSize, 'x')
  }

  async run(): Promise<void> {
    const send = this.#task.by === 'callback' ? this.#byCallback : this.#byPromise
    while (!this.#isOver) {
      for (let i = 0; i < RECORDS_PER_TURN; i++) {
        this.#sent++
        const pause = send()
        if (pause !== null && this.#task.pace === 'heeds') {
          await pause
          break
        }
      }
      this.#mostOpen = Math.max(this.#mostOpen, this.#open)
      await turn()
    }
    for (const { resolve } of this.#leftOpen.splice(0)) resolve(metadataOf(this.#task.topic))
    await this.#producer?.flush()
    await this.#producer?.close()
    // Waits for the stub's last callbacks.
    await turn()
  }

  stop(): void {
    this.#isOver = true
  }

  takeBrokerForBack(): void {
    this.#brokerIsBack = true
  }

  get #open(): number {
    return this.#sent - this.#settledCount
  }

  report(): Report {
    const { rss, heapUsed, external } = process.memoryUsage()
    return {
      rss,
      peakRss: peakRss(),
      heapUsed,
      external,
      heldBytes: this.#producer?.traffic.heldBytes ?? 0,
      sent: this.#sent,
      mostOpen: this.#mostOpen,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
    }
  }

  readonly #settled = (error: KafkaError | null): void => {
    this.#settledCount++
    if (error === null) this.#acknowledged++
    else this.#failed[error.code] = (this.#failed[error.code] ?? 0) + 1
  }

  /** Sends by callback. Returns null if more may be sent, and otherwise a promise to wait for. */
  readonly #byCallback = (): Promise<void> | null => {
    const record = { topic: this.#task.topic, value: this.#value }
    const producer = this.#producer
    if (producer === null) {
      setImmediate(this.#settled, null)
      return null
    }
    if (producer.send(record, this.#settled) || this.#task.pace === 'never waits') return null
    return new Promise((resolve) => producer.once('drain', resolve))
  }

  readonly #byPromise = (): Promise<void> | null => {
    const record = { topic: this.#task.topic, value: this.#value }
    const sending = this.#producer?.send(record) ?? this.#stub(record.topic)
    const settled = sending.then(this.#succeeded, this.#settled)
    return this.#open >= OPEN_PROMISES ? settled : null
  }

  #stub(topic: string): Promise<RecordMetadata> {
    const { stubLeavesOpen } = this.#task
    if (stubLeavesOpen === 0) return Promise.resolve(metadataOf(topic))
    const isFull = this.#leftOpen.length === stubLeavesOpen
    if (isFull && !this.#brokerIsBack) return Promise.reject(new BufferExhaustedError('no room'))
    const place = isFull ? this.#oldestLeftOpen : this.#leftOpen.length
    if (isFull) {
      this.#leftOpen[place]?.resolve(metadataOf(topic))
      this.#oldestLeftOpen = (place + 1) % stubLeavesOpen
    }
    return new Promise((resolve, reject) => {
      this.#leftOpen[place] = { resolve, reject }
    })
  }

  readonly #succeeded = (): void => this.#settled(null)
}

const nothing = (): void => {}
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

function metadataOf(topic: string): RecordMetadata {
  return { topic, partition: 0, offset: 0n, timestamp: 0, serializedKeySize: -1, serializedValueSize: 0 }
}

process.once('message', (task) => {
  const driver = new Driver(task as DownTask)
  const report = (): void => {
    process.send?.(driver.report())
  }
  process.on('message', (order) => {
    const { kind } = order as Order
    if (kind === 'report') report()
    else if (kind === 'broker is back') driver.takeBrokerForBack()
    else driver.stop()
  })
  void driver.run().then(() => {
    report()
    process.disconnect()
  })
})
