import type { Environment } from '../environment/environment.js'
import { type KafkaError, NetworkError } from '../errors.js'
import { ApiVersions } from '../protocol/api-versions.js'
import { negotiateVersions } from './api-versions-step.js'
import { exponentialBackoff } from './backoff.js'
import { ConnectAttempt } from './connect-attempt.js'
import type { ConnectTarget } from './connect-errors.js'
import type { Connection, ConnectionListener } from './connection.js'
import { tcpConnect } from './connection-setup.js'
import type { NetworkOptions } from './network-options.js'

/** Which version of ApiVersions to try next if the broker dropped the connection on being asked in one. */
const VERSION_AFTER_DROP: ReadonlyMap<number, number> = new Map([
  [4, 3],
  [3, 0],
])

/** What a node has learned from its attempts to connect: how long to wait, how patient to be, what to try first. */
export class ReconnectPolicy {
  readonly #options: NetworkOptions
  readonly #environment: Environment
  /** Failed connects and lost connections since a connection was last ready. */
  #failures = 0
  #failedConnects = 0
  #apiVersionsAtMost = ApiVersions.versions[1]
  readonly #failedAddresses = new Set<string>()

  constructor(options: NetworkOptions, environment: Environment) {
    this.#options = options
    this.#environment = environment
  }

  /** Failed connects and lost connections since a connection was last ready. */
  get failures(): number {
    return this.#failures
  }

  attempt(target: ConnectTarget, listener: (connection: Connection) => ConnectionListener): ConnectAttempt {
    const { socketConnectionSetupTimeoutMs, socketConnectionSetupTimeoutMaxMs } = this.#options
    return new ConnectAttempt({
      target,
      environment: this.#environment,
      connection: { ...this.#options, maxIdleMs: this.#options.connectionsMaxIdleMs },
      steps: [tcpConnect, negotiateVersions(this.#apiVersionsAtMost)],
      timeoutMs: exponentialBackoff(
        socketConnectionSetupTimeoutMs,
        socketConnectionSetupTimeoutMaxMs,
        this.#failedConnects + 1,
        this.#environment.random,
      ),
      failed: this.#failedAddresses,
      listener,
    })
  }

  connected(): void {
    this.#failures = 0
    this.#failedConnects = 0
  }

  connectFailed(attempt: ConnectAttempt, error: KafkaError): void {
    this.#failedConnects += 1
    // Some brokers drop a connection on which they are asked in a version they do not know, rather than say so.
    if (attempt.failedStep === 'ApiVersions' && error instanceof NetworkError)
      this.#apiVersionsAtMost = VERSION_AFTER_DROP.get(this.#apiVersionsAtMost) ?? ApiVersions.versions[1]
  }

  /** Counts a failure; how many milliseconds to wait before the next attempt. */
  backoffMs(): number {
    this.#failures += 1
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#options
    const { random } = this.#environment
    return exponentialBackoff(reconnectBackoffMs, reconnectBackoffMaxMs, this.#failures, random)
  }

  /** The broker is elsewhere now: what was learned is of no use. */
  forget(): void {
    this.connected()
    this.#failedAddresses.clear()
  }
}
