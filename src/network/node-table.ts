import type { Environment } from '../environment/environment.js'
import { type KafkaError, NetworkError, ProtocolError } from '../errors.js'
import type { MetadataBroker } from '../protocol/metadata.js'
import { BrokerNode } from './broker-node.js'
import type { BrokerNodeListener } from './broker-node-listener.js'
import type { NetworkOptions } from './network-options.js'
import { nodeObstacle, type Obstacles } from './node-obstacle.js'

/** More brokers than this are not believed. */
const MAX_BROKERS = 10_000

/** How long an attempt to connect may take before another broker is tried beside it. */
const PATIENCE_MS = 1_000

/** Where a broker can be reached, as another broker says. */
export interface NodeAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The brokers: those the user named, and those that metadata named. */
export class NodeTable {
  readonly #options: NetworkOptions
  readonly #environment: Environment
  readonly #listener: BrokerNodeListener
  readonly #bootstrap: readonly BrokerNode[]
  readonly #byId = new Map<number, BrokerNode>()
  #bootstrapInUse = true

  constructor(options: NetworkOptions, environment: Environment, listener: BrokerNodeListener) {
    this.#options = options
    this.#environment = environment
    this.#listener = listener
    this.#bootstrap = options.bootstrapServers.map(
      ({ host, port }, i) =>
        new BrokerNode({ nodeId: -1 - i, host, port, advertised: false }, options, environment, listener),
    )
  }

  get(nodeId: number): BrokerNode | undefined {
    return this.#byId.get(nodeId)
  }

  known(): BrokerNode[] {
    return [...this.#byId.values()]
  }

  /** The brokers that may be asked for metadata. */
  candidates(): BrokerNode[] {
    return this.#bootstrapInUse ? [...this.#byId.values(), ...this.#bootstrap] : this.known()
  }

  /**
   * Takes in the brokers of a metadata response; whether there are others than before. One that is missing is closed when nothing
   * is in flight to it: it may only have left the list, and still answer.
   *
   * @throws ProtocolError if the list cannot be true; nothing has changed then
   */
  apply(brokers: readonly MetadataBroker[]): boolean {
    checkBrokers(brokers)
    const named = new Set<number>()
    let changed = false
    for (const broker of brokers) {
      named.add(broker.nodeId)
      changed = this.#place(broker) || changed
    }
    const gone = new NetworkError('the broker is not part of the cluster any more')
    for (const node of this.known()) {
      if (named.has(node.nodeId) || node.inFlight > 0) continue
      this.#byId.delete(node.nodeId)
      node.close(gone)
      changed = true
    }
    this.#bootstrapInUse = false
    this.closeUnusedBootstrap()
    return changed
  }

  /** The broker that lives there; made if unknown, moved if it was elsewhere. */
  at(address: NodeAddress): BrokerNode | undefined {
    if (!isUsable(address)) return undefined
    this.#place(address)
    return this.#byId.get(address.nodeId)
  }

  /** Once the cluster's own brokers are known, a connection to a bootstrap server only has to end what it was asked. */
  closeUnusedBootstrap(): void {
    if (this.#bootstrapInUse) return
    for (const node of this.#bootstrap) if (node.isReady && node.inFlight === 0) node.disconnect()
  }

  /** Bootstrap servers are candidates again; false if they are already. */
  useBootstrap(): boolean {
    if (this.#bootstrapInUse) return false
    this.#bootstrapInUse = true
    return true
  }

  /** Gives all brokers up that metadata named. */
  closeKnown(reason: KafkaError): void {
    for (const node of this.known()) {
      this.#byId.delete(node.nodeId)
      node.close(reason)
    }
  }

  close(reason: KafkaError): void {
    this.closeKnown(reason)
    for (const node of this.#bootstrap) node.close(reason)
  }

  /** The candidate with the fewest requests in flight among those for which `fits`; equals share at random. */
  leastLoaded(fits: (node: BrokerNode) => boolean): BrokerNode | undefined {
    let best: BrokerNode | undefined
    for (const node of this.#rotated(this.candidates().filter(fits)))
      if (best === undefined || node.inFlight < best.inFlight) best = node
    return best
  }

  /**
   * Sees to it that some candidate is being connected to: the one whose last attempt is the longest ago, and after PATIENCE_MS
   * another one beside it. Returns when to look again; undefined if no candidate can be connected to at present.
   */
  seek(nowMs: number): number | undefined {
    const candidates = this.candidates()
    const connecting = candidates.filter(({ state }) => state === 'connecting')
    let latestMs = Number.NEGATIVE_INFINITY
    for (const { lastAttemptMs } of connecting) latestMs = Math.max(latestMs, lastAttemptMs)
    if (connecting.length > 0 && nowMs < latestMs + PATIENCE_MS) return latestMs + PATIENCE_MS
    let next: BrokerNode | undefined
    for (const node of this.#rotated(candidates.filter(({ state }) => state === 'disconnected')))
      if (next === undefined || node.lastAttemptMs < next.lastAttemptMs) next = node
    if (next !== undefined) {
      next.connect()
      return nowMs + PATIENCE_MS
    }
    return connecting.length > 0 ? Number.POSITIVE_INFINITY : undefined
  }

  /** What keeps the candidates from being asked; nothing if there is one that `fits`. */
  obstacles(now: number, fits: (node: BrokerNode) => boolean): Obstacles {
    const candidates = this.candidates()
    const isConnected = candidates.some(({ isReady }) => isReady)
    if (candidates.some(fits)) return { isConnected, reasons: [] }
    return { isConnected, reasons: candidates.flatMap((node) => nodeObstacle(node, now) ?? []) }
  }

  #place({ nodeId, host, port }: NodeAddress): boolean {
    const identity = { nodeId, host, port, advertised: !this.#isBootstrapAddress(host, port) }
    const node = this.#byId.get(nodeId)
    if (node === undefined) {
      this.#byId.set(nodeId, new BrokerNode(identity, this.#options, this.#environment, this.#listener))
      return true
    }
    if (node.host === host && node.port === port) return false
    node.moveTo(identity)
    return true
  }

  #isBootstrapAddress(host: string, port: number): boolean {
    return this.#options.bootstrapServers.some((server) => server.host === host && server.port === port)
  }

  /** The same nodes from a random one on, so that clients that start together do not all pick the first. */
  #rotated(nodes: readonly BrokerNode[]): BrokerNode[] {
    const start = Math.floor(this.#environment.random() * nodes.length)
    return [...nodes.slice(start), ...nodes.slice(0, start)]
  }
}

function checkBrokers(brokers: readonly MetadataBroker[]): void {
  if (brokers.length === 0) throw new ProtocolError('metadata without any broker', { retriable: true })
  if (brokers.length > MAX_BROKERS)
    throw new ProtocolError(
      `metadata with ${brokers.length} brokers, more than the ${MAX_BROKERS} that are believed`,
    )
  for (const broker of brokers)
    if (!isUsable(broker))
      throw new ProtocolError(
        `metadata with a broker ${broker.nodeId} at "${broker.host}", port ${broker.port}`,
      )
}

function isUsable({ nodeId, host, port }: NodeAddress): boolean {
  return nodeId >= 0 && host !== '' && port > 0 && port <= 65_535
}
