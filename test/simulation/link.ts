import { Buffer } from 'node:buffer'
import type { SecureOptions, Socket, SocketListener, TlsSession } from '../../src/environment/socket.js'
import { TlsError } from '../../src/environment/tls-error.js'
import type { Accept, AcceptedSocket, AcceptedSocketListener } from '../../src/testing/index.js'
import type { Chance } from './chance.js'
import { type BrokerTls, tlsError } from './security/broker-tls.js'
import { Segments } from './segments.js'
import type { Trace } from './trace.js'
import type { VirtualTime } from './virtual-time.js'

export interface LinkOptions {
  readonly time: VirtualTime
  readonly chance: Chance
  readonly trace: Trace
  readonly latencyMs: number
  readonly jitterMs: number
  readonly takeMs: number
  readonly segmentBytes: number
  /** Null if nothing is encrypted. */
  readonly tls: BrokerTls | null
  /** Called with the fault's name when a fault has struck the link. */
  readonly struck: (fault: string) => void
}

export type Direction = 'toBroker' | 'toClient'

/** The change that a proxy makes to one response: returns the bytes to send on instead. */
export type Tamper = (bytes: Buffer) => Buffer

/** Sees the bytes as they arrive at either end. */
export type Tap = (direction: Direction, bytes: Buffer) => void

/**
 * One TCP connection. The system reads the written bytes from the client's memory a little later, so memory
 * that is used again too early is noticed. Bytes that the system has taken still arrive after the client has
 * destroyed its socket, unless the connection was reset.
 */
