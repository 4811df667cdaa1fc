import { join } from 'node:path'
import type { SeededRandom } from '../support/random.js'
import type { ProducerSettings, WorkloadTopic } from './driver/driver-settings.js'
import { topicIndexOf } from './driver/workload.js'
import { DriverProcess } from './driver-process.js'
import { Incarnation } from './judge/incarnation.js'
import { JournalReader } from './judge/journal-reader.js'
import type { Recovery } from './judge/recovery.js'

/** Longer than any record may take to get an outcome. */
const finishLimitMs = 200_000
const readEveryMs = 200

export interface DriversOptions {
  readonly client: string
  readonly clientId: string
  readonly bootstrapServers: readonly string[]
  readonly topics: readonly WorkloadTopic[]
  readonly folder: string
  readonly outstanding: number
  readonly random: SeededRandom
  readonly recovery: Recovery
  /** Hears what no driver may do, such as ending by itself. */
  readonly problem: (text: string) => void
}

/** The driver process that runs now and those before it, with all that they have told. */
export class Drivers {
  readonly incarnations: Map<number, Incarnation> = new Map()
  readonly #options: DriversOptions
  #current: { readonly process: DriverProcess; readonly journal: JournalReader } | undefined
  #rate = 1
  #acknowledged = 0
  #notPersisted = 0
  #possiblyPersisted = 0
  #throttles = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: DriversOptions) {
    this.#options = options
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  get notPersisted(): number {
    return this.#notPersisted
  }

  get possiblyPersisted(): number {
    return this.#possiblyPersisted
  }

  /** How often the client said that it was asked to wait. */
  get throttles(): number {
    return this.#throttles
  }

  /** The next incarnation, with settings that the seed decides. */
  async start(): Promise<void> {
    const { client, clientId, bootstrapServers, topics, folder, outstanding, random, problem } = this.#options
    const id = this.incarnations.size + 1
    const incarnation = new Incarnation(id, topics)
    this.incarnations.set(id, incarnation)
    const journal = join(folder, `journal-${id}`)
    const settings = { client, clientId, bootstrapServers, incarnation: id, journal, topics, outstanding }
    const process = await DriverProcess.start(
      { ...settings, rate: this.#rate, producer: pickSettings(random) },
      join(folder, 'driver.log'),
      problem,
    )
    this.#current = { process, journal: new JournalReader(journal, incarnation, this.#listener()) }
    this.#timer ??= setInterval(() => this.read(), readEveryMs)
  }

  /** Reads what the driver has written by now. */
  read(): void {
    this.#current?.journal.read()
  }

  /** Records a second; 0: no limit. Also for later incarnations. */
  setRate(rate: number): void {
    this.#rate = rate
    this.#current?.process.setRate(rate)
  }

  pause(): void {
    this.#current?.process.pause()
  }

  resume(): void {
    this.#current?.process.resume()
  }

  async kill(): Promise<void> {
    await this.#current?.process.kill()
    this.#closeJournal()
  }

  /** Ends the driver in an orderly way. */
  async finish(): Promise<void> {
    const how = await this.#current?.process.finish(finishLimitMs)
    if (how === undefined) {
      this.#options.problem(`the driver had not all outcomes ${finishLimitMs} ms after it was told to stop`)
      await this.#current?.process.kill()
    } else if (how !== 'exit code 0') this.#options.problem(`the driver ended with ${how}`)
    this.#closeJournal()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#current?.process.kill()
    this.#current?.journal.close()
    this.#current = undefined
  }

  #closeJournal(): void {
    this.read()
    this.#current?.journal.close()
    this.#current = undefined
  }

  #listener() {
    return {
      acknowledged: (number: number, partition: number, timeMs: number) => {
        this.#acknowledged++
        if (topicIndexOf(number) === 0) this.#options.recovery.acknowledged(partition, timeMs)
      },
      failed: (_number: number, possiblyPersisted: boolean) => {
        if (possiblyPersisted) this.#possiblyPersisted++
        else this.#notPersisted++
      },
      throttled: () => {
        this.#throttles++
      },
    }
  }
}

function pickSettings(random: SeededRandom): ProducerSettings {
  return {
    requestTimeoutMs: 3_000,
    // The short one gives records up while a broker is away.
    deliveryTimeoutMs: random.pick([120_000, 120_000, 4_000]),
    lingerMs: random.pick([0, 5, 20]),
    batchSize: random.pick([2_000, 16_384, 16_384, 131_072]),
    maxInFlightRequestsPerConnection: random.pick([5, 5, 5, 2, 1]),
    compressionType: random.pick(['none', 'none', 'gzip'] as const),
  }
}
