import type { Environment } from '../../src/environment/environment.js'
import { Producer } from '../../src/producer/producer.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { AnswerRewrites } from './answer-rewrites.js'
import { BatchWatch } from './batch-watch.js'
import { Chance } from './chance.js'
import { ConnectionWatch } from './connection-watch.js'
import { ENDS_OF_TOPICS, FAULT_KINDS, LATE_LANDINGS, MORE_PARTITIONS } from './fault-kinds.js'
import { startSequencesAt } from './first-sequence.js'
import { Ledger, type SentRecord } from './ledger.js'
import { LogHistory } from './log-history.js'
import { MemoryNetwork } from './memory-network.js'
import { COMPRESSED_COPY, type MemoryLimit, Oracle } from './oracle.js'
import { ProduceWatch } from './produce-watch.js'
import { recoveryMs } from './recovery.js'
import { describe, watchingRejections } from './rejections.js'
import { FIRST_PORT, isTooHasty, newTopic, type Scenario, scenarioOf } from './scenario.js'
import { Story } from './story.js'
import { Trace } from './trace.js'
import { VirtualCompression } from './virtual-compression.js'
import { VirtualTime } from './virtual-time.js'
import { ThrownByCallback, Workload } from './workload.js'
import { World } from './world.js'

export interface SimulationOptions {
  /** How many records the workload sends; 300 unless given. */
  readonly records?: number
  /** Whether the story of the run is written down. */
  readonly trace?: boolean
}

export interface SimulationResult {
  readonly seed: number
  /** What went wrong; empty if nothing did. */
  readonly violations: readonly string[]
  readonly records: number
  readonly acknowledged: number
  readonly failed: number
  readonly strikes: ReadonlyMap<string, number>
  readonly virtualMs: number
  readonly events: number
  readonly trace: readonly string[]
}

/** What a record takes beside key, value and headers, bytes, at the most. */
const OVERHEAD_OF_RECORD = 256

/** Longer than any run takes; a run that gets there does not end. */
const END_OF_TIME_MS = 24 * 3_600_000

