import type { Buffer } from 'node:buffer'
import type { Timer } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import { type KafkaError, NetworkError } from '../errors.js'
import { type Api, type ApiIdentity, pickVersion } from '../protocol/api.js'
import { decodeResponse } from '../protocol/frame.js'
import { formatAddress } from './address.js'
import type { BrokerNodeIdentity, BrokerNodeListener } from './broker-node-listener.js'
import type { BrokerVersions } from './broker-versions.js'
import type { ConnectAttempt, Connected } from './connect-attempt.js'
import type { Connection } from './connection.js'
import { notSent } from './connection-errors.js'
import type { NetworkOptions } from './network-options.js'
import { logNodeChange } from './node-log.js'
import { ReconnectPolicy } from './reconnect-policy.js'
import { requestedThrottleMs, Throttle } from './throttle.js'

/** A response and the version it came in. */
export interface Answer<Response> {
  readonly response: Response
  readonly version: number
}

export interface RequestOptions {
  /** The highest version that may be used. */
  readonly atMost?: number
  /** Instead of the `request.timeout.ms` of the options. */
  readonly timeoutMs?: number
  /** Takes no place in flight. */
  readonly background?: boolean
}

type State =
  | { readonly name: 'disconnected' }
  | { readonly name: 'connecting'; readonly attempt: ConnectAttempt }
  | { readonly name: 'ready'; readonly connection: Connection; readonly versions: BrokerVersions }
  /** `wanted`: someone has asked for a connection meanwhile. */
  | { readonly name: 'backingOff'; readonly timer: Timer; readonly wanted: boolean }
  | { readonly name: 'closed' }

/**
 * One broker, connected or not. Connects when someone asks for it, not before the backoff is over; keeps no requests for later.
 */
export class BrokerNode {
  /** Negative for a bootstrap server. */
  readonly nodeId: number
  readonly #options: NetworkOptions
  readonly #environment: Environment
  readonly #listener: BrokerNodeListener
  readonly #throttle: Throttle
  readonly #policy: ReconnectPolicy
  #identity: BrokerNodeIdentity
  #state: State = { name: 'disconnected' }
  #lastError: KafkaError | undefined
  #lastAttemptMs = Number.NEGATIVE_INFINITY

