import type { Buffer } from 'node:buffer'
import type { Clock } from '../../environment/clock.js'
import { type KafkaError, NetworkError } from '../../errors.js'
import { type Api, type ApiIdentity, pickVersion, type VersionLimits } from '../../protocol/api.js'
import { decodeResponse } from '../../protocol/frame.js'
import { formatAddress } from '../address.js'
import type { ConnectAttempt, Connected } from '../connect/connect-attempt.js'
import { ReconnectPolicy } from '../connect/reconnect-policy.js'
import type { Connection } from '../connection/connection.js'
import { notSent } from '../connection/connection-errors.js'
import type { NetworkContext } from '../network-options.js'
import { requestedThrottleMs, Throttle } from '../throttle.js'
import type { Answer, Broker, BrokerIdentity, BrokerListener, RequestOptions } from './broker.js'
import { NodeLog } from './node-log.js'
import { connectionOf, isMissed, type NodeState, release, sessionOf, usableOf } from './node-state.js'
import { SessionRenewal } from './session-renewal.js'

/**
 * One broker, connected or not. Connects when a connection is asked for and the backoff is over. It queues no
 * requests.
 */
export class BrokerNode implements Broker {
  readonly nodeId: number
  readonly #context: NetworkContext
  readonly #clock: Clock
  readonly #listener: BrokerListener
  readonly #throttle: Throttle
  readonly #policy: ReconnectPolicy
  readonly #log: NodeLog
  readonly #sessions: SessionRenewal
  #identity: BrokerIdentity
  #state: NodeState = { kind: 'disconnected' }
  #lastError: KafkaError | undefined
  #lastAttemptMs = Number.NEGATIVE_INFINITY

