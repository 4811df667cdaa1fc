import type { Buffer } from 'node:buffer'
import type { OpenSocket } from '../../src/environment/socket.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { decodeResponse } from '../../src/protocol/frame.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { FrameAssembler } from '../../src/testing/frame-assembler.js'
import { answersIn, batchesIn } from './produce-frames.js'
import type { ProduceWatch } from './produce-watch.js'
import type { ScenarioConfig } from './scenario.js'

const MAX_FRAME_BYTES = 0x7fffffff
/** A client need not keep a longer throttle time than this. */
export const LONGEST_PAUSE_MS = 600_000

type ReadAnswer = (version: number, frame: Buffer) => { readonly throttleTimeMs: number }

/** The first version of Produce in which the client must keep the throttle time itself (KIP-219). */
const PRODUCE_QUIET_FROM = 6

/** The same versions of other APIs. */
const ANSWERS: ReadonlyMap<number, { readonly quietFrom: number; readonly read: ReadAnswer }> = new Map([
  [Metadata.key, { quietFrom: 6, read: (version, frame) => decodeResponse(Metadata, version, frame) }],
  [ApiVersions.key, { quietFrom: 2, read: (version, frame) => decodeResponse(ApiVersions, version, frame) }],
  [
    InitProducerId.key,
    { quietFrom: 1, read: (version, frame) => decodeResponse(InitProducerId, version, frame) },
  ],
])

/** A request without a response so far. */
interface Request {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
}

/**
 * Checks each connection at the client's end: the number of requests in flight, and whether the client keeps
 * each throttle time.
 */
export class ConnectionWatch {
  readonly #config: ScenarioConfig
  readonly #nowMs: () => number
  readonly #report: (violation: string) => void
  readonly #produce: ProduceWatch

  constructor(
    config: ScenarioConfig,
    nowMs: () => number,
    report: (violation: string) => void,
    produce: ProduceWatch,
  ) {
    this.#config = config
    this.#nowMs = nowMs
    this.#report = report
    this.#produce = produce
  }

  /** The same network, watched from the client's end. */
  watched(openSocket: OpenSocket): OpenSocket {
    return (address, listener) => {
      const connection = new WatchedConnection(this.#config, this.#nowMs, this.#report, this.#produce)
      const socket = openSocket(address, {
        connected: () => listener.connected(),
        received: (chunk) => {
          listener.received(chunk)
          connection.received(chunk)
        },
        closed: (error) => {
          this.#produce.closed(connection)
          listener.closed(error)
        },
      })
      return {
        write: (chunks, written) => {
          connection.written(chunks)
          socket.write(chunks, written)
        },
        secure: (options) => socket.secure(options),
        destroy: () => {
          this.#produce.closed(connection)
          socket.destroy()
        },
      }
    }
  }
}

class WatchedConnection {
  readonly #config: ScenarioConfig
  readonly #nowMs: () => number
  readonly #report: (violation: string) => void
  readonly #produce: ProduceWatch
  readonly #frames = new FrameAssembler(MAX_FRAME_BYTES)
  readonly #requests: Request[] = []
  #quietUntilMs = 0
  /**
   * Bytes have come that are no response. The client closes the connection, so there is nothing more to
   * check.
   */
  #isOver = false

  constructor(
    config: ScenarioConfig,
    nowMs: () => number,
    report: (violation: string) => void,
    produce: ProduceWatch,
  ) {
    this.#config = config
    this.#nowMs = nowMs
    this.#report = report
    this.#produce = produce
  }

  /** The client writes whole requests, one at a time. */
  written(chunks: readonly Uint8Array[]): void {
    const [first] = chunks
    if (first === undefined) return
    const header = new DataView(first.buffer, first.byteOffset, first.byteLength)
    const request = {
      apiKey: header.getInt16(4),
      apiVersion: header.getInt16(6),
      correlationId: header.getInt32(8),
    }
    const isProduce = request.apiKey === Produce.key
    const isAnswered = !this.#isOver && (!isProduce || this.#config.acks !== 0)
    if (isProduce) this.#produce.sent(this, request.correlationId, batchesIn(chunks), isAnswered)
    if (this.#isOver) return
    const quietMs = this.#quietUntilMs - this.#nowMs()
    if (isProduce && quietMs > 0)
      this.#report(`a Produce request was sent ${quietMs.toFixed(1)} ms before the end of a broker's pause`)
    if (!isAnswered) return
    this.#requests.push(request)
    const limit = this.#config.maxInFlightRequestsPerConnection
    const inFlight = this.#requests.filter(({ apiKey }) => apiKey === Produce.key).length
    if (isProduce && inFlight > limit)
      this.#report(`${inFlight} Produce requests were in flight on a connection, where ${limit} are allowed`)
  }

  received(chunk: Buffer): void {
    if (this.#isOver) return
    try {
      this.#frames.push(chunk)
      for (let frame = this.#frames.next(); frame !== null; frame = this.#frames.next()) this.#answer(frame)
    } catch {
      this.#isOver = true
      this.#produce.closed(this)
    }
  }

  #answer(frame: Buffer): void {
    const request = this.#requests.shift()
    if (request?.correlationId !== frame.readInt32BE(0)) throw new Error('not the answer to that request')
    const { apiKey, apiVersion, correlationId } = request
    let quietMs = 0
    if (apiKey === Produce.key) {
      const answer = decodeResponse(Produce, apiVersion, frame)
      this.#produce.answered(this, correlationId, answersIn(answer))
      if (apiVersion >= PRODUCE_QUIET_FROM) quietMs = answer.throttleTimeMs
    }
    const answers = ANSWERS.get(apiKey)
    if (answers !== undefined && apiVersion >= answers.quietFrom)
      quietMs = answers.read(apiVersion, frame).throttleTimeMs
    if (quietMs <= 0) return
    const untilMs = this.#nowMs() + Math.min(quietMs, LONGEST_PAUSE_MS)
    this.#quietUntilMs = Math.max(this.#quietUntilMs, untilMs)
  }
}
