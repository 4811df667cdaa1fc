import { type KafkaError, NetworkError } from '../../errors.js'
import { exponentialBackoff } from '../backoff.js'
import type { Connection } from '../connection/connection.js'
import type { ConnectionListener } from '../connection/connection-options.js'
import type { NetworkContext } from '../network-options.js'
import { ConnectAttempt } from './connect-attempt.js'
import { MISROUTED, maybeSasl } from './connect-errors.js'
import type { ConnectTarget, ExpectedBroker } from './connection-step.js'
import { type Learned, NOTHING_LEARNED, setUpSteps, VERSION_AFTER_DROP } from './set-up-steps.js'

/**
 * What a node has learned from its attempts to connect: how long to back off, how long to wait for a set-up,
 * and which version and address to try first.
 */
export class ReconnectPolicy {
  readonly #context: NetworkContext
  /** Failed connects and lost connections since a connection was last ready. */
  #failures = 0
  #failedConnects = 0
  #learned: Learned = NOTHING_LEARNED
  readonly #failedAddresses = new Set<string>()
  /** Responses of the set-up of the last connection. */
  #answersBefore = 0
  /** Connections in a row that the broker ended at the first request after the set-up. */
  #endedAtFirst = 0

  constructor(context: NetworkContext) {
    this.#context = context
  }

  /** Failed connects and lost connections since a connection was last ready. */
  get failures(): number {
    return this.#failures
  }

  attempt(target: ConnectTarget, listener: (connection: Connection) => ConnectionListener): ConnectAttempt {
    const { options, environment, stalls, sasl } = this.#context
    const { socketConnectionSetupTimeoutMs, socketConnectionSetupTimeoutMaxMs } = options
    return new ConnectAttempt({
      target,
      environment,
      stalls,
      connection: { ...options, maxIdleMs: options.connectionsMaxIdleMs },
      sasl,
      saslKerberosServiceName: options.saslKerberosServiceName,
      steps: setUpSteps(this.#learned, this.#expected(target), { tls: options.tls, sasl }),
      timeoutMs: exponentialBackoff(
        socketConnectionSetupTimeoutMs,
        socketConnectionSetupTimeoutMaxMs,
        this.#failedConnects + 1,
        environment.random,
      ),
      failed: this.#failedAddresses,
      listener,
    })
  }

  /**
   * The broker that should answer. Null if the check is off or the ids are not known. A client that may not
   * rebootstrap does not check, because it could not act on a refusal.
   */
  #expected({ clusterId, nodeId }: ConnectTarget): ExpectedBroker | null {
    const { metadataClusterCheckEnable, metadataRecoveryStrategy } = this.#context.options
    if (!metadataClusterCheckEnable || metadataRecoveryStrategy === 'none') return null
    return clusterId === null || nodeId < 0 ? null : { clusterId, nodeId }
  }

  /** Whether the last attempt to connect failed. */
  get hasFailed(): boolean {
    return this.#failedConnects > 0
  }

  connected(connection?: Connection): void {
    this.#failures = 0
    this.#failedConnects = 0
    this.#answersBefore = connection?.responseCount ?? 0
  }

  /**
   * The connection was lost. Returns the error, with a guess if the broker does nothing but end connections.
   * A listener with SASL answers ApiVersions of a client without it, and ends the connection at the next
   * request. A broker that restarts may look like that once.
   */
  lost({ requestCount, responseCount }: Connection, error: KafkaError): KafkaError {
    const isAtFirst = responseCount === this.#answersBefore && requestCount > responseCount
    this.#endedAtFirst = isAtFirst && error instanceof NetworkError ? this.#endedAtFirst + 1 : 0
    return this.#endedAtFirst < 2 || this.#context.sasl !== null ? error : maybeSasl(error)
  }

  connectFailed(attempt: ConnectAttempt, error: KafkaError): void {
    this.#failedConnects += 1
    // Some brokers drop the connection if they do not know the version. A broker that has refused as the
    // wrong one knows the version; a lower version has no room for the ids.
    const wasDropped = error instanceof NetworkError && error.code !== MISROUTED
    if (attempt.failedStep !== 'ApiVersions' || !wasDropped) return
    const next = VERSION_AFTER_DROP.get(this.#learned.apiVersionsAtMost)
    this.#learned = next === undefined ? NOTHING_LEARNED : { apiVersionsAtMost: next }
  }

  /** Counts a failure. Returns how many milliseconds to wait before the next attempt. */
  backoffMs(): number {
    this.#failures += 1
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.#context.options
    const { random } = this.#context.environment
    return exponentialBackoff(reconnectBackoffMs, reconnectBackoffMaxMs, this.#failures, random)
  }

  /** The broker has another address now. The experience with the old one is of no use. */
  forget(): void {
    this.connected()
    this.#failedAddresses.clear()
  }
}
