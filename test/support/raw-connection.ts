import { connect, type Socket } from 'node:net'
import type { Api } from '../../src/protocol/api.js'
import { decodeResponse, encodeRequest, responseCorrelationId } from '../../src/protocol/frame.js'

/** The end of a connection, and the bytes that it had received of an incomplete frame. */
export interface RawEnd {
  readonly leftover: Buffer
}

/** Frames over a plain socket, without any of the client's own network code. */
export class RawConnection {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #nextCorrelationId = 1
  readonly #frames: Buffer[] = []
  #waiting: ((frame: Buffer | null) => void) | null = null
  #closed = false
  /** Resolves when the connection has ended at either end. */
  readonly ended: Promise<RawEnd>

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      socket.on('close', () => {
        this.#closed = true
        this.#deliver()
        resolve({ leftover: this.#received })
      })
    })
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => resolve(new RawConnection(socket)))
    })
  }

  /** The address in `host:port,host:port` at this place. */
  static openAt(bootstrapServers: string, index = 0): Promise<RawConnection> {
    return RawConnection.open(Number(bootstrapServers.split(',')[index]?.split(':')[1]))
  }

  /** The answer; rejects if the connection ends without one. */
  async request<Request, Response>(
    api: Api<Request, Response>,
    version: number,
    request: Request,
  ): Promise<Response> {
    const correlationId = this.send(api, version, request)
    const frame = await this.nextFrame()
    if (frame === null) throw new Error(`${api.name}: the connection ended without an answer`)
    if (responseCorrelationId(frame) !== correlationId) {
      throw new Error(`${api.name}: an answer to request ${responseCorrelationId(frame)}`)
    }
    return decodeResponse(api, version, frame)
  }

  /** Sends without waiting; returns the correlation id. */
  send<Request>(api: Api<Request, unknown>, version: number, request: Request): number {
    const correlationId = this.#nextCorrelationId++
    this.write(Buffer.concat(encodeRequest(api, version, correlationId, 'test', request)))
    return correlationId
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** The next frame without its size; null if the connection ends first. One caller at a time. */
  nextFrame(): Promise<Buffer | null> {
    return new Promise((resolve) => {
      this.#waiting = resolve
      this.#deliver()
    })
  }

  close(): Promise<RawEnd> {
    this.#socket.destroy()
    return this.ended
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    while (this.#received.length >= 4) {
      const end = 4 + this.#received.readInt32BE(0)
      if (this.#received.length < end) break
      this.#frames.push(this.#received.subarray(4, end))
      this.#received = this.#received.subarray(end)
    }
    this.#deliver()
  }

  #deliver(): void {
    if (this.#waiting === null) return
    const frame = this.#frames.shift()
    if (frame === undefined && !this.#closed) return
    const waiting = this.#waiting
    this.#waiting = null
    waiting(frame ?? null)
  }
}
