import type { Buffer } from 'node:buffer'
import type { Clock } from '../../environment/clock.js'
import type { SecureOptions, Socket, TlsSession } from '../../environment/socket.js'
import { type KafkaError, ProtocolError } from '../../errors.js'
import type { Api } from '../../protocol/api.js'
import { encodeRequest, responseCorrelationId } from '../../protocol/frame.js'
import { afterDelivery } from '../stalls.js'
import {
  closedWhileIdle,
  connectionLost,
  notSent,
  rejectUnanswered,
  requestTimedOut,
  senselessBytes,
  unasked,
} from './connection-errors.js'
import type { ConnectionListener, ConnectionOptions, ConnectionRequestOptions } from './connection-options.js'
import { ConnectionWatch } from './connection-watch.js'
import { FrameDecoder } from './frame-decoder.js'
import { type InFlightRequest, InFlightRequests } from './in-flight-requests.js'

/**
 * One socket, used once: open, then closed for good. BrokerNode reconnects with another Connection, so no
 * part of this one can be left half reset. Kafka answers in the order of the requests on a connection, so the
 * correlation id is compared, not looked up.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #clock: Clock
  readonly #listener: ConnectionListener
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #inFlight: InFlightRequests
  readonly #watch: ConnectionWatch
  /** Resolves when the socket is connected. */
  readonly connected: Promise<void>
  /** Resolves when the connection has ended, for whatever reason. */
  readonly ended: Promise<void>
  readonly #failConnected: (error: KafkaError) => void
  readonly #tellEnd: () => void
  #nextCorrelationId = 0
  #requestCount = 0
  #responseCount = 0
  #closed: { readonly error: KafkaError | null } | null = null
  /** A response that came before the socket reported its request as written. */
  #early: { readonly frame: Buffer } | null = null

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options
    this.#clock = options.clock
    this.#listener = listener
    this.#decoder = new FrameDecoder(options.maxResponseBytes)
    this.#inFlight = new InFlightRequests(options.stalls)
    this.#watch = new ConnectionWatch(options, this.#inFlight, {
      overdue: (request, now) => this.close(requestTimedOut(options.broker, request, now)),
      idle: () => this.close(null),
    })
    let succeedConnected: () => void = ignore
    let failConnected: (error: KafkaError) => void = ignore
    this.connected = new Promise((resolve, reject) => {
      succeedConnected = resolve
      failConnected = reject
    })
    this.#failConnected = failConnected
    let tellEnd: () => void = ignore
    this.ended = new Promise((resolve) => {
      tellEnd = resolve
    })
    this.#tellEnd = tellEnd
    this.connected.catch(ignore) // a connection may close while nobody waits for it
    this.#socket = options.openSocket(options.address, {
      connected: succeedConnected,
      received: (chunk) => this.#received(chunk),
      closed: (error) => this.close(connectionLost(options.broker, error)),
    })
  }

  /** Requests in flight, without those in the background. */
  get inFlight(): number {
    return this.#inFlight.counted
  }

  /** Whether nothing is on its way, not even in the background. */
  get isQuiet(): boolean {
    return this.#inFlight.isEmpty
  }

  /** Requests that were sent, those in the background included. */
  get requestCount(): number {
    return this.#requestCount
  }

  /** Responses that came. */
  get responseCount(): number {
    return this.#responseCount
  }

  /** Why the connection was closed; undefined while it is open, and if it was idle. */
  get closedBy(): KafkaError | undefined {
    return this.#closed?.error ?? undefined
  }

  /**
   * Sends a request and resolves with the result of `read` for its response frame. If `read` throws, the
   * connection is closed.
   *
   * Rejects with `possiblyPersisted` false if the socket was given no byte of the request, true otherwise.
   * When the promise has settled, the socket no longer reads the message's bytes.
   */
  request<Request, Result>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    read: (frame: Buffer) => Result,
    options: ConnectionRequestOptions = {},
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const answer = (frame: Buffer): void => resolve(read(frame))
      this.#send(api, version, message, options, { answer, done: ignore, reject })
    })
  }

  /** Sends a request that gets no response. Resolves when the socket has taken all of its bytes. */
  tell<Request>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    options: ConnectionRequestOptions = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#send(api, version, message, options, { answer: null, done: resolve, reject })
    })
  }

  /** From now on a response of more bytes is refused, up to `maxResponseBytes` of the options. */
  limitResponses(bytes: number): void {
    const { maxResponseBytes } = this.#options
    this.#decoder.limit(Math.min(bytes, maxResponseBytes), bytes < maxResponseBytes)
  }

  /**
   * Encrypts the connection: see Socket.secure. Bytes from before would become the beginning of the first
   * response, and anybody on the way can send them, so they end the connection.
   */
  secure(options: SecureOptions): Promise<TlsSession> {
    const { broker } = this.#options
    if (!this.#decoder.isUntouched) this.close(unasked(broker))
    if (this.#closed !== null) return Promise.reject(this.#closed.error ?? closedWhileIdle(broker))
    return this.#socket.secure(options)
  }

  /** The broker pauses for `byMs`, so the requests in flight have that much longer to be answered. */
  extendDeadlines(byMs: number): void {
    this.#inFlight.extendDeadlines(byMs)
  }

  /** Ends the connection. The requests in flight reject in the order in which they were sent. */
  close(cause: KafkaError | null): void {
    if (this.#closed !== null) return
    const error = cause && (this.#listener.explained?.(cause) ?? cause)
    this.#closed = { error }
    this.#watch.end()
    this.#socket.destroy()
    this.#decoder.clear()
    this.#early = null
    const { broker } = this.#options
    const reason = error ?? closedWhileIdle(broker)
    this.#failConnected(reason)
    this.#tellEnd()
    const lost = this.#inFlight.takeAll()
    this.#listener.closed(error)
    rejectUnanswered(broker, lost, reason, this.#clock.now())
  }

  #send<Request>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    options: ConnectionRequestOptions,
    outcome: Pick<InFlightRequest, 'answer' | 'done' | 'reject'>,
  ): void {
    if (this.#closed !== null) {
      const { broker } = this.#options
      outcome.reject(notSent(broker, api.name, this.#closed.error ?? closedWhileIdle(broker)))
      return
    }
    const correlationId = this.#nextCorrelationId
    const chunks = encodeRequest(api, version, correlationId, this.#options.clientId, message)
    this.#nextCorrelationId = (correlationId + 1) & 0x7fffffff
    this.#requestCount += 1
    const now = this.#clock.now()
    const request: InFlightRequest = {
      correlationId,
      apiName: api.name,
      sentAtMs: now,
      counted: options.background !== true,
      deadlineMs: now + (options.timeoutMs ?? this.#options.requestTimeoutMs),
      written: false,
      answer: outcome.answer,
      done: outcome.done,
      reject: outcome.reject,
    }
    this.#inFlight.add(request)
    this.#watch.active()
    this.#watch.requestSent(request.deadlineMs)
    this.#socket.write(chunks, () => this.#written(request))
  }

  #written(request: InFlightRequest): void {
    if (this.#closed !== null) return
    request.written = true
    this.#watch.active()
    if (request.answer === null) {
      this.#settled(request)
      return
    }
    if (this.#early !== null) this.#readFrames()
  }

  #received(chunk: Buffer): void {
    if (this.#closed !== null) return
    this.#watch.active()
    this.#decoder.push(chunk)
    if (this.#early === null) this.#readFrames()
  }

  #readFrames(): void {
    try {
      while (this.#closed === null) {
        const frame = this.#early?.frame ?? this.#decoder.next()
        this.#early = null
        if (frame === null) return
        const request = this.#inFlight.answeredBy(responseCorrelationId(frame))
        if (!request.written) {
          this.#holdEarly(request, frame)
          return
        }
        request.answer?.(frame)
        this.#responseCount += 1
        this.#settled(request)
      }
    } catch (error) {
      this.close(senselessBytes(this.#options.broker, error))
    }
  }

  /**
   * Holds a response to a request that is not reported as written, and closes the connection if the report
   * does not come soon. The broker cannot have read such a request, so its response makes no sense. But
   * encrypted sockets report a write one turn of the event loop late, and the true response may come first.
   */
  #holdEarly(request: InFlightRequest, frame: Buffer): void {
    const early = { frame }
    this.#early = early
    afterDelivery(this.#clock, () => {
      if (this.#early !== early || this.#closed !== null) return
      const error = new ProtocolError(`a response to ${request.apiName} before the whole request was sent`)
      this.close(senselessBytes(this.#options.broker, error))
    })
  }

  #settled(request: InFlightRequest): void {
    this.#inFlight.delete(request)
    request.done()
    if (request.counted) this.#listener.slotFree()
    if (this.#inFlight.isEmpty) this.#listener.quiet()
  }
}

function ignore(): void {
  // Nobody needs to know.
}