export class Link {
  readonly id: number
  readonly port: number
  readonly socket: Socket
  tap: Tap | null = null
  /** The change of the broker's next response. */
  tamper: Tamper | null = null
  /** The broker's writes within this many milliseconds arrive as one chunk; 0 for one chunk a response. */
  gatherMs = 0
  readonly segments: Segments
  readonly #options: LinkOptions
  readonly #client: SocketListener
  readonly #over: () => void
  #broker: AcceptedSocketListener | null = null
  #clientEnd: 'connecting' | 'open' | 'destroyed' | 'closed' = 'connecting'
  #brokerEnd: 'none' | 'open' | 'ending' | 'closed' = 'none'
  /** True if the network has lost the connection, so that no bytes arrive any more. */
  #isReset = false
  readonly #lastArrivalMs: Record<Direction, number> = { toBroker: 0, toClient: 0 }
  /** The chunks that have not arrived yet, in order. */
  readonly #onItsWay: Record<Direction, (() => void)[]> = { toBroker: [], toClient: [] }
  /** The handshake that is under way. */
  #securing: { readonly options: SecureOptions; readonly fail: (error: Error) => void } | null = null
  #lastTakeMs = 0
  #stalledUntilMs = 0
  #takesNothing = false
  #hasHeldBack = true
  /** The broker's writes that are to arrive as one chunk. */
  readonly #gathered: Buffer[] = []
  /** The number of responses that the network has lost so far; null while it loses none. */
  #lost: number | null = null
  /** The bytes that still arrive before the network cuts the connection; Infinity without a cut. */
  readonly #bytesLeft: Record<Direction, number> = {
    toBroker: Number.POSITIVE_INFINITY,
    toClient: Number.POSITIVE_INFINITY,
  }

  constructor(id: number, port: number, options: LinkOptions, client: SocketListener, over: () => void) {
    this.id = id
    this.port = port
    this.#options = options
    this.#client = client
    this.#over = over
    const { chance, segmentBytes, struck } = options
    this.segments = new Segments(chance, segmentBytes, () => struck('bytes in small pieces'))
    this.socket = {
      write: (chunks, written) => this.#write(chunks, written),
      secure: (secureOptions) => this.#secure(secureOptions),
      destroy: () => this.#destroy(),
    }
  }

  get clientIsOpen(): boolean {
    return this.#clientEnd === 'connecting' || this.#clientEnd === 'open'
  }

  get isOver(): boolean {
    return this.#isReset || !this.clientIsOpen
  }

  /** Whether bytes still arrive at the broker. */
  get brokerIsOpen(): boolean {
    return this.#brokerEnd === 'open' && !this.#isReset
  }

  /** Whether bytes still arrive at the client. */
  get clientHears(): boolean {
    return this.#clientEnd === 'open' && !this.#isReset
  }

  get isQuiet(): boolean {
    return Object.values(this.#onItsWay).every(({ length }) => length === 0) && this.#gathered.length === 0
  }

  /** Schedules an arrival after all earlier ones. */
  carry(direction: Direction, run: () => void): void {
    const { time, chance, latencyMs, jitterMs } = this.#options
    const earliestMs = time.nowMs + latencyMs + chance.between(0, jitterMs)
    const atMs = Math.max(earliestMs, this.#lastArrivalMs[direction])
    this.#lastArrivalMs[direction] = atMs
    this.#onItsWay[direction].push(run)
    this.#arriveAt(atMs, direction)
  }

  /**
   * Delays all arrivals, including bytes on their way, until then. With `takesNothing` the system takes no
   * further writes.
   */
  stall(untilMs: number, takesNothing: boolean): void {
    this.#takesNothing = takesNothing
    this.#hasHeldBack = false
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, untilMs)
  }

  /** Ends every fault of this link. */
  heal(): void {
    this.#stalledUntilMs = 0
    this.tamper = null
    this.gatherMs = 0
    this.segments.heal()
    if (this.#lost !== null) this.reset()
    this.#bytesLeft.toBroker = Number.POSITIVE_INFINITY
    this.#bytesLeft.toClient = Number.POSITIVE_INFINITY
  }

  /** Makes the network cut the connection after this many more bytes have arrived. */
  cutAfter(direction: Direction, bytes: number): void {
    this.#bytesLeft[direction] = Math.min(this.#bytesLeft[direction], bytes)
  }

  /** Makes the network lose every response and deliver every request. The link can then only be reset. */
  loseAnswers(): void {
    this.#lost ??= 0
  }

  accept(accept: Accept): void {
    if (this.#isReset) return
    this.#brokerEnd = 'open'
    this.#broker = accept(this.#acceptedSocket())
    if (this.#brokerEnd !== 'open') return
    this.carry('toClient', () => {
      if (this.#clientEnd !== 'connecting') return
      this.#clientEnd = 'open'
      this.#client.connected()
    })
  }

  refuse(error: Error): void {
    this.carry('toClient', () => this.#closeClient(error))
  }

  /** Ends the connection for both ends, with all bytes on their way. */
  reset(): void {
    if (this.#isReset) return
    this.#isReset = true
    this.#options.trace.add('network', () => `connection ${this.id} is reset`)
    this.carry('toClient', () => this.#closeClient(systemError('ECONNRESET', 'read')))
    this.carry('toBroker', () => this.#closeBroker())
  }

  /** Ends the connection from the broker's end. The client hears this error; null for an end in order. */
  endFromBroker(error: Error | null): void {
    if (this.#brokerEnd !== 'open') return
    this.#passOn()
    this.#brokerEnd = 'ending'
    const { time, chance } = this.#options
    time.at(time.nowMs, 'network', 'brokers', () => this.#closeBroker())
    // A reset may overtake bytes on their way.
    if (error !== null && chance.happens(0.5)) this.#isReset = true
    this.carry('toClient', () => this.#closeClient(error))
  }

  /** Ends the connection from the client's end. */
  endFromClient(error: Error): void {
    this.#closeClient(error)
    this.carry('toBroker', () => this.#closeBroker())
  }

  #acceptedSocket(): AcceptedSocket {
    return {
      write: (chunks) => {
        if (this.#brokerEnd !== 'open') return
        this.#answer(this.#tampered(Buffer.concat(chunks)))
      },
      end: () => this.endFromBroker(null),
      // A process that dies resets its connections.
      destroy: () => this.endFromBroker(systemError('ECONNRESET', 'read')),
    }
  }

  #answer(bytes: Buffer): void {
    const { time, struck } = this.#options
    if (this.#lost !== null) {
      if (++this.#lost === 2) struck('answers lost in a row')
    } else if (this.gatherMs === 0 && this.#gathered.length === 0) {
      this.#send('toClient', bytes, (piece) => this.#arrivedAtClient(piece))
    } else {
      this.#gathered.push(bytes)
      if (this.#gathered.length > 1) return
      time.at(time.nowMs + this.gatherMs, 'network', 'brokers', () => this.#passOn())
    }
  }

  /** Sends the gathered writes in one chunk. */
  #passOn(): void {
    const answers = this.#gathered.splice(0)
    if (answers.length === 0) return
    if (answers.length > 1) this.#options.struck('answers in one chunk')
    this.#carryPiece('toClient', Buffer.concat(answers), (piece) => this.#arrivedAtClient(piece))
  }

  #arrivedAtClient(piece: Buffer): void {
    if (this.#clientEnd === 'open') this.#client.received(piece)
  }

  #tampered(bytes: Buffer): Buffer {
    const { tamper } = this
    if (tamper === null) return bytes
    this.tamper = null
    this.#options.struck('hostile answer')
    this.#options.trace.add('network', () => `connection ${this.id}: an answer is tampered with`)
    return tamper(bytes)
  }

  #secure(options: SecureOptions): Promise<TlsSession> {
    const { tls } = this.#options
    if (tls === null) return Promise.reject(new Error('nothing is encrypted here'))
    return new Promise((resolve, fail) => {
      this.#securing = { options, fail }
      tls.shakeHands(this, options, () => {
        this.#securing = null
        resolve({ protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', peer: null })
      })
    })
  }

  #write(chunks: readonly Uint8Array[], written: () => void): void {
    const { time, chance, takeMs } = this.#options
    this.#takeAt(time.nowMs + chance.between(0, takeMs), () => {
      this.#send('toBroker', Buffer.concat(chunks), (piece) => {
        if (this.#brokerEnd === 'open') this.#broker?.received(piece)
      })
      written()
    })
  }

  /** The system takes writes in order. Its own memory may be full while no bytes get through. */
  #takeAt(atMs: number, take: () => void): void {
    const { time } = this.#options
    this.#lastTakeMs = Math.max(this.#lastTakeMs, atMs)
    time.at(this.#lastTakeMs, 'network', 'client', () => {
      if (!this.clientIsOpen) return
      if (this.#takesNothing && time.nowMs < this.#stalledUntilMs) this.#takeAt(this.#stalledUntilMs, take)
      else take()
    })
  }

  #destroy(): void {
    if (!this.clientIsOpen) return
    this.#clientEnd = 'destroyed'
    const { time, chance } = this.#options
    time.at(time.nowMs, 'network', 'client', () => this.#closeClient(null))
    // If responses are unread, the system resets the connection, and the bytes that it had taken may be lost.
    if (chance.happens(0.3)) this.#isReset = true
    this.carry('toBroker', () => this.#closeBroker())
  }

  #send(direction: Direction, bytes: Buffer, arrived: (piece: Buffer) => void): void {
    for (const piece of this.segments.cut(bytes)) this.#carryPiece(direction, piece, arrived)
  }

  #carryPiece(direction: Direction, piece: Buffer, arrived: (piece: Buffer) => void): void {
    this.carry(direction, () => {
      if (this.#isReset) return
      const allowed = piece.subarray(0, Math.min(piece.length, this.#bytesLeft[direction]))
      this.#bytesLeft[direction] -= allowed.length
      if (allowed.length > 0) {
        this.tap?.(direction, allowed)
        arrived(allowed)
      }
      if (this.#bytesLeft[direction] > 0) return
      this.#options.struck('connection cut at a byte')
      this.reset()
    })
  }

  #arriveAt(atMs: number, direction: Direction): void {
    const { time } = this.#options
    time.at(atMs, 'network', direction === 'toBroker' ? 'brokers' : 'client', () => {
      if (time.nowMs >= this.#stalledUntilMs) {
        this.#onItsWay[direction].shift()?.()
        return
      }
      if (!this.#hasHeldBack) this.#options.struck('silent network')
      this.#hasHeldBack = true
      this.#arriveAt(this.#stalledUntilMs, direction)
    })
  }

  #closeClient(error: Error | null): void {
    if (this.#clientEnd === 'closed') return
    const isDestroyed = this.#clientEnd === 'destroyed'
    this.#clientEnd = 'closed'
    const reason = this.#endSecuring(error)
    this.#client.closed(isDestroyed ? error : reason)
    this.#endIfOver()
  }

  /** A handshake ends with its connection, by an error of TLS. Returns the error for the client. */
  #endSecuring(error: Error | null): Error | null {
    if (this.#securing === null) return error
    const { options, fail } = this.#securing
    this.#securing = null
    const code = error !== null && 'code' in error ? String(error.code) : 'ENDED'
    const reason = error instanceof TlsError ? error : tlsError(code, options)
    fail(reason)
    return reason
  }

  #closeBroker(): void {
    if (this.#brokerEnd === 'closed') return
    this.#brokerEnd = 'closed'
    this.#broker?.closed()
    this.#endIfOver()
  }

  #endIfOver(): void {
    if (this.#clientEnd === 'closed' && this.#brokerEnd !== 'open') this.#over()
  }
}

export function systemError(code: string, syscall: string, where = ''): Error {
  return Object.assign(new Error(`${syscall} ${code}${where === '' ? '' : ` ${where}`}`), { code, syscall })
}