  constructor(identity: BrokerIdentity, context: NetworkContext, listener: BrokerListener) {
    const { options, environment } = context
    this.nodeId = identity.nodeId
    this.#identity = identity
    this.#context = context
    this.#clock = environment.clock
    this.#listener = listener
    this.#policy = new ReconnectPolicy(context)
    this.#log = new NodeLog(options.logger)
    this.#sessions = new SessionRenewal(context, {
      node: this,
      state: () => this.#state,
      enter: (next) => this.#enter(next, null),
    })
    this.#throttle = new Throttle(environment.clock, () => {
      if (this.isReady) listener.nodeAvailable(this)
    })
  }

  get host(): string {
    return this.#identity.host
  }

  get port(): number {
    return this.#identity.port
  }

  get description(): string {
    const { host, port, nodeId } = this.#identity
    return `${formatAddress(host, port)} (${nodeId < 0 ? 'bootstrap' : `node ${nodeId}`})`
  }

  get state(): NodeState['kind'] {
    return this.#state.kind
  }

  get isReady(): boolean {
    return usableOf(this.#state, this.#clock.now()) !== null
  }

  get isGivenUp(): boolean {
    return this.#state.kind === 'closed'
  }

  get inFlight(): number {
    return connectionOf(this.#state)?.inFlight ?? 0
  }

  get lastError(): KafkaError | undefined {
    return this.#lastError
  }

  /** Whether the last attempt to connect failed. */
  get hasFailed(): boolean {
    return this.#policy.hasFailed
  }

  get lastAttemptMs(): number {
    return this.#lastAttemptMs
  }

  get progress(): string | undefined {
    return this.#state.kind === 'connecting' ? this.#state.attempt.progress : undefined
  }

  pauseMs(now: number): number {
    return this.#throttle.pauseMs(now)
  }

  canSend(now: number): boolean {
    const usable = usableOf(this.#state, now)
    return (
      usable !== null &&
      usable.connection.inFlight < this.#context.options.maxInFlightRequestsPerConnection &&
      !this.#throttle.isOn(now)
    )
  }

  connect(): void {
    const state = this.#state
    if (state.kind === 'disconnected') this.#startConnecting()
    else if (state.kind === 'lapsed') void this.#sessions.renew(state)
    else if ((state.kind === 'backing off' || state.kind === 'retiring') && !state.wanted)
      this.#state = { ...state, wanted: true }
  }

  /**
   * The version that a request would have on the current connection.
   *
   * @throws ProtocolError (code UNSUPPORTED_VERSION) if there is no common version; NetworkError if not ready
   */
  version(api: ApiIdentity, limits: VersionLimits = {}): number {
    const { versions } = this.#inUse(api)
    return pickVersion(api, versions.ranges.get(api.key), this.description, limits)
  }

  request<Request, Response>(
    api: Api<Request, Response>,
    message: Request,
    options: RequestOptions = {},
  ): Promise<Answer<Response>> {
    try {
      const { connection } = this.#inUse(api)
      const version = this.version(api, options)
      const read = (frame: Buffer): Answer<Response> => {
        const response = decodeResponse(api, version, frame)
        this.#noteThrottle(connection, requestedThrottleMs(api, version, response))
        return { response, version }
      }
      return connection.request(api, version, message, read, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async tell<Request>(
    api: Api<Request, unknown>,
    message: Request,
    options: RequestOptions = {},
  ): Promise<number> {
    const { connection } = this.#inUse(api)
    const version = this.version(api, options)
    await connection.tell(api, version, message, options)
    return version
  }

  /** The broker has another address from now on. A connection to the old one is closed. */
  moveTo(identity: BrokerIdentity): void {
    const before = this.#identity
    this.#identity = identity
    if (before.host === identity.host && before.port === identity.port) return
    const reason = new NetworkError(
      `broker ${before.nodeId} has moved from ${formatAddress(before.host, before.port)} to ${formatAddress(identity.host, identity.port)}`,
      { broker: this.description },
    )
    this.#policy.forget()
    this.#log.moved()
    if (this.#state.kind !== 'closed') this.#enter({ kind: 'disconnected' }, reason)
  }

  /**
   * Takes no more requests on the current connection, and closes it when those in flight are answered. If a
   * connection is asked for meanwhile, another one is opened then.
   */
  retire(): void {
    const { kind } = this.#state
    const connection = connectionOf(this.#state)
    if (connection === null || kind === 'retiring') return
    this.#enter({ kind: 'retiring', connection, wanted: false }, null)
    if (connection.isQuiet) this.#retired(connection)
  }

  /** Gives the node up. Requests in flight reject with `reason`. Idempotent. */
  close(reason: KafkaError): void {
    if (this.#state.kind === 'closed') return
    this.#throttle.clear()
    this.#enter({ kind: 'closed' }, reason)
  }

  /** @throws NetworkError if no request can be sent now */
  #inUse({ name }: ApiIdentity) {
    const usable = usableOf(this.#state, this.#clock.now())
    if (usable === null) throw notSent(this.description, name, this.#lastError)
    return usable
  }

  #startConnecting(): void {
    const attempt = this.#policy.attempt({ ...this.#identity, broker: this.description }, (connection) => ({
      explained: (error) =>
        connectionOf(this.#state) === connection ? this.#policy.lost(connection, error) : error,
      closed: (error) => this.#lost(connection, error),
      slotFree: () => {
        if (this.isReady) this.#listener.nodeAvailable(this)
      },
      quiet: () => this.#retired(connection),
    }))
    this.#lastAttemptMs = attempt.startedMs
    this.#enter({ kind: 'connecting', attempt }, null)
    attempt.run().then(
      (connected) => this.#connected(attempt, connected),
      (error) => this.#failed(attempt, error),
    )
  }

  #connected(attempt: ConnectAttempt, connected: Connected): void {
    const { connection, versions, throttleMs, sessionLifetimeMs } = connected
    if (this.#state.kind !== 'connecting' || this.#state.attempt !== attempt) {
      // Closed or moved between the last step of the set-up and now.
      connection.close(new NetworkError(`broker ${this.description} is not wanted here any more`))
      return
    }
    if (connection.closedBy !== undefined) {
      this.#failed(attempt, connection.closedBy)
      return
    }
    this.#policy.connected(connection)
    this.#lastError = undefined
    // Before the listener hears of the connection.
    this.#noteThrottle(connection, throttleMs)
    const session = this.#sessions.begin(connection, sessionLifetimeMs)
    this.#enter({ kind: 'ready', connection, versions, session }, null)
  }

  #failed(attempt: ConnectAttempt, error: KafkaError): void {
    if (this.#state.kind !== 'connecting' || this.#state.attempt !== attempt) return
    this.#policy.connectFailed(attempt, error)
    this.#backOff(error)
  }

  #lost(connection: Connection, error: KafkaError | null): void {
    if (connectionOf(this.#state) !== connection) return
    if (error === null) this.#enter({ kind: 'disconnected' }, null)
    else this.#backOff(error)
  }

  /** The retiring connection has nothing in flight any more. */
  #retired(connection: Connection): void {
    const state = this.#state
    if (state.kind !== 'retiring' || state.connection !== connection) return
    this.#enter({ kind: 'disconnected' }, null)
    if (state.wanted) this.connect()
  }

  #backOff(error: KafkaError): void {
    const timer = this.#clock.setTimer(this.#policy.backoffMs(), () => {
      const wanted = this.#state.kind === 'backing off' && this.#state.wanted
      this.#enter({ kind: 'disconnected' }, null)
      if (wanted) this.#startConnecting()
      else this.#listener.nodeBackoffEnded(this)
    })
    this.#enter({ kind: 'backing off', timer, wanted: false }, error)
  }

  /**
   * The only place that changes the state. It releases what the old state held and tells the listener of the
   * new one.
   */
  #enter(next: NodeState, error: KafkaError | null): void {
    const previous = this.#state
    this.#state = next
    if (error !== null) this.#lastError = error
    const { failures } = this.#policy
    this.#log.changed({ broker: this.description, from: previous.kind, to: next.kind, error, failures })
    if (previous.kind === 'backing off') previous.timer.cancel()
    if (sessionOf(previous) !== sessionOf(next)) sessionOf(previous)?.end()
    const connection = connectionOf(previous)
    if (connection !== null && connection === connectionOf(next)) {
      if (next.kind === 'ready') this.#listener.nodeAvailable(this)
      return
    }
    if (next.kind === 'ready') this.#listener.nodeReady(this)
    if (next.kind === 'ready' || !isMissed(previous, error)) return
    this.#listener.nodeDisconnected(this, error)
    release(previous, error ?? new NetworkError(`broker ${this.description} is disconnected`))
  }

  #noteThrottle(connection: Connection, throttleMs: number): void {
    if (throttleMs === 0) return
    this.#throttle.extend(throttleMs)
    connection.extendDeadlines(throttleMs)
    this.#listener.nodeThrottled(this, throttleMs)
  }
}
