import type { Lookup, OpenSocket } from '../../src/environment/socket.js'
import type { Accept, Listen } from '../../src/testing/index.js'
import type { Chance } from './chance.js'
import { Link, type LinkOptions, systemError } from './link.js'
import type { BrokerTls } from './security/broker-tls.js'
import type { Trace } from './trace.js'
import type { VirtualTime } from './virtual-time.js'

/** The behaviour of the network without a fault. Times are milliseconds. */
export interface NetworkOptions {
  readonly latencyMs: number
  readonly jitterMs: number
  /** The time until the system has taken a write. */
  readonly takeMs: number
  /** The largest piece that arrives at once; 0 for any size. */
  readonly segmentBytes: number
}

/** The result of a name look-up during a fault of name resolution. */
export type Resolution = 'right' | 'fails' | 'dead first' | 'all dead' | 'hangs'

const ADDRESS = '10.0.0.1'
const DEAD_ADDRESS = '10.9.9.9'

/**
 * The network between the client and the brokers. The port alone identifies a broker, with any name or
 * address.
 */
export class MemoryNetwork {
  readonly #time: VirtualTime
  readonly #chance: Chance
  readonly #options: NetworkOptions
  readonly #trace: Trace
  readonly #accepts = new Map<number, Accept>()
  /** Further ports of brokers. */
  readonly #aliases = new Map<number, number>()
  readonly #links = new Set<Link>()
  readonly #isolated = new Map<number, number>()
  #nextLink = 1
  resolution: Resolution = 'right'
  /** Whether new connections are refused. */
  refuses = false
  /** The TLS of the brokers; null if nothing is encrypted. */
  tls: BrokerTls | null = null
  /** Called with each new link. */
  onLink: ((link: Link) => void) | null = null
  /** Called with the fault's name when a fault of the network has struck. */
  struck: (fault: string) => void = () => undefined

  constructor(time: VirtualTime, chance: Chance, options: NetworkOptions, trace: Trace) {
    this.#time = time
    this.#chance = chance
    this.#options = options
    this.#trace = trace
  }

  /** Connections that the client holds. */
  get openSockets(): number {
    return [...this.#links].filter(({ clientIsOpen }) => clientIsOpen).length
  }

  /** Whether no connection has bytes on their way, including those that the client has closed. */
  get isQuiet(): boolean {
    return [...this.#links].every((link) => link.isQuiet)
  }

  links(port?: number): Link[] {
    return [...this.#links].filter((link) => !link.isOver && (port === undefined || link.port === port))
  }

  alias(port: number, brokerPort: number): void {
    this.#aliases.set(port, brokerPort)
  }

  /** Stops the traffic to and from this port for this long. The delayed bytes arrive afterwards. */
  isolate(port: number, forMs: number): void {
    const untilMs = this.#time.nowMs + forMs
    this.#isolated.set(port, untilMs)
    for (const link of this.links(port)) link.stall(untilMs, this.#chance.happens(0.5))
  }

  /** Ends all faults of names and ports, and delivers all delayed bytes. */
  heal(): void {
    this.refuses = false
    this.resolution = 'right'
    this.#isolated.clear()
    for (const link of this.#links) link.heal()
  }

  readonly listen: Listen = async (port, accept) => {
    this.#accepts.set(port, accept)
    const close = async (): Promise<void> => {
      this.#accepts.delete(port)
    }
    return { host: 'broker', port, close }
  }

  readonly openSocket: OpenSocket = ({ address, port: dialled }, listener) => {
    const port = this.#aliases.get(dialled) ?? dialled
    const options: LinkOptions = {
      ...this.#options,
      time: this.#time,
      chance: this.#chance,
      trace: this.#trace,
      tls: this.tls,
      struck: (fault) => this.struck(fault),
    }
    const link = new Link(this.#nextLink++, port, options, listener, () => this.#links.delete(link))
    this.#links.add(link)
    const untilMs = this.#isolated.get(port) ?? 0
    if (untilMs > this.#time.nowMs) link.stall(untilMs, false)
    this.onLink?.(link)
    link.carry('toBroker', () => {
      if (this.refuses) this.struck('connections refused')
      const accept = address === DEAD_ADDRESS || this.refuses ? undefined : this.#accepts.get(port)
      if (accept === undefined) link.refuse(systemError('ECONNREFUSED', 'connect', `${address}:${dialled}`))
      else link.accept(accept)
    })
    return link.socket
  }

  readonly lookup: Lookup = (host) =>
    new Promise((resolve, reject) => {
      const { resolution } = this
      if (resolution !== 'right') this.struck('names not resolved')
      const family = 4 as const
      const found = {
        right: [ADDRESS],
        'dead first': [DEAD_ADDRESS, ADDRESS],
        'all dead': [DEAD_ADDRESS],
        fails: [],
        hangs: [],
      }[resolution].map((address) => ({ address, family }))
      const tookMs = resolution === 'hangs' ? 5_000 : this.#chance.between(0, 3)
      this.#time.at(this.#time.nowMs + tookMs, 'network', 'client', () => {
        if (found.length > 0) resolve(found)
        else reject(systemError('ENOTFOUND', 'getaddrinfo', host))
      })
    })
}
