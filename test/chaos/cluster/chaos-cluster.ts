import { mkdir, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaBroker } from '../../support/kafka/broker.js'
import { type KafkaCluster, startKafka } from '../../support/kafka/cluster.js'
import { pickPorts } from '../../support/kafka/ports.js'
import { type ClusterView, probeBroker } from '../../support/kafka/probe.js'
import { quickStartArguments } from '../../support/kafka/quick-start.js'
import { BrokerProxy } from '../proxy/broker-proxy.js'
import type { ProxyFaults } from '../proxy/proxy-faults.js'
import { activeController } from './active-controller.js'
import { electPreferredLeaders } from './elect-leaders.js'
import { brokerConfig, chaosVersion } from './settings.js'

const changeLimitMs = 60_000

/** A broker and the proxy between clients and it. */
export interface Node {
  readonly broker: KafkaBroker
  readonly proxy: BrokerProxy
}

/** Three brokers, each behind a proxy. The brokers connect to each other directly. */
export class ChaosCluster implements AsyncDisposable {
  readonly nodes: readonly Node[]
  readonly #kafka: KafkaCluster

  private constructor(kafka: KafkaCluster, nodes: readonly Node[]) {
    this.#kafka = kafka
    this.nodes = nodes
  }

  static async start(faults: ProxyFaults): Promise<ChaosCluster> {
    const jvmArguments = await quickStartArguments(chaosVersion)
    const ports = await pickPorts(3)
    const proxies = await Promise.all(ports.map((port) => BrokerProxy.start(port, faults)))
    try {
      const kafka = await startKafka({
        brokers: 3,
        version: chaosVersion,
        advertisedPorts: ports,
        config: brokerConfig,
        jvmArguments,
      })
      const nodes = kafka.brokers.map((broker, index) => {
        const proxy = proxies[index]
        if (proxy === undefined || broker.proxiedPort === undefined) throw new Error(`${broker} has no proxy`)
        proxy.passTo(broker.proxiedPort)
        return { broker, proxy }
      })
      return new ChaosCluster(kafka, nodes)
    } catch (error) {
      await Promise.all(proxies.map((proxy) => proxy.stop()))
      throw error
    }
  }

  get version(): string {
    return this.#kafka.version
  }

  /** The proxies' addresses, for the client under test. */
  get proxiedServers(): string[] {
    return this.nodes.map(({ proxy }) => `127.0.0.1:${proxy.port}`)
  }

  /** The brokers' own addresses, for tools. */
  get directServers(): readonly string[] {
    return this.#kafka.bootstrapServers
  }

  /** The state of the cluster as the first broker that answers sees it. */
  view(except?: KafkaBroker): Promise<ClusterView> {
    const asked = this.nodes.filter(({ broker }) => broker.running && broker !== except)
    return Promise.any(asked.map(({ broker }) => probeBroker('127.0.0.1', broker.port)))
  }

  /** Resolves when every broker reports that all three brokers are in sync on every partition. */
  async inSync(): Promise<void> {
    await this.#kafka.waitUntilInSync()
  }

  async partitionsLedBy({ nodeId }: KafkaBroker, topic: string): Promise<number[]> {
    const { partitions } = await this.view()
    return partitions
      .filter((row) => row.topic === topic && row.leaderId === nodeId)
      .map(({ partition }) => partition)
  }

  /** The node that is the active controller now. */
  activeController(): Promise<number> {
    return Promise.any(this.nodes.map(({ broker }) => activeController(broker.port)))
  }

  /** Resolves when the others have removed this broker from all in-sync sets, or when `limitMs` is over. */
  async leftInSync(broker: KafkaBroker, limitMs: number): Promise<void> {
    const deadline = Date.now() + limitMs
    while (Date.now() < deadline) {
      const view = await this.view(broker).catch(() => undefined)
      if (view?.partitions.every(({ inSync }) => !inSync.includes(broker.nodeId))) return
      await sleep(50)
    }
  }

  /** Resolves when every broker reports that the topic has `count` partitions. */
  async hasPartitions(topic: string, count: number): Promise<void> {
    const isSo = ({ partitions }: ClusterView): boolean =>
      partitions.filter((row) => row.topic === topic).length === count
    const deadline = Date.now() + changeLimitMs
    for (;;) {
      const probes = this.nodes.map(({ broker }) => probeBroker('127.0.0.1', broker.port))
      const views = await Promise.all(probes).catch(() => [])
      if (views.length > 0 && views.every(isSo)) return
      if (Date.now() > deadline) throw new Error(`${topic} does not have ${count} partitions on every broker`)
      await sleep(50)
    }
  }

  /** Elects the preferred leader of every partition. Resolves to the number of partitions that changed. */
  async electPreferredLeaders(): Promise<number> {
    const [first] = this.nodes
    return first === undefined ? 0 : electPreferredLeaders(first.broker.port)
  }

  /** Ends the brokers and moves their data and logs into a folder, where a failed run can be examined. */
  async keepData(folder: string): Promise<void> {
    for (const { broker } of this.nodes) if (broker.running) broker.kill('SIGKILL')
    await Promise.all(this.nodes.map(({ broker }) => broker.waitForExit()))
    await mkdir(folder, { recursive: true })
    for (const { broker } of this.nodes) {
      const own = dirname(broker.dataFolder)
      await rename(own, join(folder, basename(own)))
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.nodes.map(({ proxy }) => proxy.stop()))
    await this.#kafka.stop()
  }
}
