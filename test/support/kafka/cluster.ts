import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KafkaBroker } from './broker.js'
import type { BrokerSettings, SecureProtocol } from './broker-settings.js'
import { kafkaDistribution } from './distribution.js'
import { guard, release } from './guard.js'
import { pickPorts } from './ports.js'
import type { ClusterView } from './probe.js'
import { type BrokerCount, brokerCountUnderTest, kafkaVersionUnderTest } from './version-under-test.js'

export interface KafkaOptions {
  readonly version?: string
  readonly brokers?: BrokerCount
  /** Added to every node's `server.properties`, over the defaults. */
  readonly config?: Readonly<Record<string, string>>
  /** Added to the environment of the broker processes, for example `JAVA_TOOL_OPTIONS`. */
  readonly env?: Readonly<Record<string, string>>
  /** Added to the arguments of the brokers' JVMs; `quickStartArguments` has some for tests. */
  readonly jvmArguments?: readonly string[]
  /** A second client listener named SECURE; configure it with `listener.name.secure.*` in `config`. */
  readonly secureProtocol?: SecureProtocol
  /** Users that both SCRAM mechanisms know from the start, with the password of each. */
  readonly scramUsers?: Readonly<Record<string, string>>
  /**
   * More client listeners, by name (`KafkaBroker.portOf`). Configure them with `listener.name.<in small
   * letters>.*` in `config`.
   */
  readonly listeners?: Readonly<Record<string, SecureProtocol>>
  /**
   * A second client listener (`KafkaBroker.proxiedPort`) that advertises these ports, one for each node,
   * instead of the real ones. The caller listens on them.
   */
  readonly advertisedPorts?: readonly number[]
}

export interface KafkaCluster extends AsyncDisposable {
  readonly version: string
  readonly bootstrapServers: readonly string[]
  /** Empty without `secureProtocol`. */
  readonly secureBootstrapServers: readonly string[]
  readonly brokers: readonly KafkaBroker[]
  /**
   * Resolves when all brokers are up and hold all records: every partition has a leader, and every replica is
   * in sync with it. Before that, killing another broker can take a partition offline.
   */
  waitUntilInSync(): Promise<void>
  /** Kills what is still running and removes the data; any number of times. */
  stop(): Promise<void>
}

/** Starts Apache Kafka in KRaft mode, one process per node, and resolves when every node sees all nodes. */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'odradek-kafka-'))
  guard(folder)
  const nodes = await planNodes(folder, options)
  const brokers = nodes.map((node) => new KafkaBroker(node))
  const stop = () => stopBrokers(brokers, folder)
  try {
    const clusterId = newClusterId()
    await Promise.all(brokers.map((broker) => broker.format(clusterId, nodes)))
    await Promise.all(brokers.map((broker) => broker.launch()))
    await Promise.all(
      brokers.map((broker) => broker.waitUntilServing((view) => view.brokerIds.length === brokers.length)),
    )
  } catch (error) {
    await stop()
    throw error
  }
  return {
    version: options.version ?? kafkaVersionUnderTest(),
    bootstrapServers: nodes.map((node) => `127.0.0.1:${node.port}`),
    secureBootstrapServers: nodes.flatMap((node) =>
      node.securePort === undefined ? [] : [`127.0.0.1:${node.securePort}`],
    ),
    brokers,
    waitUntilInSync: async () => {
      await Promise.all(
        brokers.map((broker) => broker.waitUntilServing((view) => isInSync(view, brokers.length))),
      )
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

async function planNodes(folder: string, options: KafkaOptions): Promise<BrokerSettings[]> {
  const {
    version = kafkaVersionUnderTest(),
    brokers = brokerCountUnderTest(),
    secureProtocol,
    advertisedPorts,
    listeners = {},
  } = options
  const protocols = Object.entries(listeners)
  const portsOfNode = 4 + protocols.length
  const { classpath } = await kafkaDistribution(version)
  const plans: BrokerSettings[] = []
  const ports = await pickPorts(brokers * portsOfNode)
  for (let nodeId = 1; nodeId <= brokers; nodeId++) {
    const [port, controllerPort, securePort, proxiedPort, ...others] = ports.slice((nodeId - 1) * portsOfNode)
    const advertisedPort = advertisedPorts?.[nodeId - 1]
    if (port === undefined || controllerPort === undefined || proxiedPort === undefined)
      throw new Error('too few ports were picked')
    plans.push({
      version,
      classpath,
      nodeId,
      port,
      controllerPort,
      securePort: secureProtocol === undefined ? undefined : securePort,
      secureProtocol,
      proxied: advertisedPort === undefined ? undefined : { port: proxiedPort, advertisedPort },
      listeners: protocols.map(([name, protocol], i) => ({ name, protocol, port: others[i] ?? 0 })),
      heapMegabytes: brokers === 1 ? 512 : 384,
      folder: join(folder, `node-${nodeId}`),
      env: options.env ?? {},
      jvmArguments: options.jvmArguments ?? [],
      config: options.config ?? {},
      scramUsers: options.scramUsers ?? {},
    })
  }
  return plans
}

function isInSync({ brokerIds, partitions }: ClusterView, brokerCount: number): boolean {
  return (
    brokerIds.length === brokerCount &&
    partitions.every(({ leaderId, replicas, inSync }) => leaderId !== -1 && inSync.length === replicas.length)
  )
}

function newClusterId(): string {
  const bytes = randomBytes(16)
  // In base64url an id may begin with '-', which the storage tool takes for an option.
  bytes[0] = 0
  return bytes.toString('base64url')
}

async function stopBrokers(brokers: readonly KafkaBroker[], folder: string): Promise<void> {
  // A clean shutdown is not needed, because the data is removed with the process.
  for (const broker of brokers) if (broker.running) broker.kill('SIGKILL')
  await Promise.all(brokers.map((broker) => broker.waitForExit()))
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  release(folder)
}
