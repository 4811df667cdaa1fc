import { join } from 'node:path'

/** The settings of one node, which stay the same over its restarts. */
export interface BrokerSettings {
  readonly version: string
  readonly classpath: string
  readonly nodeId: number
  readonly port: number
  readonly controllerPort: number
  readonly securePort: number | undefined
  readonly secureProtocol: SecureProtocol | undefined
  readonly proxied: ProxiedListener | undefined
  readonly listeners: readonly NamedListener[]
  readonly heapMegabytes: number
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly jvmArguments: readonly string[]
  readonly config: Readonly<Record<string, string>>
  readonly scramUsers: Readonly<Record<string, string>>
}

/**
 * A listener for clients behind a proxy. It advertises the proxy's port to them, and not to other brokers.
 */
export interface ProxiedListener {
  readonly port: number
  readonly advertisedPort: number
}

/** One more listener for clients. */
export interface NamedListener {
  /** In capitals. */
  readonly name: string
  readonly protocol: SecureProtocol
  readonly port: number
}

export type SecureProtocol = 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'

export const dataFolderOf = (settings: BrokerSettings): string => join(settings.folder, 'data')
export const propertiesFileOf = (settings: BrokerSettings): string =>
  join(settings.folder, 'server.properties')
export const outputFileOf = (settings: BrokerSettings): string => join(settings.folder, 'broker.log')

/** The node's `server.properties`; `nodes` are all nodes of the cluster, itself included. */
export function serverProperties(settings: BrokerSettings, nodes: readonly BrokerSettings[]): string {
  const properties = {
    ...listenerProperties(settings),
    'process.roles': 'broker,controller',
    'node.id': settings.nodeId,
    'controller.quorum.voters': nodes
      .map((node) => `${node.nodeId}@127.0.0.1:${node.controllerPort}`)
      .join(','),
    'log.dirs': dataFolderOf(settings),
    ...replicationProperties(nodes.length),
    ...smallMachineProperties,
    ...settings.config,
  }
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeValue(String(value))}\n`)
    .join('')
}

function listenerProperties(settings: BrokerSettings) {
  const { port, controllerPort, securePort, secureProtocol, proxied, listeners } = settings
  const named = listeners.map((listener) => `,${listener.name}://127.0.0.1:${listener.port}`).join('')
  const protocols = listeners.map(({ name, protocol }) => `,${name}:${protocol}`).join('')
  const secure = secureProtocol === undefined ? '' : `,SECURE://127.0.0.1:${securePort}`
  const proxiedOn = (proxiedPort: number | undefined) =>
    proxied === undefined ? '' : `,PROXIED://127.0.0.1:${proxiedPort}`
  return {
    listeners: `PLAINTEXT://127.0.0.1:${port}${secure}${named}${proxiedOn(proxied?.port)},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}${secure}${named}${proxiedOn(proxied?.advertisedPort)}`,
    'listener.security.protocol.map': `PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT,SECURE:${secureProtocol ?? 'SSL'}${protocols}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
  }
}

function replicationProperties(nodeCount: number) {
  const minInSync = nodeCount === 1 ? 1 : 2
  return {
    'default.replication.factor': nodeCount,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': nodeCount,
    'transaction.state.log.replication.factor': nodeCount,
    'transaction.state.log.min.isr': minInSync,
    'share.coordinator.state.topic.replication.factor': nodeCount,
    'share.coordinator.state.topic.min.isr': minInSync,
  }
}

const smallMachineProperties = {
  'auto.create.topics.enable': true,
  'num.partitions': 6,
  'group.initial.rebalance.delay.ms': 0,
  'offsets.topic.num.partitions': 4,
  'transaction.state.log.num.partitions': 4,
  'share.coordinator.state.topic.num.partitions': 4,
  // Retention by size only: by time, records which a test dates in the past would vanish under it.
  'log.retention.ms': -1,
  'log.retention.bytes': 1024 ** 3,
  'log.segment.bytes': 256 * 1024 ** 2,
  'log.retention.check.interval.ms': 15_000,
  // The cleaner takes 128 MiB of the heap at its start unless told otherwise.
  'log.cleaner.dedupe.buffer.size': 8 * 1024 ** 2,
  // A killed broker stays the leader until its session ends, and may not register again before that.
  // Three seconds instead of nine, and still far above the pauses seen on two busy cores.
  'broker.session.timeout.ms': 3_000,
  'broker.heartbeat.interval.ms': 500,
}

/**
 * In a properties file a backslash starts an escape, and a line break (as in a PEM certificate) ends the
 * value.
 */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
