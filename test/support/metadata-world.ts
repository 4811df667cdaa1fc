import type { ProducerConfig } from '../../src/config/config.js'
import type { Environment } from '../../src/environment/environment.js'
import type { KafkaError } from '../../src/errors.js'
import { Cluster } from '../../src/network/cluster.js'
import type { NetworkOptions } from '../../src/network/network-options.js'
import { Producer } from '../../src/producer/producer.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { MetadataTopic } from '../../src/protocol/metadata.js'
import { cryptography } from '../simulation/cryptography.js'
import { FakeBroker, metadataResponse, topicError } from './fake-broker.js'
import { ManualClock } from './manual-clock.js'
import { defaultNetworkOptions } from './network-options.js'
import { noFiles } from './no-files.js'
import { noHttp } from './no-http.js'
import { ScriptedNetwork } from './scripted-network.js'

/** A client's view of some fake brokers, all of which give the same metadata. */
export class MetadataWorld {
  readonly clock: ManualClock = new ManualClock()
  readonly network: ScriptedNetwork = new ScriptedNetwork()
  readonly log: string[] = []
  readonly warnings: string[] = []
  readonly inUse: Set<string> = new Set()
  /**
   * The addresses of host names. Other names are addresses themselves; null is a name server that never
   * answers.
   */
  readonly names: Map<string, string[] | null> = new Map()
  readonly topics: Map<string, MetadataTopic> = new Map()
  /** The brokers in the metadata, in the order of their ids. */
  advertised: { nodeId: number; host: string; port: number }[] = []
  errorCode: number = ErrorCode.NONE
  clusterId: string | null = 'cluster'
  readonly brokers: Map<number, FakeBroker> = new Map()
  /** A compression that never ends. */
  readonly compressed: Promise<Uint8Array> = new Promise(() => {})
  lastError: KafkaError | null = null

  addBroker(nodeId: number): FakeBroker {
    const broker = new FakeBroker(this.network, `10.0.0.${nodeId}:9092`)
    broker.identity = () => ({ clusterId: this.clusterId, nodeId })
    broker.metadata = (request) => ({
      ...metadataResponse(
        this.advertised,
        (request.topics ?? []).map(
          ({ name }) =>
            this.topics.get(name ?? '') ?? topicError(name ?? '', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
        ),
        this.errorCode,
      ),
      clusterId: this.clusterId,
    })
    this.brokers.set(nodeId, broker)
    this.advertised.push({ nodeId, host: `10.0.0.${nodeId}`, port: 9092 })
    return broker
  }

  client(options: Partial<NetworkOptions> = {}): Cluster {
    const logger = { ...defaultNetworkOptions.logger, warn: (line: string) => void this.warnings.push(line) }
    const bootstrapServers = [{ host: '10.0.0.1', port: 9092 }]
    return new Cluster(
      { ...defaultNetworkOptions, logger, bootstrapServers, ...options },
      this.#environment(),
      {
        metadataUpdated: () => this.log.push('metadata'),
        nodeReady: ({ nodeId }) => this.log.push(`ready ${nodeId}`),
        nodeDisconnected: ({ nodeId }, error) => {
          this.log.push(`disconnected ${nodeId}`)
          this.lastError = error ?? this.lastError
        },
        refused: ({ code }) => this.log.push(`refused ${code}`),
        nodeAvailable: () => {},
        nodeThrottled: ({ nodeId }, ms) => this.log.push(`throttled ${nodeId} ${ms}`),
        isTopicInUse: (topic) => this.inUse.has(topic),
        clusterReplaced: () => this.log.push('another cluster'),
        topicExpired: (topic) => this.log.push(`expired ${topic}`),
      },
    )
  }

  /** A whole producer in this world. */
  producer(config: Partial<ProducerConfig> = {}): Producer {
    return new Producer(
      { bootstrapServers: '10.0.0.1:9092', lingerMs: 0, logger: false, ...config },
      this.#environment(),
    )
  }

  /** The topics of every metadata request that was made, broker by broker. */
  metadataRequests(): (string | null)[][] {
    return [...this.brokers.values()].flatMap(({ metadataRequests }) => metadataRequests)
  }

  #environment(): Environment {
    return {
      clock: this.clock,
      random: () => 0.5,
      openSocket: this.network.openSocket,
      lookup: async (host) => {
        const named = this.names.get(host)
        if (named === null) return new Promise(() => {})
        const addresses = named ?? (/^[\d.]+$/.test(host) ? [host] : undefined)
        if (addresses === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
        return addresses.map((address) => ({ address, family: 4 as const }))
      },
      compress: () => this.compressed,
      files: noFiles,
      postHttp: noHttp,
      captureContext: () => null,
      outsideContexts: (run) => run(),
      ...cryptography,
      emitWarning: () => {},
    }
  }
}
