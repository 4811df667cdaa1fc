import { AuthenticationError, type KafkaError, NetworkError, ProtocolError } from '../../errors.js'
import type { MetadataBroker } from '../../protocol/metadata.js'
import { formatAddress, isAddress, withoutBrackets } from '../address.js'
import type { NetworkContext } from '../network-options.js'
import type { BrokerListener } from './broker.js'
import { BrokerNode } from './broker-node.js'
import { nodeObstacle, type Obstacles } from './node-obstacle.js'

/** A response that names more brokers than this is refused. */
const MAX_BROKERS = 10_000

/** An error names at most this many brokers. */
const MOST_NAMED = 5

/** Milliseconds after which another broker is tried beside an attempt to connect. */
const PATIENCE_MS = 1_000

/** A broker's address, as another broker named it. */
export interface NodeAddress {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The brokers: the bootstrap servers, and the brokers that metadata named. */
export class NodeTable {
  readonly #context: NetworkContext
  readonly #listener: BrokerListener
  readonly #servers: readonly BrokerNode[]
  readonly #byId = new Map<number, BrokerNode>()
  /** Whether the bootstrap servers are candidates: no, together with the known brokers, or alone. */
  #bootstrap: 'unused' | 'together' | 'alone' = 'together'
  /** The cluster id in the last metadata. */
  #clusterId: string | null = null
  /** When the known brokers were given up. What a server said before that is out of date. */
  #startedAgainAtMs = Number.NEGATIVE_INFINITY

  constructor(context: NetworkContext, listener: BrokerListener) {
    this.#context = context
    this.#listener = listener
    this.#servers = context.options.bootstrapServers.map(
      ({ host, port }, i) =>
        new BrokerNode({ nodeId: -1 - i, host, port, advertised: false, clusterId: null }, context, listener),
    )
  }

  get(nodeId: number): BrokerNode | undefined {
    return this.#byId.get(nodeId)
  }

