import { Buffer } from 'node:buffer'
import type { Socket, SocketListener } from '../../src/environment/socket.js'
import type { Accept, AcceptedSocket, AcceptedSocketListener } from '../../src/testing/index.js'
import type { Chance } from './chance.js'
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
  /** Hears what a fault has done to it, under the fault's name. */
  readonly struck: (fault: string) => void
}

export type Direction = 'toBroker' | 'toClient'

/** What a proxy does to one answer of a broker: the bytes that go on instead. */
export type Tamper = (bytes: Buffer) => Buffer

/** Sees the bytes as they arrive at either end. */
export type Tap = (direction: Direction, bytes: Buffer) => void

/**
 * One TCP connection. What the client writes is read from its memory when the system takes it, a little later, and not before: memory
 * that is used again too early is seen to be. What the system has taken still arrives after the client has destroyed its socket,
 * unless the connection was reset.
 */
export class Link {
  readonly id: number
  readonly port: number
  readonly socket: Socket
  tap: Tap | null = null
  /** For the next answer of the broker. */
  tamper: Tamper | null = null
  /** What the broker writes within so many milliseconds arrives as one chunk; 0 for each answer by itself. */
  gatherMs = 0
  readonly segments: Segments
  readonly #options: LinkOptions
  readonly #client: SocketListener
  readonly #over: () => void
  #broker: AcceptedSocketListener | null = null
  #clientEnd: 'connecting' | 'open' | 'destroyed' | 'closed' = 'connecting'
  #brokerEnd: 'none' | 'open' | 'ending' | 'closed' = 'none'
  /** The network has lost it: nothing on its way arrives. */
  #isReset = false
  readonly #lastArrivalMs: Record<Direction, number> = { toBroker: 0, toClient: 0 }
  /** What has not arrived yet, in order. */
  readonly #onItsWay: Record<Direction, (() => void)[]> = { toBroker: [], toClient: [] }
  #lastTakeMs = 0
  #stalledUntilMs = 0
  #takesNothing = false
  #hasHeldBack = true
  /** What the broker has written and what is to arrive in one. */
  readonly #gathered: Buffer[] = []
  /** Answers that went nowhere since the network began to lose them; null while it does not. */
  #lost: number | null = null
  /** Bytes that will still arrive before the network cuts the connection; Infinity if it does not. */
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
      destroy: () => this.#destroy(),
    }
  }

  get clientIsOpen(): boolean {
    return this.#clientEnd === 'connecting' || this.#clientEnd === 'open'
  }

  get isOver(): boolean {
    return this.#isReset || !this.clientIsOpen
  }

  get isQuiet(): boolean {
    return Object.values(this.#onItsWay).every(({ length }) => length === 0) && this.#gathered.length === 0
  }

  /** Sends something that arrives behind all that was sent before it. */
  carry(direction: Direction, run: () => void): void {
    const { time, chance, latencyMs, jitterMs } = this.#options
    const earliestMs = time.nowMs + latencyMs + chance.between(0, jitterMs)
    const atMs = Math.max(earliestMs, this.#lastArrivalMs[direction])
    this.#lastArrivalMs[direction] = atMs
    this.#onItsWay[direction].push(run)
    this.#arriveAt(atMs, direction)
  }

  /** Nothing arrives before then. What is on its way is late as well; `takesNothing`: what is written now is not even taken. */
  stall(untilMs: number, takesNothing: boolean): void {
    this.#takesNothing = takesNothing
    this.#hasHeldBack = false
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, untilMs)
  }

  /** Whatever the network had in store for it is off. */
  heal(): void {
    this.#stalledUntilMs = 0
    this.tamper = null
    this.gatherMs = 0
    this.segments.heal()
    if (this.#lost !== null) this.reset()
    this.#bytesLeft.toBroker = Number.POSITIVE_INFINITY
    this.#bytesLeft.toClient = Number.POSITIVE_INFINITY
  }

  /** The network cuts the connection when so many more bytes have arrived. */
  cutAfter(direction: Direction, bytes: number): void {
    this.#bytesLeft[direction] = Math.min(this.#bytesLeft[direction], bytes)
  }

  /** No answer arrives any more, although every request does; what is left then is to reset the connection. */
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

  /** The connection is gone for both ends, with all that was on its way. */
  reset(): void {
    if (this.#isReset) return
    this.#isReset = true
    this.#options.trace.add('network', () => `connection ${this.id} is reset`)
    this.carry('toClient', () => this.#closeClient(systemError('ECONNRESET', 'read')))
    this.carry('toBroker', () => this.#closeBroker())
  }

  #acceptedSocket(): AcceptedSocket {
    return {
      write: (chunks) => {
        if (this.#brokerEnd !== 'open') return
        this.#answer(this.#tampered(Buffer.concat(chunks)))
      },
      end: () => this.#endFromBroker(null),
      // A process that dies resets its connections.
      destroy: () => this.#endFromBroker(systemError('ECONNRESET', 'read')),
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

  /** Sends what was gathered, in one chunk. */
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

  #endFromBroker(error: Error | null): void {
    if (this.#brokerEnd !== 'open') return
    this.#passOn()
    this.#brokerEnd = 'ending'
    const { time, chance } = this.#options
    time.at(time.nowMs, 'network', 'brokers', () => this.#closeBroker())
    // A reset may overtake what was on its way.
    if (error !== null && chance.happens(0.5)) this.#isReset = true
    this.carry('toClient', () => this.#closeClient(error))
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

  /** What is written is taken in order. While nothing gets through, the system's own memory may be full. */
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
    // With answers unread the system resets the connection, and what it had taken may be lost.
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
    this.#clientEnd = 'closed'
    this.#client.closed(error)
    this.#endIfOver()
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