  constructor(
    identity: BrokerNodeIdentity,
    options: NetworkOptions,
    environment: Environment,
    listener: BrokerNodeListener,
  ) {
    this.nodeId = identity.nodeId
    this.#identity = identity
    this.#options = options
    this.#environment = environment
    this.#listener = listener
    this.#policy = new ReconnectPolicy(options, environment)
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

  /** `host:port (node id)`, for messages. */
  get description(): string {
    const { host, port, nodeId } = this.#identity
    return `${formatAddress(host, port)} (${nodeId < 0 ? 'bootstrap' : `node ${nodeId}`})`
  }

  get state(): State['name'] {
    return this.#state.name
  }

  /** Whether there is a connection that is set up. */
  get isReady(): boolean {
    return this.#state.name === 'ready'
  }

  /** Requests that wait for their answer on the current connection; raised synchronously by request and tell. */
  get inFlight(): number {
    return this.#state.name === 'ready' ? this.#state.connection.inFlight : 0
  }

  /** Why the last attempt to connect failed or the last connection was lost; undefined once connected again. */
  get lastError(): KafkaError | undefined {
    return this.#lastError
  }

  /** When the last attempt to connect began, on clock.now(). */
  get lastAttemptMs(): number {
    return this.#lastAttemptMs
  }

  /** How far the attempt to connect has come, for messages; undefined if none is under way. */
  get progress(): string | undefined {
    return this.#state.name === 'connecting' ? this.#state.attempt.progress : undefined
  }

  /** What the broker said of itself on the current connection; undefined if the node is not ready. */
  get versions(): BrokerVersions | undefined {
    return this.#state.name === 'ready' ? this.#state.versions : undefined
  }

  /** The pause that the broker has asked for, in milliseconds; 0 if none is on. */
  pauseMs(now: number): number {
    return this.#throttle.pauseMs(now)
  }

  /** Ready, not throttled, and with room for one more request in flight. */
  canSend(now: number): boolean {
    return (
      this.#state.name === 'ready' &&
      this.#state.connection.inFlight < this.#options.maxInFlightRequestsPerConnection &&
      !this.#throttle.isOn(now)
    )
  }

  /** Asks for a connection: at once, or when the backoff is over. Nothing happens if there is one or one is being made. */
  connect(): void {
    const state = this.#state
    if (state.name === 'disconnected') this.#startConnecting()
    else if (state.name === 'backingOff' && !state.wanted) this.#state = { ...state, wanted: true }
  }

  /**
   * The version a request would have on the current connection.
   *
   * @throws ProtocolError (code UNSUPPORTED_VERSION) if there is no common version, NetworkError if the node is not ready
   */
  version(api: ApiIdentity, atMost?: number): number {
    if (this.#state.name !== 'ready') throw notSent(this.description, api.name, this.#lastError)
    return pickVersion(api, this.#state.versions.ranges.get(api.key), this.description, atMost)
  }

  /**
   * Sends a request on the current connection. The message is encoded within this call, with the version that `version` gives for
   * the same `atMost` in the same turn, so no other connection's versions can slip in between.
   *
   * Rejects with `possiblyPersisted` false if no byte of it was given to the socket, true otherwise. When the promise settles, the
   * message's bytes are the caller's again: no socket will read them any more.
   */
  request<Request, Response>(
    api: Api<Request, Response>,
    message: Request,
    options: RequestOptions = {},
  ): Promise<Answer<Response>> {
    const state = this.#state
    if (state.name !== 'ready') return Promise.reject(notSent(this.description, api.name, this.#lastError))
    try {
      const version = this.version(api, options.atMost)
      const read = (frame: Buffer): Answer<Response> => {
        const response = decodeResponse(api, version, frame)
        this.#noteThrottle(state.connection, requestedThrottleMs(api, version, response))
        return { response, version }
      }
      return state.connection.request(api, version, message, read, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Sends a request that gets no answer (Produce with acks=0); resolves with its version when the socket has taken all bytes. */
  async tell<Request>(
    api: Api<Request, unknown>,
    message: Request,
    options: RequestOptions = {},
  ): Promise<number> {
    if (this.#state.name !== 'ready') throw notSent(this.description, api.name, this.#lastError)
    const version = this.version(api, options.atMost)
    await this.#state.connection.tell(api, version, message, options)
    return version
  }

  /** The broker is to be found elsewhere from now on. A connection to the old address is given up. */
  moveTo(identity: BrokerNodeIdentity): void {
    const before = this.#identity
    this.#identity = identity
    if (before.host === identity.host && before.port === identity.port) return
    const reason = new NetworkError(
      `broker ${before.nodeId} has moved from ${formatAddress(before.host, before.port)} to ${formatAddress(identity.host, identity.port)}`,
      { broker: this.description },
    )
    this.#policy.forget()
    if (this.#state.name !== 'closed') this.#enter({ name: 'disconnected' }, reason)
  }

  /** Ends a connection that is no longer needed. */
  disconnect(): void {
    if (this.#state.name === 'ready') this.#enter({ name: 'disconnected' }, null)
  }

  /** Gives the node up. What is in flight is rejected with `reason`. Idempotent. */
  close(reason: KafkaError): void {
    if (this.#state.name === 'closed') return
    this.#throttle.clear()
    this.#enter({ name: 'closed' }, reason)
  }

  #startConnecting(): void {
    const target = { ...this.#identity, broker: this.description }
    const attempt = this.#policy.attempt(target, (connection) => ({
      closed: (error) => this.#lost(connection, error),
      slotFree: () => this.#listener.nodeAvailable(this),
    }))
    this.#lastAttemptMs = attempt.startedMs
    this.#enter({ name: 'connecting', attempt }, null)
    attempt.run().then(
      (connected) => this.#connected(attempt, connected),
      (error) => this.#failed(attempt, error),
    )
  }

  #connected(attempt: ConnectAttempt, { connection, versions, throttleMs }: Connected): void {
    if (this.#state.name !== 'connecting' || this.#state.attempt !== attempt) {
      // Closed, or moved, in the moment between the last step of the set-up and now.
      connection.close(new NetworkError(`broker ${this.description} is not wanted here any more`))
      return
    }
    if (connection.closedBy !== undefined) {
      this.#failed(attempt, connection.closedBy)
      return
    }
    this.#policy.connected()
    this.#lastError = undefined
    // Before anybody hears that there is a connection.
    this.#noteThrottle(connection, throttleMs)
    this.#enter({ name: 'ready', connection, versions }, null)
  }

  #failed(attempt: ConnectAttempt, error: KafkaError): void {
    if (this.#state.name !== 'connecting' || this.#state.attempt !== attempt) return
    this.#policy.connectFailed(attempt, error)
    this.#backOff(error)
  }

  #lost(connection: Connection, error: KafkaError | null): void {
    if (this.#state.name !== 'ready' || this.#state.connection !== connection) return
    if (error === null) this.#enter({ name: 'disconnected' }, null)
    else this.#backOff(error)
  }

  #backOff(error: KafkaError): void {
    const timer = this.#environment.clock.setTimer(this.#policy.backoffMs(), () => {
      const wanted = this.#state.name === 'backingOff' && this.#state.wanted
      this.#enter({ name: 'disconnected' }, null)
      if (wanted) this.#startConnecting()
      else this.#listener.nodeBackoffEnded(this)
    })
    this.#enter({ name: 'backingOff', timer, wanted: false }, error)
  }

  /** The one place where the state changes: what the old one held is let go, and the owner hears of the new one. */
  #enter(next: State, error: KafkaError | null): void {
    const previous = this.#state
    this.#state = next
    if (error !== null) this.#lastError = error
    const { description: broker } = this
    const { failures } = this.#policy
    logNodeChange(this.#options.logger, { broker, from: previous.name, to: next.name, error, failures })
    if (previous.name === 'backingOff') previous.timer.cancel()
    if (next.name === 'ready') {
      this.#listener.nodeReady(this)
      return
    }
    if (previous.name !== 'connecting' && previous.name !== 'ready') return
    this.#listener.nodeDisconnected(this, error)
    const reason = error ?? new NetworkError(`broker ${this.description} is disconnected`)
    if (previous.name === 'connecting') previous.attempt.cancel(reason)
    else previous.connection.close(reason)
  }

  #noteThrottle(connection: Connection, throttleMs: number): void {
    if (throttleMs === 0) return
    this.#throttle.extend(throttleMs)
    connection.extendDeadlines(throttleMs)
    this.#listener.nodeThrottled(this, throttleMs)
  }
}
