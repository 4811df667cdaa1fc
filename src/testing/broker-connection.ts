import { Buffer } from 'node:buffer'
import type { Timer } from '../environment/clock.js'
import { ApiVersions } from '../protocol/api-versions.js'
import { decodeRequestHeader, encodeResponse, type RequestHeader } from '../protocol/frame.js'
import type { BrokerServices } from './broker.js'
import { ErrorCode } from './error-code.js'
import { FrameAssembler } from './frame-assembler.js'
import type { OpenedRequest, ServedApi } from './handler.js'
import { apiVersionsResponse } from './handlers/api-versions.js'
import type { Exchange } from './interceptor.js'
import type { AcceptedSocket } from './listen.js'
import { advertisedVersions, servedVersions } from './served-apis.js'

/** Size, API key and version: what can be said of a request before it has arrived. */
const FRAME_START_BYTES = 8

/**
 * One connection of a broker. As in Kafka, one request at a time is worked on, and the next is looked at when its answer has been
 * written: so answers keep the order of requests, and a late answer holds up those behind it.
 */
export class BrokerConnection {
  readonly #services: BrokerServices
  readonly #nodeId: number
  readonly #id: number
  readonly #socket: AcceptedSocket
  readonly #frames: FrameAssembler
  readonly #onClosed: Set<() => void> = new Set<() => void>()
  /** What happens to the connection now; everything but `idle` keeps it from reading on. */
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
    this.#frames = new FrameAssembler(services.cluster.config.number('socket.request.max.bytes'))
  }

  received(chunk: Buffer): void {
    if (this.#state === 'closed') return
    this.#frames.push(chunk)
    this.#readOn()
  }

  /** Stops reading requests, as a process does that is stopped; answers under way still go out. */
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

  /** Whether a request that has been read waits to be handled. */
  get handlesLater(): boolean {
    return this.#handlesLater
  }

  /** The broker itself ends, and nothing that it has read is handled any more. */
  halt(): void {
    this.#handlesLater = false
    this.close()
    this.#timer?.cancel()
  }

  /** Ends the connection at once. As in Kafka, a request that has been read is handled all the same, and its answer lost. */
  close(): void {
    this.#socket.destroy()
    this.closed()
  }

  /** The connection has ended, whoever did it. */
  closed(): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    if (!this.#handlesLater) this.#timer?.cancel()
    for (const tell of this.#onClosed) tell()
    this.#services.connectionClosed(this)
  }

  /** A loop, not a recursion: a client may have many requests under way, and most are answered within the call. */
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
    const opened = api.open(body)
    const exchange = this.#exchange(api, header, frame.length + 4, opened)
    this.#services.activity.logRequest(exchange, opened.produced)
    this.#state = 'busy'
    this.#beforeHandling(opened, exchange)
  }

  /** An ApiVersions request of any version gets an answer, in the oldest form, with the versions to ask in (KIP-511). */
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
      opened.run(exchange, (answer) => this.#handled(answer, exchange))
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
    // KIP-219: the answer goes out at once, and the broker reads nothing more until the time is over.
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

  /** As Kafka: who sends what cannot be read is cut off. */
  #abandon(why: string): void {
    this.#services.activity.logEvent(this.#nodeId, `connection ${this.#id} is closed: ${why}`)
    this.close()
  }
}

function described({ api, apiVersion, correlationId, connectionId }: Exchange): string {
  return `${api} v${apiVersion}, correlation id ${correlationId}, on connection ${connectionId}`
}
