import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { guard, release } from '../support/kafka/guard.js'
import { createTopic } from '../support/kafka/tools.js'
import { SeededRandom } from '../support/random.js'
import { ChaosCluster } from './cluster/chaos-cluster.js'
import { Drivers } from './drivers.js'
import { add, judgeLogs } from './judge/judge-logs.js'
import { noViolations } from './judge/oracle.js'
import { Recovery } from './judge/recovery.js'
import type { ChaosOptions } from './options.js'
import { Pace } from './pace.js'
import { NetworkFaults } from './proxy/network-faults.js'
import { type ChaosResult, faultsOf } from './result.js'
import { scheduleOf, usualSeconds } from './schedule.js'
import type { ChaosTopics, Scene } from './steps/step.js'
import { steps } from './steps/steps.js'
import { emptyTally } from './tally.js'

const topics: ChaosTopics = {
  main: { name: 'chaos', partitions: 12 },
  growing: { name: 'chaos-growing', partitions: 2 },
  recreated: { name: 'chaos-recreated', partitions: 3 },
}
const clientId = 'chaos'
const outstanding = 20_000
const liveEveryMs = 5_000
const paceEveryMs = 1_000

/** One whole run: brokers, faults, judgement. `print` receives a line from time to time. */
export async function runChaos(options: ChaosOptions, print: (line: string) => void): Promise<ChaosResult> {
  const folder = options.keep ?? (await mkdtemp(join(tmpdir(), 'odradek-chaos-')))
  await mkdir(folder, { recursive: true })
  // The journals of another run in the folder would be taken for those of this one.
  if ((await readdir(folder)).length > 0) throw new Error(`${folder} is not empty`)
  if (options.keep === undefined) guard(folder)
  const run = new ChaosRun(options, folder, print)
  const result = await run.run()
  release(folder)
  if (options.keep === undefined && faultsOf(result).length === 0) await rm(folder, { recursive: true })
  else print(`the run's journals and logs: ${folder}`)
  return result
}

class ChaosRun {
  readonly #options: ChaosOptions
  readonly #folder: string
  readonly #print: (line: string) => void
  readonly #startedAt = Date.now()
  readonly #problems: string[] = []
  readonly #recovery = new Recovery()
  readonly #tally = emptyTally()
  readonly #schedule
  readonly #network: NetworkFaults
  readonly #pace: Pace
  #faultsSince = 0
  #now = 'starting'

  constructor(options: ChaosOptions, folder: string, print: (line: string) => void) {
    this.#options = options
    this.#folder = folder
    this.#print = print
    const { seed, cuts, records, distance } = options
    this.#schedule = scheduleOf(options, new SeededRandom(seed))
    const seconds = this.#schedule.reduce((sum, kind) => sum + usualSeconds[kind], 0)
    const plan = {
      cuts,
      drops: Math.ceil(cuts / 20),
      delays: Math.ceil(cuts / 5),
      durationMs: Math.max(1, seconds) * 900,
      distanceMs: distance,
    }
    this.#network = new NetworkFaults(plan, new SeededRandom(seed + 1), Date.now, 1_000)
    this.#pace = new Pace(records, seconds, new SeededRandom(seed + 2))
    this.#print(`${this.#schedule.length} faults one after the other, about ${Math.round(seconds)} s`)
  }

