import type { Environment } from '../../src/environment/environment.js'
import { Producer } from '../../src/producer/producer.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { noFiles } from '../support/no-files.js'
import { noHttp } from '../support/no-http.js'
import { AnswerRewrites } from './answer-rewrites.js'
import { BatchWatch } from './batch-watch.js'
import { Chance } from './chance.js'
import { ConnectionWatch } from './connection-watch.js'
import { cryptography } from './cryptography.js'
import { ENDS_OF_TOPICS, FAULT_KINDS, LATE_LANDINGS, MORE_PARTITIONS } from './fault-kinds.js'
import { startSequencesAt } from './first-sequence.js'
import { InterceptionWatch } from './interception-watch.js'
import { Ledger, type SentRecord } from './ledger.js'
import { LogHistory } from './log-history.js'
import { MemoryNetwork } from './memory-network.js'
import { COMPRESSED_COPY, type MemoryLimit, Oracle } from './oracle.js'
import { ProduceWatch } from './produce-watch.js'
import { recoveryMs } from './recovery.js'
import { describe, watchingRejections } from './rejections.js'
import type { FaultKind } from './request-faults.js'
import { FIRST_PORT, isTooHasty, newTopic, type Scenario, scenarioOf } from './scenario.js'
import { securityFaults } from './security/security-faults.js'
import { SecurityWatch } from './security/security-watch.js'
import { WorldSecurity } from './security/world-security.js'
import { Story } from './story.js'
import { Trace } from './trace.js'
import { VirtualCompression } from './virtual-compression.js'
import { VirtualTime } from './virtual-time.js'
import { ThrownByCallback, Workload } from './workload.js'
import { World } from './world.js'

export interface SimulationOptions {
  /** The number of records that the workload sends; 300 by default. */
  readonly records?: number
  /** Whether the run has a trace. */
  readonly trace?: boolean
}

export interface SimulationResult {
  readonly seed: number
  /** The violations; empty in a good run. */
  readonly violations: readonly string[]
  readonly records: number
  readonly acknowledged: number
  readonly failed: number
  readonly strikes: ReadonlyMap<string, number>
  readonly virtualMs: number
  readonly events: number
  readonly trace: readonly string[]
}

/** Upper bound for the bytes of a record besides its key, value and headers. */
const OVERHEAD_OF_RECORD = 256

