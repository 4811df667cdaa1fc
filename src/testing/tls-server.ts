import { createSecureContext } from 'node:tls'
import type { Clock } from '../environment/clock.js'
import { requireCount, requireNode } from './check-match.js'
import type { ClusterTls } from './cluster-options.js'
import type { Fault } from './fault.js'
import { type HandshakeFate, HandshakeFault, type HandshakeMatch } from './handshake-fault.js'
import type { Listen } from './listen.js'
import { tlsListen } from './tls-listen.js'
import { refuseUnknownFields } from './unknown-name.js'

const MATCH_FIELDS = ['nodeId', 'skip', 'times']
const OPTIONS = ['key', 'cert', 'ca', 'requestCert', 'minVersion', 'maxVersion']

/**
 * The TLS of an embedded cluster. A change holds for every later connection. Open connections stay as they
 * are, as in Kafka. A fault takes a {@link HandshakeMatch} and strikes once by default.
 */
export class TlsServer {
  readonly #clock: Clock
  readonly #brokers: number
  #options: ClusterTls
  readonly #faults = new Set<HandshakeFault>()

  /** @internal */
  constructor(options: ClusterTls, clock: Clock, brokers: number) {
    createSecureContext(options)
    this.#options = options
    this.#clock = clock
    this.#brokers = brokers
  }

  /**
   * Changes the options that are given, such as the certificate together with its key.
   *
   * @throws the error of node:tls if they do not fit together. Nothing has changed then
   */
  change(options: Partial<ClusterTls>): void {
    refuseUnknownFields(options, OPTIONS, 'option of tls')
    const changed = { ...this.#options, ...options }
    createSecureContext(changed)
    this.#options = changed
  }

  /** Refuses handshakes with an alert, like a broker without a common cipher suite. */
  refuseHandshakes(match: HandshakeMatch = {}): Fault {
    return this.#add(match, { kind: 'refuse' })
  }

  /** Resets connections at the first message of the client, like a broker whose process is killed. */
  resetHandshakes(match: HandshakeMatch = {}): Fault {
    return this.#add(match, { kind: 'reset' })
  }

  /** Ends connections in the midst of the broker's first message. */
  cutHandshakes(match: HandshakeMatch = {}): Fault {
    return this.#add(match, { kind: 'cut' })
  }

  /** Begins the broker's side of handshakes later by `delayMs`. */
  delayHandshakes(match: HandshakeMatch, delayMs: number): Fault {
    requireCount('delayMs', delayMs)
    return this.#add(match, { kind: 'delay', delayMs })
  }

  /** @internal */
  listenFor(nodeId: number): Listen {
    return tlsListen({
      clock: this.#clock,
      options: () => this.#options,
      fate: () => this.#fateOf(nodeId),
    })
  }

  /** The first fault that strikes decides. */
  #fateOf(nodeId: number): HandshakeFate | null {
    for (const fault of this.#faults) if (fault.strikes(nodeId)) return fault.fate
    return null
  }

  #add(match: HandshakeMatch, fate: HandshakeFate): Fault {
    refuseUnknownFields(match, MATCH_FIELDS, 'field of a match')
    const { nodeId, skip = 0, times = 1 } = match
    if (nodeId !== undefined) requireNode(nodeId, this.#brokers)
    requireCount('skip', skip)
    if (times !== Number.POSITIVE_INFINITY) requireCount('times', times)
    const fault = new HandshakeFault({ nodeId, skip, times }, fate, () => this.#faults.delete(fault))
    this.#faults.add(fault)
    return fault
  }
}
