import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from '../support/random.js'
import type { WorkloadTopic } from './driver/driver-settings.js'
import { topicIndexOf } from './driver/workload.js'
import { DriverProcess } from './driver-process.js'
import { Incarnation } from './judge/incarnation.js'
import { JournalReader } from './judge/journal-reader.js'
import type { Recovery } from './judge/recovery.js'
import { pickSettings, steadySettings } from './producer-settings.js'

/** More time than any record may need to get an outcome. */
const finishLimitMs = 200_000
const readEveryMs = 200
/** A client that acknowledges nothing for this long counts as stuck. No fault lasts half as long. */
const silenceLimitMs = 60_000
const restartPauseMs = 1_000
/** After more restarts the run ends as failed. */
const restartsAtMost = 100

export interface DriversOptions {
  readonly client: string
  readonly node: string
  readonly clientId: string
  readonly bootstrapServers: readonly string[]
  readonly topics: readonly WorkloadTopic[]
  readonly folder: string
  readonly outstanding: number
  /** Whether every process has the same settings, instead of settings that `random` picks. */
  readonly steady: boolean
  /** Whether a client that ends by itself, or falls silent, is started again. */
  readonly restart: boolean
  readonly random: SeededRandom
  readonly recovery: Recovery
  /** Called if a driver does something forbidden, such as ending by itself. */
  readonly problem: (text: string) => void
}

/** The current driver process and the earlier ones, with their outcomes. */
export class Drivers {
  readonly incarnations: Map<number, Incarnation> = new Map()
  readonly #options: DriversOptions
  #current: { readonly process: DriverProcess; readonly journal: JournalReader } | undefined
  #rate = 1
  #acknowledged = 0
  #notPersisted = 0
  #possiblyPersisted = 0
  #throttles = 0
  #isHeld = false
  #acknowledgedAt = 0
  #withoutOutcome = 0
  readonly #restarts = { ended: 0, silent: 0 }
  #restarting: Promise<void> = Promise.resolve()
  #isRestarting = false
  #isFinishing = false
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

  /** The number of throttles that the client reported. */
  get throttles(): number {
    return this.#throttles
  }

  get sent(): number {
    return [...this.incarnations.values()].reduce((sum, { sent }) => sum + sent, 0)
  }

  /** The number of restarts of clients that had ended by themselves, or fallen silent. */
  get restarts(): { readonly ended: number; readonly silent: number } {
    return this.#restarts
  }

  /** The records that such clients, or one that did not stop when it was told to, left without an outcome. */
  get withoutOutcome(): number {
    return this.#withoutOutcome
  }

  /** Starts the next incarnation, with settings that the seed decides. */
  async start(): Promise<void> {
    const { client, node, clientId, bootstrapServers, topics, folder, outstanding, random, steady } =
      this.#options
    const picked = pickSettings(random)
    const id = this.incarnations.size + 1
    const incarnation = new Incarnation(id, topics)
    this.incarnations.set(id, incarnation)
    const journal = join(folder, `journal-${id}`)
    const settings = { client, clientId, bootstrapServers, incarnation: id, journal, topics, outstanding }
    const process = await DriverProcess.start(
      node,
      { ...settings, rate: this.#rate, producer: steady ? steadySettings : picked },
      join(folder, 'driver.log'),
      (how) => this.#endedByItself(how),
    )
    this.#acknowledgedAt = Date.now()
    this.#current = { process, journal: new JournalReader(journal, incarnation, this.#listener()) }
    this.#timer ??= setInterval(() => this.#watch(), readEveryMs)
  }

  /** Reads the new entries of the driver's journal. */
  read(): void {
    if (!this.#isHeld) this.#current?.journal.read()
  }

  /** Runs `work` with the outcomes that are known at its beginning. Later outcomes are read only after it. */
  async withOutcomesOfNow<T>(work: () => Promise<T>): Promise<T> {
    this.read()
    this.#isHeld = true
    try {
      return await work()
    } finally {
      this.#isHeld = false
    }
  }

  /** Sets the records per second, also for later incarnations; 0: no limit. */
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
    await this.#restarting
    await this.#end()
  }

  /** Ends the driver in order. */
  async finish(): Promise<void> {
    this.#isFinishing = true
    await this.#restarting
    const incarnation = this.#latest()
    const how = await this.#current?.process.finish(finishLimitMs)
    if (how === undefined) {
      this.#options.problem(`the driver still lacked outcomes ${finishLimitMs} ms after it was told to stop`)
      await this.#current?.process.kill()
    } else if (how !== 'exit code 0') this.#options.problem(`the driver ended with ${how}`)
    this.#closeJournal()
    this.#countUnsettled(incarnation)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#restarting
    await this.#current?.process.kill()
    this.#current?.journal.close()
    this.#current = undefined
  }

  #watch(): void {
    this.read()
    if (!this.#options.restart || this.#isFinishing || this.#isRestarting) return
    if (this.#current === undefined || Date.now() - this.#acknowledgedAt < silenceLimitMs) return
    this.#restarts.silent++
    this.#restart()
  }

  #endedByItself(how: string): void {
    if (!this.#options.restart) {
      this.#options.problem(`the driver ended by itself: ${how}`)
      return
    }
    this.#restarts.ended++
    this.#restart()
  }

  #restart(): void {
    const { ended, silent } = this.#restarts
    if (ended + silent > restartsAtMost) {
      this.#options.problem(`the client had to be started again more than ${restartsAtMost} times`)
      return
    }
    this.#isRestarting = true
    this.#restarting = this.#startAgain()
      .catch((error: unknown) =>
        this.#options.problem(`the client cannot be started again: ${String(error)}`),
      )
      .finally(() => {
        this.#isRestarting = false
      })
  }

  async #startAgain(): Promise<void> {
    const incarnation = this.#latest()
    await this.#end()
    this.#countUnsettled(incarnation)
    await sleep(restartPauseMs)
    await this.start()
  }

  async #end(): Promise<void> {
    await this.#current?.process.kill()
    this.#closeJournal()
  }

  #latest(): Incarnation | undefined {
    return this.incarnations.get(this.incarnations.size)
  }

  #countUnsettled(incarnation: Incarnation | undefined): void {
    if (incarnation !== undefined) this.#withoutOutcome += incarnation.sent - incarnation.settled
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
        this.#acknowledgedAt = Date.now()
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
