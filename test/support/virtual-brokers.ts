import { gzipSync } from 'node:zlib'
import { Producer, type ProducerConfig } from '../../src/index.js'
import { EmbeddedCluster, type EmbeddedSaslOptions } from '../../src/testing/index.js'
import { Chance } from '../simulation/chance.js'
import { cryptography } from '../simulation/cryptography.js'
import { MemoryNetwork } from '../simulation/memory-network.js'
import { Trace } from '../simulation/trace.js'
import { VirtualTime } from '../simulation/virtual-time.js'
import { noFiles } from './no-files.js'
import { noHttp } from './no-http.js'

/** The kind of an outage: connections are refused, or stay open without a response. */
export type Outage = 'stopped' | 'silent'

const FIRST_PORT = 9_092
const LINK = { latencyMs: 0.5, jitterMs: 0, takeMs: 0.1, segmentBytes: 0 }

/** Brokers and a producer on virtual time, without randomness. */
export class VirtualBrokers {
  readonly time: VirtualTime
  readonly network: MemoryNetwork
  readonly cluster: EmbeddedCluster
  readonly count: number

  private constructor(time: VirtualTime, network: MemoryNetwork, cluster: EmbeddedCluster, count: number) {
    this.time = time
    this.network = network
    this.cluster = cluster
    this.count = count
  }

  static async start(
    count: number,
    topic: string,
    partitions: number,
    sasl?: EmbeddedSaslOptions,
    latencyMs: number = LINK.latencyMs,
  ): Promise<VirtualBrokers> {
    const time = new VirtualTime((error) => {
      throw error
    })
    const trace = new Trace(false, () => time.nowMs)
    const network = new MemoryNetwork(time, Chance.of(1, 'network'), { ...LINK, latencyMs }, trace)
    const cluster = await EmbeddedCluster.start({
      brokers: count,
      port: FIRST_PORT,
      topics: [{ topic, numPartitions: partitions }],
      sasl,
      environment: {
        clock: time.clock('brokers'),
        random: Chance.of(1, 'brokers').random,
        listen: network.listen,
      },
    })
    return new VirtualBrokers(time, network, cluster, count)
  }

  producer(config: Partial<ProducerConfig>): Producer {
    const bootstrapServers = Array.from({ length: this.count }, (_, i) => `broker:${FIRST_PORT + i}`)
    return new Producer(
      { bootstrapServers, logger: false, ...config },
      {
        clock: this.time.clock('client'),
        random: Chance.of(1, 'client').random,
        openSocket: this.network.openSocket,
        lookup: this.network.lookup,
        compress: async (_codec, level, bytes) => gzipSync(bytes, { level }),
        files: noFiles,
        postHttp: noHttp,
        captureContext: () => null,
        outsideContexts: (run) => run(),
        ...cryptography,
        emitWarning: () => {},
      },
    )
  }

  /** Lets time pass, with all events meanwhile. */
  async pass(ms: number): Promise<void> {
    let isOver = false
    this.time.after(ms, 'world', () => {
      isOver = true
    })
    await this.time.run(() => isOver, this.time.nowMs + ms)
  }

  /** Lets time pass until the work is done. */
  async ended<T>(work: Promise<T>, withinMs = 600_000): Promise<T> {
    let isOver = false
    const over = (): void => {
      isOver = true
    }
    work.then(over, over)
    const end = await this.time.run(() => isOver, this.time.nowMs + withinMs)
    if (end !== 'done') throw new Error(`it did not end within ${withinMs} ms: the world is ${end}`)
    return await work
  }

  async begin(outage: Outage): Promise<void> {
    for (const node of this.#nodes()) {
      if (outage === 'silent') this.cluster.pauseBroker(node)
      else await this.cluster.stopBroker(node)
    }
  }

  async end(outage: Outage): Promise<void> {
    for (const node of this.#nodes()) {
      if (outage === 'silent') this.cluster.resumeBroker(node)
      else await this.cluster.startBroker(node)
    }
  }

  #nodes(): number[] {
    return Array.from({ length: this.count }, (_, i) => i + 1)
  }
}
