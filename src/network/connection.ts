import type { Buffer } from 'node:buffer'
import type { Clock, Timer } from '../environment/clock.js'
import type { OpenSocket, Socket, SocketAddress } from '../environment/socket.js'
import { type KafkaError, ProtocolError } from '../errors.js'
import type { Api } from '../protocol/api.js'
import { encodeRequest, responseCorrelationId } from '../protocol/frame.js'
import {
  closedWhileIdle,
  connectionLost,
  notSent,
  requestTimedOut,
  senselessBytes,
  unanswered,
} from './connection-errors.js'
import { afterDelivery, SLICE_MS } from './deadline.js'
import { type Exchange, Exchanges } from './exchanges.js'
import { FrameDecoder } from './frame-decoder.js'

export interface ConnectionOptions {
  readonly clock: Clock
  readonly openSocket: OpenSocket
  readonly address: SocketAddress
  /** How the broker is named in errors. */
  readonly broker: string
  readonly clientId: string
  readonly requestTimeoutMs: number
  /** Negative: never closed for being idle. */
  readonly maxIdleMs: number
  readonly maxResponseBytes: number
}

export interface ConnectionListener {
  /** Comes once, before what was in flight is rejected; `error` is null if the connection was idle for too long. */
  closed(error: KafkaError | null): void
  /** A request that counted as in flight has its answer. */
  slotFree(): void
}

export interface ExchangeOptions {
  readonly timeoutMs?: number
  /** Does not count as in flight. */
  readonly background?: boolean
}

