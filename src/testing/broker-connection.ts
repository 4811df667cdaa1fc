import { Buffer } from 'node:buffer'
import type { Timer } from '../environment/clock.js'
import { ApiVersions } from '../protocol/api-versions.js'
import { ErrorCode } from '../protocol/error-codes.js'
import { decodeRequestHeader, encodeResponse, type RequestHeader } from '../protocol/frame.js'
import type { BrokerServices } from './broker.js'
import { FrameAssembler } from './frame-assembler.js'
import type { OpenedRequest, ServedApi } from './handler.js'
import { apiVersionsResponse } from './handlers/api-versions.js'
import type { Exchange } from './interceptor.js'
import type { AcceptedSocket } from './listen.js'
import { ConnectionLogin } from './sasl/connection-login.js'
import { advertisedVersions, servedVersions } from './served-apis.js'

/** The size, API key and version of a request, which are known before it has arrived as a whole. */
const FRAME_START_BYTES = 8

/**
 * One connection of a broker. As in Kafka, it handles one request at a time and reads the next when the
 * response has been written. So responses are in the order of the requests, and a late response delays those
 * behind it.
 */
export class BrokerConnection {
  readonly #services: BrokerServices
  readonly #nodeId: number
  readonly #id: number
  readonly #socket: AcceptedSocket
  readonly #frames: FrameAssembler
  readonly #login: ConnectionLogin
  readonly #onClosed: Set<() => void> = new Set<() => void>()
  /** The current state of the connection. It reads requests only if it is `idle`. */
  #state: 'idle' | 'busy' | 'paused' | 'closed' = 'idle'
  #timer: Timer | null = null
  #reading = false
  #pauseWanted = false
  #handlesLater = false

  constructor(services: BrokerServices, nodeId: number, id: number, socket: AcceptedSocket) {
    this.#services = services
    this.#nodeId = nodeId
    this.#id = id
    this.#socket = socket
    this.#login = new ConnectionLogin(services.cluster.sasl, services.cluster.clock)
    this.#frames = new FrameAssembler(services.cluster.config.number('socket.request.max.bytes'))
  }

  received(chunk: Buffer): void {
    if (this.#state === 'closed') return
    this.#frames.push(chunk)
    this.#readOn()
  }

  /** Stops reading requests, like a stopped process. Responses in progress are still sent. */
  pause(): void {
    this.#pauseWanted = true
    if (this.#state === 'idle') this.#state = 'paused'
  }

  resume(): void {
    this.#pauseWanted = false
    if (this.#state !== 'paused') return
    this.#state = 'idle'
    this.#readOn()
  }

  /** Whether a request was read and waits to be handled. */
  get handlesLater(): boolean {
    return this.#handlesLater
  }

  /** Ends the connection because the broker ends. A request that was read is not handled any more. */
  halt(): void {
    this.#handlesLater = false
    this.close()
    this.#timer?.cancel()
  }

  /**
   * Ends the connection at once. As in Kafka, a request that was read is still handled, and its response is
   * lost.
   */
  close(): void {
    this.#socket.destroy()
    this.closed()
  }

  /** To be called when either side has ended the connection. */
  closed(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    if (!this.#handlesLater) this.#timer?.cancel()
    for (const tell of this.#onClosed) tell()
    this.#services.connectionClosed(this)
  }

  /**
   * A loop and not a recursion, because a client may have many requests in flight and most are answered
   * within the call.
   */
  #readOn(): void {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.#state === 'idle') {
        const frame = this.#frames.next()
        if (frame === null) break
        this.#serve(frame)
      }
      if (this.#state === 'idle') this.#lookAtPartialFrame()
    } catch (error) {
      this.#abandon(error instanceof Error ? error.message : String(error))
    } finally {
      this.#reading = false
    }
  }

  #lookAtPartialFrame(): void {
    const received = this.#frames.pending
    const start = this.#frames.head(FRAME_START_BYTES)
    if (start === null) return
    const frame = {
      nodeId: this.#nodeId,
      apiKey: start.readInt16BE(4),
      apiVersion: start.readInt16BE(6),
      received,
    }
    if (this.#services.interceptors.partialFrame(frame) === 'close') this.close()
  }

  #serve(frame: Buffer): void {
    const { header, body } = decodeRequestHeader(frame, (key) => this.#services.apis.get(key)?.flexibleFrom)
    const api = this.#services.apis.get(header.apiKey)
    if (api === undefined) {
      this.#abandon(`a request with API key ${header.apiKey}, which is not served`)
      return
    }
    const [min, max] = servedVersions(api, this.#services.cluster)
    if (header.apiVersion < min || header.apiVersion > max) {
      this.#refuseVersion(api, header)
      return
    }
    const objection = this.#login.objection(header.apiKey)
    if (objection !== null) {
      this.#abandon(`${objection}: ${api.name}`)
      return
    }
    const opened = api.open(body)
    const exchange = this.#exchange(api, header, frame.length + 4, opened)
    this.#services.activity.logRequest(exchange, opened.produced)
    this.#state = 'busy'
    this.#beforeHandling(opened, exchange)
  }

  /**
   * An ApiVersions request of an unknown version gets a response in version 0, with the versions that the
   * client may use (KIP-511).
   */
  #refuseVersion(api: ServedApi, { apiVersion, correlationId }: RequestHeader): void {
    if (api.key !== ApiVersions.key) {
      this.#abandon(`a ${api.name} request of version ${apiVersion}, which is not served`)
      return
    }
    const ranges = advertisedVersions([api], this.#services.cluster)
    const response = apiVersionsResponse(ErrorCode.UNSUPPORTED_VERSION, ranges, 0)
    this.#socket.write(encodeResponse(ApiVersions, 0, correlationId, response))
  }

  #exchange(api: ServedApi, header: RequestHeader, size: number, { parts }: OpenedRequest): Exchange {
    return {
      nodeId: this.#nodeId,
      connectionId: this.#id,
      api: api.name,
      apiKey: api.key,
      apiVersion: header.apiVersion,
      correlationId: header.correlationId,
      clientId: header.clientId,
      size,
      parts,
      throttleTimeMs: 0,
      onClosed: (fn) => {
        if (this.#state === 'closed') fn()
        else this.#onClosed.add(fn)
      },
    }
  }

  #beforeHandling(opened: OpenedRequest, exchange: Exchange): void {
    const verdict = this.#services.interceptors.beforeHandling(exchange)
    if (verdict === undefined) this.#handle(opened, exchange)
    else if (verdict.kind === 'close') this.#fault(exchange, 'the connection is closed before it is handled')
    else if (verdict.kind === 'delay') this.#handleLater(verdict.delayMs, opened, exchange)
  }

  #handleLater(delayMs: number, opened: OpenedRequest, exchange: Exchange): void {
    this.#handlesLater = true
    this.#timer = this.#services.cluster.clock.setTimer(delayMs, () => {
      this.#timer = null
      this.#handlesLater = false
      this.#handle(opened, exchange)
    })
  }