  async run(): Promise<ChaosResult> {
    await using cluster = await ChaosCluster.start(this.#network)
    await using drivers = this.#drivers(cluster)
    const scene = this.#scene(cluster, drivers)
    const live = setInterval(() => this.#print(this.#liveLine(drivers)), liveEveryMs)
    const pace = setInterval(() => this.#setRate(scene), paceEveryMs)
    try {
      for (const { name: topic, partitions } of Object.values(topics)) {
        await createTopic(cluster.directServers, { topic, partitions })
      }
      await cluster.inSync()
      await this.#breakThings(scene)
      clearInterval(pace)
      this.#now = 'waiting for the last outcomes'
      await drivers.finish()
      await cluster.inSync()
      this.#now = 'reading the logs'
      return await this.#judge(scene)
    } finally {
      clearInterval(live)
      clearInterval(pace)
    }
  }

  async #breakThings(scene: Scene): Promise<void> {
    const { drivers } = scene
    this.#faultsSince = Date.now()
    drivers.setRate(this.#options.rate ?? 1_000)
    await drivers.start()
    this.#network.start()
    for (const kind of this.#schedule) {
      if (this.#isOver()) break
      this.#now = kind
      await steps[kind](scene).catch((error: unknown) => {
        scene.note(`${kind}: ${String(error)}`)
        this.#problems.push(`${kind}: ${String(error).slice(0, 300)}`)
      })
      this.#pace.passed(usualSeconds[kind])
      await sleep(scene.random.integer(0, 500))
    }
    this.#now = 'the rest of the records'
    while (!this.#isOver() && !this.#isThrough(drivers)) await sleep(200)
    this.#network.stop()
  }

  #isThrough(drivers: Drivers): boolean {
    return drivers.acknowledged >= this.#options.records && this.#network.isComplete
  }

  #isOver(): boolean {
    const late = Date.now() - this.#startedAt > this.#options.minutes * 60_000
    if (late) this.#problem(`more than ${this.#options.minutes} minutes`)
    return this.#problems.length > 0
  }

  #problem(text: string): void {
    if (!this.#problems.includes(text)) this.#problems.push(text)
  }

  #setRate(scene: Scene): void {
    if (this.#faultsSince === 0 || scene.wantedRate !== undefined) return
    const seconds = (Date.now() - this.#faultsSince) / 1_000
    const { rate = this.#pace.rate(scene.drivers.acknowledged, seconds) } = this.#options
    scene.drivers.setRate(rate)
  }

  #drivers(cluster: ChaosCluster): Drivers {
    return new Drivers({
      client: this.#options.client,
      node: this.#options.node,
      clientId,
      bootstrapServers: cluster.proxiedServers,
      topics: Object.values(topics),
      folder: this.#folder,
      outstanding,
      steady: this.#options.steady,
      restart: this.#options.restart,
      random: new SeededRandom(this.#options.seed + 3),
      recovery: this.#recovery,
      problem: (text) => this.#problem(text),
    })
  }

  #scene(cluster: ChaosCluster, drivers: Drivers): Scene {
    const log = createWriteStream(join(this.#folder, 'faults.log'))
    return {
      cluster,
      drivers,
      topics,
      clientId,
      network: this.#network,
      random: new SeededRandom(this.#options.seed + 4),
      recovery: this.#recovery,
      tally: this.#tally,
      partitions: { growing: topics.growing.partitions, recreated: topics.recreated.partitions },
      recreation: undefined,
      deletedLogs: { verdict: noViolations(), examples: [], read: 0 },
      wantedRate: undefined,
      note: (text) => void log.write(`${new Date().toISOString()} ${text}\n`),
    }
  }

  #liveLine(drivers: Drivers): string {
    const tally = this.#tally
    const { kills, stops, cuts, records } = this.#options
    const seconds = Math.round((Date.now() - this.#startedAt) / 1_000)
    const figures = [
      `acked ${drivers.acknowledged} of ${records}`,
      `failed ${drivers.notPersisted}+${drivers.possiblyPersisted}`,
      `kills ${tally.kills}/${kills}`,
      `stops ${tally.stops}/${stops}`,
      `cuts ${this.#network.done.cuts}/${cuts}`,
      `drops ${this.#network.done.drops}`,
      `client ${drivers.incarnations.size}`,
    ]
    return `${String(seconds).padStart(5)} s  ${figures.join('  ')}  ${this.#now}`
  }

  async #judge(scene: Scene): Promise<ChaosResult> {
    const { cluster, drivers } = scene
    const judged = Object.values(topics).map(({ name }) => ({
      name,
      recreation: name === topics.recreated.name ? scene.recreation : undefined,
    }))
    const judgement = await judgeLogs(cluster.directServers, judged, drivers).catch((error: unknown) => {
      this.#problem(`the logs could not be judged: ${String(error)}`)
      return { verdict: noViolations(), examples: [], read: 0 }
    })
    const { deletedLogs } = scene
    add(judgement.verdict, deletedLogs.verdict)
    const result: ChaosResult = {
      options: this.#options,
      kafka: cluster.version,
      sent: drivers.sent,
      acknowledged: drivers.acknowledged,
      notPersisted: drivers.notPersisted,
      possiblyPersisted: drivers.possiblyPersisted,
      withoutOutcome: drivers.withoutOutcome,
      incarnations: drivers.incarnations.size,
      restarts: drivers.restarts,
      tally: this.#tally,
      network: this.#network.done,
      throttles: drivers.throttles,
      throttlesIgnored: this.#network.throttlesIgnored,
      verdict: judgement.verdict,
      examples: [...judgement.examples, ...deletedLogs.examples],
      read: judgement.read + deletedLogs.read,
      recovery: this.#recovery.times(),
      seconds: (Date.now() - this.#startedAt) / 1_000,
      problems: this.#problems,
    }
    if (faultsOf(result).length > 0) await cluster.keepData(join(this.#folder, 'brokers'))
    return result
  }
}