/**
 * One socket, used once: open, then closed for good. Reconnecting is BrokerNode's job, so nothing here can be half reset. Kafka
 * answers in request order on a connection, so the correlation id is verified, not looked up.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #clock: Clock
  readonly #listener: ConnectionListener
  readonly #socket: Socket
  readonly #decoder: FrameDecoder
  readonly #exchanges = new Exchanges()
  /** Resolves when the socket is connected. */
  readonly connected: Promise<void>
  readonly #failConnected: (error: KafkaError) => void
  #nextCorrelationId = 0
  #lastActivityMs: number
  #timer: { readonly dueMs: number; readonly timer: Timer } | null = null
  #closed: { readonly error: KafkaError | null } | null = null
  /** A response that came before its request was known to be written. */
  #early: { readonly frame: Buffer } | null = null

  constructor(options: ConnectionOptions, listener: ConnectionListener) {
    this.#options = options
    this.#clock = options.clock
    this.#listener = listener
    this.#decoder = new FrameDecoder(options.maxResponseBytes)
    this.#lastActivityMs = options.clock.now()
    let succeedConnected: () => void = ignore
    let failConnected: (error: KafkaError) => void = ignore
    this.connected = new Promise((resolve, reject) => {
      succeedConnected = resolve
      failConnected = reject
    })
    this.#failConnected = failConnected
    this.connected.catch(ignore) // nobody may be waiting for it when the connection is closed
    this.#socket = options.openSocket(options.address, {
      connected: succeedConnected,
      received: (chunk) => this.#received(chunk),
      closed: (error) => this.close(connectionLost(options.broker, error)),
    })
  }

  /** Requests in flight, without those in the background. */
  get inFlight(): number {
    return this.#exchanges.counted
  }

  get isClosed(): boolean {
    return this.#closed !== null
  }

  /** Why the connection was closed; undefined while it is open and if it was idle. */
  get closedBy(): KafkaError | undefined {
    return this.#closed?.error ?? undefined
  }

  /**
   * Resolves with what `read` makes of the response frame; if that throws, the connection is closed.
   *
   * Rejects with `possiblyPersisted` false if nothing was given to the socket, true otherwise. Settles only when the socket reads
   * the message's bytes no more.
   */
  request<Request, Result>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    read: (frame: Buffer) => Result,
    options: ExchangeOptions = {},
  ): Promise<Result> {
    return new Promise((resolve, reject) => {
      const answer = (frame: Buffer): void => resolve(read(frame))
      this.#send(api, version, message, options, { answer, done: ignore, reject })
    })
  }

  /** Sends a request that gets no answer; resolves when the socket has taken all of its bytes. */
  tell<Request>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    options: ExchangeOptions = {},
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#send(api, version, message, options, { answer: null, done: resolve, reject })
    })
  }

  /** The broker makes a pause: what is in flight has that much longer to be answered. */
  extendDeadlines(byMs: number): void {
    this.#exchanges.extendDeadlines(byMs)
  }

  /** Ends the connection. What is in flight is rejected in the order it was sent. */
  close(error: KafkaError | null): void {
    if (this.#closed !== null) return
    this.#closed = { error }
    this.#timer?.timer.cancel()
    this.#timer = null
    this.#socket.destroy()
    this.#decoder.clear()
    this.#early = null
    const { broker } = this.#options
    const reason = error ?? closedWhileIdle(broker)
    this.#failConnected(reason)
    const lost = this.#exchanges.takeAll()
    this.#listener.closed(error)
    const now = this.#clock.now()
    for (const exchange of lost) exchange.reject(unanswered(broker, exchange, reason, now))
  }

  #send<Request>(
    api: Api<Request, unknown>,
    version: number,
    message: Request,
    options: ExchangeOptions,
    outcome: Pick<Exchange, 'answer' | 'done' | 'reject'>,
  ): void {
    if (this.#closed !== null) {
      const { broker } = this.#options
      outcome.reject(notSent(broker, api.name, this.#closed.error ?? closedWhileIdle(broker)))
      return
    }
    const correlationId = this.#nextCorrelationId
    const chunks = encodeRequest(api, version, correlationId, this.#options.clientId, message)
    this.#nextCorrelationId = (correlationId + 1) & 0x7fffffff
    const now = this.#clock.now()
    const exchange: Exchange = {
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
    this.#exchanges.add(exchange)
    this.#lastActivityMs = now
    this.#watch(exchange.deadlineMs)
    this.#socket.write(chunks, () => this.#written(exchange))
  }

  #written(exchange: Exchange): void {
    if (this.#closed !== null) return
    exchange.written = true
    this.#lastActivityMs = this.#clock.now()
    if (exchange.answer === null) {
      this.#settled(exchange)
      return
    }
    if (this.#early !== null) this.#readFrames()
  }

  #received(chunk: Buffer): void {
    if (this.#closed !== null) return
    this.#lastActivityMs = this.#clock.now()
    this.#decoder.push(chunk)
    if (this.#early === null) this.#readFrames()
  }

  #readFrames(): void {
    try {
      while (this.#closed === null) {
        const frame = this.#early?.frame ?? this.#decoder.next()
        this.#early = null
        if (frame === null) return
        const exchange = this.#exchanges.answeredBy(responseCorrelationId(frame))
        if (!exchange.written) {
          this.#holdEarly(exchange, frame)
          return
        }
        exchange.answer?.(frame)
        this.#settled(exchange)
      }
    } catch (error) {
      this.close(senselessBytes(this.#options.broker, error))
    }
  }

  /**
   * An answer to a request that the broker cannot have read is a lie. Encrypted sockets, though, report their writes one turn of
   * the event loop late, so a true answer may overtake the report: it is held for that long.
   */
  #holdEarly(exchange: Exchange, frame: Buffer): void {
    const early = { frame }
    this.#early = early
    afterDelivery(this.#clock, () => {
      if (this.#early !== early || this.#closed !== null) return
      const error = new ProtocolError(`a response to ${exchange.apiName} before the whole request was sent`)
      this.close(senselessBytes(this.#options.broker, error))
    })
  }

  #settled(exchange: Exchange): void {
    this.#exchanges.delete(exchange)
    exchange.done()
    if (exchange.counted) this.#listener.slotFree()
  }

  /**
   * One timer for all: for the first deadline, or for the idle limit. It is never moved later, only set again when it fires; and while
   * something is under way it fires once a slice, to notice when this process stands still.
   */
  #watch(deadlineMs: number): void {
    const now = this.#clock.now()
    const dueMs = this.#exchanges.isEmpty ? deadlineMs : Math.min(deadlineMs, now + SLICE_MS)
    if (this.#timer !== null) {
      if (this.#timer.dueMs <= dueMs) return
      this.#timer.timer.cancel()
    }
    const timer = this.#clock.setTimer(Math.max(dueMs - now, 0), () => {
      this.#timer = null
      const firedAtMs = this.#clock.now()
      this.#exchanges.heldUp(dueMs, firedAtMs)
      // Not judged yet: after a blocked event loop the answers lie in the socket, and timers are served before it.
      afterDelivery(this.#clock, () => {
        this.#exchanges.heldUp(firedAtMs, this.#clock.now())
        this.#judge()
      })
    })
    this.#timer = { dueMs, timer }
  }

  #judge(): void {
    if (this.#closed !== null) return
    const now = this.#clock.now()
    const overdue = this.#exchanges.overdue(now)
    if (overdue !== undefined) {
      this.close(requestTimedOut(this.#options.broker, overdue, now))
      return
    }
    const nextMs = this.#nextDeadlineMs()
    if (nextMs <= now) this.close(null)
    else if (nextMs !== Number.POSITIVE_INFINITY) this.#watch(nextMs)
  }

  #nextDeadlineMs(): number {
    if (!this.#exchanges.isEmpty) return this.#exchanges.earliestDeadlineMs()
    const { maxIdleMs } = this.#options
    return maxIdleMs < 0 ? Number.POSITIVE_INFINITY : this.#lastActivityMs + maxIdleMs
  }
}

function ignore(): void {
  // Nothing to do.
}