  #handle(opened: OpenedRequest, exchange: Exchange): void {
    try {
      opened.run(exchange, this.#login, (answer) => this.#handled(answer, exchange))
    } catch (error) {
      this.#abandon(`${described(exchange)}: ${error instanceof Error ? error.stack : String(error)}`)
    }
  }

  #handled(answer: Uint8Array[] | null | 'close', exchange: Exchange): void {
    if (this.#state === 'closed') return
    this.#onClosed.clear()
    if (answer === 'close') this.#fault(exchange, 'failed with acks=0: the connection is closed to tell so')
    else this.#beforeAnswer(answer, exchange)
  }

  #beforeAnswer(answer: Uint8Array[] | null, exchange: Exchange): void {
    const verdict = this.#services.interceptors.beforeAnswer(exchange)
    if (verdict === undefined) this.#answer(answer, exchange)
    else if (verdict.kind === 'close')
      this.#fault(exchange, 'handled; the connection is closed instead of an answer')
    else if (verdict.kind === 'delay') this.#later(verdict.delayMs, () => this.#answer(answer, exchange))
    else if (verdict.kind === 'cut' && answer !== null) {
      const bytes = Buffer.concat(answer)
      this.#socket.write([bytes.subarray(0, verdict.atByte)])
      this.#socket.end()
      this.#services.activity.logEvent(
        this.#nodeId,
        `${described(exchange)}: the answer is cut at byte ${verdict.atByte} of ${bytes.length}`,
      )
    }
  }

  #answer(answer: Uint8Array[] | null, exchange: Exchange): void {
    if (answer !== null) this.#socket.write(answer)
    if (this.#login.isRefused) {
      this.#socket.end()
      return
    }
    // KIP-219: the response is sent at once, and the broker reads no more requests until the throttle time is
    // over.
    if (exchange.throttleTimeMs > 0) this.#later(exchange.throttleTimeMs, () => this.#free())
    else this.#free()
  }

  #free(): void {
    if (this.#state === 'closed') return
    this.#state = this.#pauseWanted ? 'paused' : 'idle'
    this.#readOn()
  }

  #later(delayMs: number, run: () => void): void {
    this.#timer = this.#services.cluster.clock.setTimer(delayMs, () => {
      this.#timer = null
      if (this.#state !== 'closed') run()
    })
  }

  #fault(exchange: Exchange, what: string): void {
    this.#services.activity.logEvent(this.#nodeId, `${described(exchange)}: ${what}`)
    this.close()
  }

  /** Closes the connection because of an unreadable request, as Kafka does. */
  #abandon(why: string): void {
    this.#services.activity.logEvent(this.#nodeId, `connection ${this.#id} is closed: ${why}`)
    this.close()
  }
}

function described({ api, apiVersion, correlationId, connectionId }: Exchange): string {
  return `${api} v${apiVersion}, correlation id ${correlationId}, on connection ${connectionId}`
}
