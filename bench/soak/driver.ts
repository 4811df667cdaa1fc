import { Buffer } from 'node:buffer'
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Producer } from '../../src/index.js'
import { median } from '../memory/statistics.js'
import { Counts } from './counts.js'
import type { Sample, SoakTask } from './messages.js'

/** The process whose memory is measured. It keeps no measurements. */

const RECORDS_PER_TURN = 1_000
const SECONDS_PER_SAMPLE = 60

class Soak {
  readonly #producer: Producer
  readonly #task: SoakTask
  readonly #counts = new Counts()
  readonly #signal = new AbortController().signal
  readonly #value: Buffer
  #isOver = false
  #pause: Promise<void> | null = null

  constructor(task: SoakTask) {
    this.#task = task
    this.#producer = new Producer({ bootstrapServers: task.bootstrapServers })
    this.#value = Buffer.alloc(task.recordSize, 'x')
  }

  async run(): Promise<void> {
    const work = Promise.all([this.#fullSpeed(), this.#everyOtherWay()])
    for (let minute = 1; minute <= this.#task.minutes; minute++) {
      const rssUnderLoad = await rssOf(SECONDS_PER_SAMPLE)
      let goOn = (): void => {}
      this.#pause = new Promise((resolve) => {
        goOn = resolve
      })
      await this.#quiet()
      send(await this.#sample(minute, rssUnderLoad))
      this.#isOver = minute === this.#task.minutes
      this.#pause = null
      goOn()
    }
    await work
    await this.#producer.close()
  }

  /** Sends by callback as fast as the producer accepts records. */
  async #fullSpeed(): Promise<void> {
    const record = { topic: this.#task.topic, value: this.#value }
    const settled = this.#counts.settledInOrder
    while (!this.#isOver) {
      if (this.#pause !== null) await this.#pause
      for (let i = 0; i < RECORDS_PER_TURN; i++) {
        this.#counts.sent++
        if (this.#producer.send({ ...record }, settled)) continue
        await new Promise<void>((resolve) => this.#producer.once('drain', resolve))
        break
      }
      await turn()
    }
  }

  /**
   * Sends a few records in all other ways: with promises, signals, keys, headers, without a callback, and
   * with flushes.
   */
  async #everyOtherWay(): Promise<void> {
    const { topic, sideTopic } = this.#task
    const headers = { source: 'soak' }
    this.#producer.on('deliveryError', (error) => this.#counts.failed(error))
    for (let i = 0; !this.#isOver; i++) {
      if (this.#pause !== null) await this.#pause
      this.#counts.sentAside += 3
      const record = { topic: sideTopic, key: `key-${i % 1_000}`, value: `value ${i}`, headers }
      this.#producer.produce(record)
      const outcomes = await Promise.allSettled([
        this.#producer.send(record),
        this.#producer.send(record, { signal: this.#signal }),
      ])
      for (const outcome of outcomes) this.#counts.settledAside(outcome)
      if (i % 100 === 0) await this.#producer.flush({ timeoutMs: 60_000, signal: this.#signal })
      if (i % 100 === 50) await this.#producer.partitionsFor(topic)
      await sleep(1)
    }
  }

  /** Waits until no record is in flight. Otherwise its memory would be counted as kept. */
  async #quiet(): Promise<void> {
    await sleep(100)
    await this.#producer.flush()
    await sleep(100)
  }

  async #sample(minute: number, rssUnderLoad: number): Promise<Sample> {
    collectGarbage()
    const { heapUsed, external } = process.memoryUsage()
    // Freed pages go back to the system in the background.
    await sleep(2_000)
    const rss = process.memoryUsage.rss()
    const handles: Record<string, number> = {}
    for (const name of process.getActiveResourcesInfo()) handles[name] = (handles[name] ?? 0) + 1
    const { heldBytes } = this.#producer.traffic
    return { minute, heapUsed, external, rss, rssUnderLoad, handles, heldBytes, ...this.#counts.figures() }
  }
}

/** The median of one measurement each second. */
async function rssOf(seconds: number): Promise<number> {
  const seen: number[] = []
  for (let i = 0; i < seconds; i++) {
    await sleep(1_000)
    seen.push(process.memoryUsage.rss())
  }
  return median(seen)
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) throw new Error('the driver was started without --expose-gc')
  // A second collection frees objects that were kept by the first one's, by a weak reference or a finalizer.
  globalThis.gc()
  globalThis.gc()
}

function send(sample: Sample): void {
  process.send?.(sample)
}

process.once('message', (task) => {
  void new Soak(task as SoakTask).run().then(() => process.disconnect())
})