  known(): BrokerNode[] {
    return [...this.#byId.values()]
  }

  /**
   * The brokers that metadata has named. As long as there are none: the bootstrap servers that are connected.
   */
  inUse(): BrokerNode[] {
    return this.#byId.size > 0 ? this.known() : this.#servers.filter(({ isReady }) => isReady)
  }

  /** The brokers that may be asked for metadata. */
  candidates(): BrokerNode[] {
    if (this.#bootstrap === 'unused') return this.known()
    return this.#bootstrap === 'alone' ? [...this.#servers] : [...this.known(), ...this.#servers]
  }

  /**
   * Takes in the brokers of a metadata response, and returns whether they changed.
   *
   * A broker that is missing is closed once nothing is in flight to it: it may have left the list and still
   * answer. A broker with an impossible address is taken in as well. It cannot be reached, but that is no
   * reason to refuse the other brokers.
   *
   * @param clusterId the id of their cluster; null if it is not known
   * @throws ProtocolError if the list cannot be true; nothing has changed then
   */
  apply(brokers: readonly MetadataBroker[], clusterId: string | null): boolean {
    checkBrokers(brokers)
    this.#clusterId = clusterId
    const named = new Set<number>()
    let changed = false
    for (const broker of brokers.filter(hasNodeId)) {
      named.add(broker.nodeId)
      changed = this.#place(broker) || changed
    }
    for (const node of this.known()) {
      if (named.has(node.nodeId) || node.inFlight > 0) continue
      this.#byId.delete(node.nodeId)
      node.close(leftTheCluster(node.description))
      changed = true
    }
    this.#bootstrap = 'unused'
    this.closeUnusedBootstrap()
    return changed
  }

  /**
   * The broker at this address. An unknown broker is added, and a known one with another address is moved.
   * Undefined if the address is impossible.
   */
  at(address: NodeAddress): BrokerNode | undefined {
    if (!hasNodeId(address) || !isAddress(address.host, address.port)) return undefined
    this.#place(address)
    return this.#byId.get(address.nodeId)
  }

  /**
   * Retires the bootstrap servers once the cluster's own brokers are known. Their requests in flight are
   * still answered.
   */
  closeUnusedBootstrap(): void {
    if (this.#bootstrap !== 'unused') return
    for (const node of this.#servers) node.retire()
  }

  /**
   * Makes the bootstrap servers candidates together with the known brokers. Returns false if they already
   * are.
   */
  useBootstrap(): boolean {
    if (this.#bootstrap === 'together') return false
    this.#bootstrap = 'together'
    return true
  }

  /**
   * Makes the bootstrap servers the only candidates. This ends with the next metadata, or when none of them
   * can be tried. The connections to the known brokers stay.
   */
  useBootstrapAlone(): void {
    this.#bootstrap = 'alone'
  }

  /** Gives up all brokers that metadata named. */
  closeKnown(reason: KafkaError): void {
    this.#startedAgainAtMs = this.#context.environment.clock.now()
    for (const node of this.known()) {
      this.#byId.delete(node.nodeId)
      node.close(reason)
    }
  }

  close(reason: KafkaError): void {
    this.closeKnown(reason)
    for (const node of this.#servers) node.close(reason)
  }

  /**
   * The candidate with the fewest requests in flight for which `fits` is true. Equal ones are chosen at
   * random.
   */
  leastLoaded(fits: (node: BrokerNode) => boolean): BrokerNode | undefined {
    let best: BrokerNode | undefined
    for (const node of this.#rotated(this.candidates().filter(fits)))
      if (best === undefined || node.inFlight < best.inFlight) best = node
    return best
  }

  /**
   * Connects to the candidate whose last attempt is the longest ago, unless an attempt is under way. After
   * PATIENCE_MS another candidate is tried beside it.
   *
   * Returns when to call this again: infinity if all candidates are being tried, undefined if none can be
   * tried at present.
   */
  seek(nowMs: number): number | undefined {
    const candidates = this.candidates()
    const connecting = candidates.filter(({ state }) => state === 'connecting' || state === 'renewing')
    let latestMs = Number.NEGATIVE_INFINITY
    for (const { lastAttemptMs } of connecting) latestMs = Math.max(latestMs, lastAttemptMs)
    if (connecting.length > 0 && nowMs < latestMs + PATIENCE_MS) return latestMs + PATIENCE_MS
    let next: BrokerNode | undefined
    for (const node of this.#rotated(candidates.filter(isConnectable)))
      if (next === undefined || node.lastAttemptMs < next.lastAttemptMs) next = node
    if (next !== undefined) {
      next.connect()
      return nowMs + PATIENCE_MS
    }
    return connecting.length > 0 ? Number.POSITIVE_INFINITY : undefined
  }

  /**
   * The refusal of a broker, if no candidate can be used and at least one does not accept the credentials.
   * Undefined if a candidate may still accept them. After the known brokers were given up, each bootstrap
   * server has to be tried anew.
   */
  refusal(): AuthenticationError | undefined {
    const candidates = this.candidates()
    const isOutOfReach = ({ hasFailed, lastAttemptMs }: BrokerNode): boolean =>
      hasFailed && lastAttemptMs >= this.#startedAgainAtMs
    if (!candidates.every(isOutOfReach)) return undefined
    return candidates.map(({ lastError }) => lastError).find(isRefusal)
  }

  /** The reasons for which no candidate can be asked; none if `fits` is true for a candidate. */
  obstacles(now: number, fits: (node: BrokerNode) => boolean): Obstacles {
    const candidates = this.candidates()
    const isConnected = candidates.some(({ isReady }) => isReady)
    if (candidates.some(fits)) return { isConnected, reasons: [] }
    return { isConnected, reasons: candidates.flatMap((node) => nodeObstacle(node, now) ?? []) }
  }

  #place({ nodeId, host: named, port }: NodeAddress): boolean {
    const host = withoutBrackets(named)
    const advertised = !this.#isBootstrapAddress(host, port)
    const identity = { nodeId, host, port, advertised, clusterId: this.#clusterId }
    const node = this.#byId.get(nodeId)
    if (node === undefined) {
      this.#byId.set(nodeId, new BrokerNode(identity, this.#context, this.#listener))
      return true
    }
    const isMoved = node.host !== host || node.port !== port
    node.moveTo(identity)
    return isMoved
  }

  #isBootstrapAddress(host: string, port: number): boolean {
    return this.#context.options.bootstrapServers.some(
      (server) => server.host === host && server.port === port,
    )
  }

  /**
   * The same nodes, beginning at a random one, so that clients that start together do not all choose the
   * first.
   */
  #rotated(nodes: readonly BrokerNode[]): BrokerNode[] {
    const start = Math.floor(this.#context.environment.random() * nodes.length)
    return [...nodes.slice(start), ...nodes.slice(0, start)]
  }
}

/** Metadata no longer names the broker. */
export function leftTheCluster(broker: string): NetworkError {
  return new NetworkError('the broker is not part of the cluster any more', { broker })
}

function checkBrokers(brokers: readonly MetadataBroker[]): void {
  if (brokers.length === 0) throw new ProtocolError('metadata without any broker', { retriable: true })
  if (brokers.length > MAX_BROKERS)
    throw new ProtocolError(
      `metadata with ${brokers.length} brokers, more than the ${MAX_BROKERS} that are believed`,
    )
  if (brokers.some((broker) => hasNodeId(broker) && isAddress(broker.host, broker.port))) return
  const named = brokers.map(({ nodeId, host, port }) => `node ${nodeId} at "${formatAddress(host, port)}"`)
  throw new ProtocolError(
    `metadata without any broker that can be reached, only ${named.slice(0, MOST_NAMED).join(', ')}: check advertised.listeners of the brokers`,
    { retriable: true },
  )
}

function isRefusal(error: KafkaError | undefined): error is AuthenticationError {
  return error instanceof AuthenticationError && !error.retriable
}

/** Whether a connection can be asked for at once. */
function isConnectable({ state }: BrokerNode): boolean {
  return state === 'disconnected' || state === 'lapsed'
}

/** Negative ids belong to bootstrap servers. */
function hasNodeId({ nodeId }: NodeAddress): boolean {
  return nodeId >= 0
}
