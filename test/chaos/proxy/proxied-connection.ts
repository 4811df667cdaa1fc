import type { Socket } from 'node:net'
import { FrameSplitter } from './frame-splitter.js'
import type { ProxyFaults, ResponseFault } from './proxy-faults.js'
import { ThrottleWatch } from './throttle-watch.js'

const produceKey = 0
/** Size, API key, API version, correlation id. */
const requestHead = 12
/** Size, correlation id. */
const responseHead = 8

interface Request {
  readonly apiKey: number
  readonly version: number
  readonly correlationId: number
}

type State =
  | { readonly kind: 'forwarding' }
  /** The broker's bytes are thrown away. */
  | { readonly kind: 'silent' }
  /** The broker's bytes are kept for later. */
  | { readonly kind: 'delayed'; readonly kept: Buffer[] }
  | { readonly kind: 'ended' }

/** One client's connection to one broker. It passes frames on, and applies the faults to them. */
export class ProxiedConnection {
  readonly #client: Socket
  readonly #broker: Socket
  readonly #faults: ProxyFaults
  readonly #throttle = new ThrottleWatch()
  readonly #requests: Request[] = []
  #state: State = { kind: 'forwarding' }
  #isHeld = false
  #requestBytesLeft: { count: number; readonly reset: boolean } | undefined
  #responseBytesLeft: { count: number; readonly reset: boolean } | undefined
  #response: Request | undefined

  /** `closed` is called once, when both sides are closed. */
  constructor(client: Socket, broker: Socket, faults: ProxyFaults, closed: () => void) {
    this.#client = client
    this.#broker = broker
    this.#faults = faults
    const up = new FrameSplitter(requestHead, {
      frame: (head, length) => this.#onRequest(head, length),
      bytes: (chunk) => this.#passUp(chunk),
    })
    const down = new FrameSplitter(responseHead, {
      frame: (head, length) => this.#onResponse(head, length),
      bytes: (chunk, isLast) => this.#passDown(chunk, isLast),
    })
    this.#connect(client, broker, up)
    this.#connect(broker, client, down)
    let open = 2
    for (const socket of [client, broker]) socket.once('close', () => --open === 0 && closed())
  }

  /** Stops the traffic in both directions until `release`. Nothing is lost. */
  hold(): void {
    this.#isHeld = true
    this.#client.pause()
    this.#broker.pause()
  }

  release(): void {
    this.#isHeld = false
    this.#client.resume()
    if (this.#state.kind !== 'delayed') this.#broker.resume()
  }

  end(reset: boolean): void {
    this.#state = { kind: 'ended' }
    if (reset) this.#client.resetAndDestroy()
    else this.#client.destroySoon()
    this.#broker.destroySoon()
  }

  #connect(from: Socket, to: Socket, splitter: FrameSplitter): void {
    from.on('data', (chunk: Buffer) => {
      if (this.#state.kind === 'ended') return
      splitter.push(chunk)
      if (to.writableNeedDrain) from.pause()
    })
    to.on('drain', () => {
      const isDelayed = from === this.#broker && this.#state.kind === 'delayed'
      if (!this.#isHeld && !isDelayed) from.resume()
    })
    let failed = false
    from.on('error', () => {
      failed = true
    })
    // The other side is closed in the same way as this one.
    from.on('close', () => {
      if (failed && !to.destroyed) to.resetAndDestroy()
      else to.destroySoon()
    })
  }

  #onRequest(head: Buffer, length: number): void {
    const apiKey = head.readInt16BE(4)
    this.#requests.push({ apiKey, version: head.readInt16BE(6), correlationId: head.readInt32BE(8) })
    if (apiKey !== produceKey || this.#state.kind === 'ended') return
    if (this.#throttle.ignoredAt(performance.now())) this.#faults.throttleIgnored()
    const fault = this.#faults.onRequest(length)
    if (fault !== undefined) this.#requestBytesLeft = { count: fault.afterBytes, reset: fault.reset }
  }

  #passUp(chunk: Buffer): void {
    if (this.#state.kind === 'ended') return
    const left = this.#requestBytesLeft
    if (left === undefined || chunk.length < left.count) {
      if (left !== undefined) left.count -= chunk.length
      this.#broker.write(chunk)
      return
    }
    this.#cut(this.#broker, chunk.subarray(0, left.count), left.reset)
  }

  #onResponse(head: Buffer, length: number): void {
    const correlationId = head.readInt32BE(4)
    // Requests without a response are skipped.
    do this.#response = this.#requests.shift()
    while (this.#response !== undefined && this.#response.correlationId !== correlationId)
    if (this.#response?.apiKey !== produceKey || this.#state.kind !== 'forwarding') return
    const fault = this.#faults.onResponse(length)
    if (fault !== undefined) this.#begin(fault)
  }

  #begin(fault: ResponseFault): void {
    switch (fault.kind) {
      case 'cut':
        this.#responseBytesLeft = { count: fault.afterBytes, reset: fault.reset }
        return
      case 'drop':
        this.#state = { kind: 'silent' }
        if (fault.afterwards !== 'silence') this.end(fault.afterwards === 'reset')
        return
      case 'delay':
        this.#state = { kind: 'delayed', kept: [] }
        this.#broker.pause()
        setTimeout(() => this.#undelay(), fault.milliseconds)
        return
      default:
        fault satisfies never
    }
  }

  #undelay(): void {
    if (this.#state.kind !== 'delayed') return
    for (const chunk of this.#state.kept) this.#client.write(chunk)
    this.#state = { kind: 'forwarding' }
    if (!this.#isHeld) this.#broker.resume()
  }

  #passDown(chunk: Buffer, isLast: boolean): void {
    if (this.#state.kind === 'ended' || this.#state.kind === 'silent') return
    if (this.#response?.apiKey === produceKey) {
      const throttleMs = this.#throttle.response(this.#response.version, chunk, isLast, performance.now())
      if (throttleMs > 0) this.#faults.throttled(throttleMs)
    }
    if (this.#state.kind === 'delayed') {
      this.#state.kept.push(chunk)
      return
    }
    const left = this.#responseBytesLeft
    if (left === undefined || chunk.length < left.count) {
      if (left !== undefined) left.count -= chunk.length
      this.#client.write(chunk)
      return
    }
    this.#cut(this.#client, chunk.subarray(0, left.count), left.reset)
  }

  /** Ends the connection after the bytes before the cut have arrived. */
  #cut(to: Socket, last: Buffer, reset: boolean): void {
    this.#state = { kind: 'ended' }
    to.write(last, () => this.end(reset))
  }
}