/** A time that no run reaches unless it never ends. */
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
  readonly #security: WorldSecurity | null
  readonly #securityWatch: SecurityWatch | null
  readonly #interception: InterceptionWatch
  #stage = 'start'

  constructor(scenario: Scenario, trace: boolean) {
    const { seed } = scenario
    this.#scenario = scenario
    this.#interception = new InterceptionWatch(Chance.of(seed, 'interceptors'))
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
    const { security, config } = scenario
    this.#security = security && new WorldSecurity(security, this.#time, Chance.of(seed, 'security faults'))
    this.#securityWatch =
      security &&
      new SecurityWatch(
        security,
        () => this.#time.nowMs,
        config.acks,
        (violation) => this.#oracle.report(violation),
      )
    this.#network.tls = this.#security?.tls ?? null
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
      sasl: this.#security?.brokerOptions(),
      environment: {
        clock: time.clock('brokers'),
        random: Chance.of(seed, 'brokers').random,
        listen: batches.watched(answers.watched(this.#network.listen)),
      },
    })
    cluster.startProducerEpochsAt(firstEpoch)
    this.#security?.attach(cluster)
    const history = new LogHistory(cluster)
    const world = new World({
      scenario: this.#scenario,
      time,
      network: this.#network,
      cluster,
      answers,
      compression: this.#compression,
      history,
      security: this.#security,
      chance: Chance.of(seed, 'faults'),
      trace: this.#trace,
    })
    batches.struck = (what) => world.struck(what)
    if (this.#securityWatch !== null) this.#securityWatch.struck = (what) => world.struck(what)
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
      // A closed producer may still wait for a compression or a name look-up.
      await time.run(() => false, time.nowMs + 10_000)
      for (const violation of this.#interception.violations(this.#ledger)) this.#oracle.report(violation)
      this.#oracle.judgeHeldAtEnd(producer.traffic.heldBytes)
      this.#judgeRemains()
    } else {
      this.#oracle.report(`${this.#stage} did not end: the simulation is ${end}`)
    }
    for (const complaint of workload.complaints) this.#oracle.report(complaint)
    this.#oracle.judgeOutcomes()
    const strikes = world.strikes()
    this.#oracle.judgeTimeouts(time.stalls, this.#wire)
    this.#oracle.judgeSettlingOrder(this.#wire, (topic) => history.wasMadeAnew(topic))
    this.#oracle.judgeDoubts(this.#wire)
    this.#securityWatch?.judgeRefusals(this.#ledger, strikes)
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
    const openSocket = watch.watched(this.#network.openSocket)
    const environment: Environment = {
      clock: time.clock('client'),
      random: Chance.of(seed, 'client').random,
      openSocket: this.#securityWatch?.watched(openSocket) ?? openSocket,
      lookup: this.#network.lookup,
      compress: this.#compression.compress,
      files: this.#security?.files ?? noFiles,
      postHttp: noHttp,
      captureContext: () => null,
      outsideContexts: (run) => run(),
      ...cryptography,
      emitWarning: () => {},
    }
    const say = (message: string): void => this.#trace.add('client', () => message)
    const { lingerMs, lingerIsGiven, ...given } = config
    return new Producer(
      {
        ...given,
        ...(lingerIsGiven && { lingerMs }),
        ...this.#security?.clientConfig(),
        interceptors: this.#interception.interceptors,
        clientId: 'simulated',
        bootstrapServers: Array.from({ length: brokers }, (_, i) => `broker:${FIRST_PORT + i}`),
        logger: this.#trace.isOn && { debug: say, info: say, warn: say, error: say },
      },
      environment,
    )
  }

  #scheduleFaults(world: World): void {
    const { faults, workloadMs } = this.#scenario
    const schedule = (kinds: readonly FaultKind[], count: number, chance: Chance): void => {
      for (let i = 0; i < count; i++) {
        const kind = chance.pick(kinds)
        world.later(chance.between(0, workloadMs), () => {
          world.trace.add('fault', () => kind.name)
          kind.strike(world)
        })
      }
    }
    schedule(FAULT_KINDS, faults, world.chance)
    if (world.security === null) return
    const { scenario, chance } = world.security
    schedule(securityFaults(world.security), scenario.faults, chance)
  }

  async #live(world: World, producer: Producer, workload: Workload): Promise<void> {
    this.#stage = 'the workload'
    await workload.run()
    if (this.#scenario.closesEarly) {
      const timeoutMs = world.chance.pick([0, 1, 100, 5_000, undefined])
      // The program does not wait for the first close.
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

  /** After the end of all faults, every record is delivered in the end. */
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
          // All records at once would be too many for a small memory.
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
    const startMs = this.#time.nowMs - this.#time.stalledMs
    await this.#inTime(producer.close(timeoutMs === undefined ? {} : { timeoutMs }))
    const tookMs = this.#time.nowMs - this.#time.stalledMs - startMs
    if (timeoutMs !== undefined) this.#oracle.judgeDuration('close', tookMs, timeoutMs)
    const open = this.#ledger.open().length
    if (open > 0) await new Promise<void>((resolve) => this.#time.after(1, 'client', resolve))
  }

  async #inTime(work: Promise<void>): Promise<void> {
    const { maxBlockMs, deliveryTimeoutMs } = this.#scenario.config
    const limitMs = maxBlockMs + deliveryTimeoutMs
    const startMs = this.#time.nowMs - this.#time.stalledMs
    await work
    const tookMs = this.#time.nowMs - this.#time.stalledMs - startMs
    this.#oracle.judgeDuration(this.#stage, tookMs, limitMs)
  }

  #judgeRemains(): void {
    this.#oracle.judgeRemains({ timers: this.#time.timers('client'), sockets: this.#network.openSockets })
  }

  #memoryLimit(): MemoryLimit {
    const { bufferMemory, waitingMemory, compressionType } = this.#scenario.config
    const copies =
      (compressionType === 'none' ? 0 : COMPRESSED_COPY) + Number(this.#wire.wasRefusedAsTooLarge)
    const largestRecord =
      OVERHEAD_OF_RECORD + Math.max(0, ...this.#ledger.records.map(({ content }) => content.bytes))
    return { bufferMemory, waitingMemory, largestRecord, copies }
  }
}