/** Runs the whole client against the embedded cluster in a world that is a function of the seed. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const scenario = scenarioOf(seed, options.records ?? 300)
  const startAtZero = startSequencesAt(scenario.firstSequence, scenario.firstEpoch)
  return await new Simulation(scenario, options.trace ?? false).run().finally(startAtZero)
}

class Simulation {
  readonly #scenario: Scenario
  readonly #time: VirtualTime
  readonly #trace: Trace
  readonly #ledger = new Ledger()
  readonly #oracle: Oracle
  readonly #network: MemoryNetwork
  readonly #compression: VirtualCompression
  readonly #wire: ProduceWatch
  #stage = 'start'

  constructor(scenario: Scenario, trace: boolean) {
    const { seed } = scenario
    this.#scenario = scenario
    this.#oracle = new Oracle(this.#ledger, scenario.config)
    this.#wire = new ProduceWatch(
      this.#ledger,
      () => this.#time.nowMs,
      (violation) => this.#oracle.report(violation),
    )
    this.#time = new VirtualTime((error) => {
      if (!(error instanceof ThrownByCallback)) this.#oracle.report(`uncaught exception: ${describe(error)}`)
    })
    this.#trace = new Trace(trace, () => this.#time.nowMs)
    this.#network = new MemoryNetwork(this.#time, Chance.of(seed, 'network'), scenario.network, this.#trace)
    this.#compression = new VirtualCompression(
      this.#time,
      Chance.of(seed, 'compression'),
      scenario.compressionMs,
    )
  }

  run(): Promise<SimulationResult> {
    return watchingRejections(
      process,
      (violation) => this.#oracle.report(violation),
      () => this.#run(),
    )
  }

  async #run(): Promise<SimulationResult> {
    const { seed, topics, brokers, clusterConfig, firstEpoch } = this.#scenario
    const time = this.#time
    const batches = new BatchWatch(this.#scenario, (violation) => this.#oracle.report(violation))
    const answers = new AnswerRewrites()
    const cluster = await EmbeddedCluster.start({
      brokers,
      port: FIRST_PORT,
      topics: topics.map(({ name }) => newTopic(this.#scenario, name)),
      config: clusterConfig,
      environment: {
        clock: time.clock('brokers'),
        random: Chance.of(seed, 'brokers').random,
        listen: batches.watched(answers.watched(this.#network.listen)),
      },
    })
    cluster.startProducerEpochsAt(firstEpoch)
    const history = new LogHistory(cluster)
    const world = new World({
      scenario: this.#scenario,
      time,
      network: this.#network,
      cluster,
      answers,
      compression: this.#compression,
      history,
      chance: Chance.of(seed, 'faults'),
      trace: this.#trace,
    })
    batches.struck = (what) => world.struck(what)
    if (this.#trace.isOn) new Story(this.#trace).tell(this.#scenario, this.#network)
    const producer = this.#producer()
    const workload = new Workload(world, producer, this.#ledger, Chance.of(seed, 'workload'))
    this.#scheduleFaults(world)

    let isOver = false
    const over = (error?: unknown): void => {
      isOver = true
      if (error !== undefined) this.#oracle.report(`${this.#stage}: ${describe(error)}`)
    }
    this.#live(world, producer, workload).then(() => over(), over)
    let mostHeldBytes = 0
    const isDone = (): boolean => {
      mostHeldBytes = Math.max(mostHeldBytes, producer.traffic.heldBytes)
      return isOver
    }
    const end = await time.run(isDone, END_OF_TIME_MS)
    if (end === 'done') {
      this.#judgeRemains()
      // What a closed producer may still wait for: a compressor, a name server.
      await time.run(() => false, time.nowMs + 10_000)
      this.#oracle.judgeHeldAtEnd(producer.traffic.heldBytes)
      this.#judgeRemains()
    } else {
      this.#oracle.report(`${this.#stage} did not end: the simulation is ${end}`)
    }
    for (const complaint of workload.complaints) this.#oracle.report(complaint)
    this.#oracle.judgeOutcomes()
    const strikes = world.strikes()
    this.#oracle.judgeTimeouts(time.holdUps, this.#wire)
    this.#oracle.judgeSettlingOrder(this.#wire, (topic) => history.wasMadeAnew(topic))
    this.#oracle.judgeDoubts(this.#wire)
    this.#oracle.judgeMemory(mostHeldBytes, this.#memoryLimit())
    this.#oracle.judgeLogs(history, world.topicNames, {
      namesTopics: world.namesTopics,
      landsLate: LATE_LANDINGS.some((name) => strikes.has(name)),
      stampsTime: clusterConfig['log.message.timestamp.type'] === 'LogAppendTime',
      addsPartitions: MORE_PARTITIONS.some((name) => strikes.has(name)),
    })
    if (!ENDS_OF_TOPICS.some((name) => strikes.has(name))) this.#oracle.judgeRetries()
    await cluster.close()
    return {
      seed,
      violations: this.#oracle.violations,
      records: this.#ledger.records.length,
      acknowledged: this.#ledger.acknowledged().length,
      failed: this.#ledger.failed().length,
      strikes,
      virtualMs: time.nowMs,
      events: time.events,
      trace: this.#trace.lines,
    }
  }

  #producer(): Producer {
    const { seed, brokers, config } = this.#scenario
    const time = this.#time
    const watch = new ConnectionWatch(
      config,
      () => time.nowMs,
      (violation) => this.#oracle.report(violation),
      this.#wire,
    )
    const environment: Environment = {
      clock: time.clock('client'),
      random: Chance.of(seed, 'client').random,
      openSocket: watch.watched(this.#network.openSocket),
      lookup: this.#network.lookup,
      compress: this.#compression.compress,
    }
    const say = (message: string): void => this.#trace.add('client', () => message)
    return new Producer(
      {
        ...config,
        clientId: 'simulated',
        bootstrapServers: Array.from({ length: brokers }, (_, i) => `broker:${FIRST_PORT + i}`),
        ...(this.#trace.isOn && { logger: { debug: say, info: say, warn: say, error: say } }),
      },
      environment,
    )
  }

  #scheduleFaults(world: World): void {
    const { chance, trace } = world
    for (let i = 0; i < this.#scenario.faults; i++) {
      const kind = chance.pick(FAULT_KINDS)
      world.later(chance.between(0, this.#scenario.workloadMs), () => {
        trace.add('fault', () => kind.name)
        kind.strike(world)
      })
    }
  }

  async #live(world: World, producer: Producer, workload: Workload): Promise<void> {
    this.#stage = 'the workload'
    await workload.run()
    if (this.#scenario.closesEarly) {
      const timeoutMs = world.chance.pick([0, 1, 100, 5_000, undefined])
      // A program that loses its patience with the first.
      if (world.chance.happens(0.3)) void producer.close()
      await this.#close(producer, timeoutMs)
      world.heal()
      return
    }
    await workload.sleep(world.chance.pick([0, 100, 5_000]))
    world.heal()
    this.#stage = 'the last flush'
    await this.#inTime(producer.flush())
    if (!isTooHasty(this.#scenario)) await this.#judgeRecovery(world, workload)
    await this.#close(producer, undefined)
  }

  /** When all is well again, everything is delivered sooner or later. */
  async #judgeRecovery(world: World, workload: Workload): Promise<void> {
    this.#stage = 'the recovery'
    let missing: string[] = []
    const endMs = this.#time.nowMs + recoveryMs(this.#scenario, world.strikes())
    while (this.#time.nowMs < endMs) {
      const sent: SentRecord[] = []
      for (const topic of world.topicNames) {
        for (let partition = 0; partition < world.partitionsOf(topic); partition++) {
          const record = workload.send({ topic, partition })
          sent.push(record)
          // All at once would be too many for a small memory.
          if (sent.length % 4 === 0) while (record.outcomes.length === 0) await workload.sleep(100)
        }
      }
      while (sent.some(({ outcomes }) => outcomes.length === 0)) await workload.sleep(100)
      missing = sent.flatMap(({ outcomes: [outcome] }) =>
        outcome?.kind === 'failed' ? [outcome.error.message] : [],
      )
      if (missing.length === 0) return
      await workload.sleep(3_000)
    }
    this.#oracle.judgeRecovery(missing)
  }

  async #close(producer: Producer, timeoutMs: number | undefined): Promise<void> {
    this.#stage = 'the close'
    const startMs = this.#time.nowMs - this.#time.heldUpMs
    await this.#inTime(producer.close(timeoutMs === undefined ? {} : { timeoutMs }))
    const tookMs = this.#time.nowMs - this.#time.heldUpMs - startMs
    if (timeoutMs !== undefined) this.#oracle.judgeDuration('close', tookMs, timeoutMs)
    const open = this.#ledger.open().length
    if (open > 0) await new Promise<void>((resolve) => this.#time.after(1, 'client', resolve))
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const { maxBlockMs, deliveryTimeoutMs } = this.#scenario.config
    const limitMs = maxBlockMs + deliveryTimeoutMs
    const startMs = this.#time.nowMs - this.#time.heldUpMs
    await work
    const tookMs = this.#time.nowMs - this.#time.heldUpMs - startMs
    this.#oracle.judgeDuration(this.#stage, tookMs, limitMs)
  }

  #judgeRemains(): void {
    this.#oracle.judgeRemains({ timers: this.#time.timers('client'), sockets: this.#network.openSockets })
  }

  #memoryLimit(): MemoryLimit {
    const { bufferMemory, compressionType } = this.#scenario.config
    const copies =
      (compressionType === 'none' ? 0 : COMPRESSED_COPY) + Number(this.#wire.wasRefusedAsTooLarge)
    const largestRecord =
      OVERHEAD_OF_RECORD + Math.max(0, ...this.#ledger.records.map(({ content }) => content.bytes))
    return { bufferMemory, largestRecord, copies }
  }
}
