import type { OpenSocket, Socket, SocketAddress, SocketListener } from '../../src/environment/socket.js'

/** The fate of a connection that is dialled. */
export type Dial = 'refuse' | 'hang' | ((peer: ScriptedPeer) => void)

/** Sockets within the process. A test sets the behaviour of each address, and sees every byte. */
export class ScriptedNetwork {
  /** `address:port` of every connection that was dialled, in order. */
  readonly dialled: string[] = []
  readonly #behaviours = new Map<string, Dial>()
  readonly #open = new Set<ScriptedPeer>()

  /** Sets the fate of later connections to `address:port`; by default they are refused. */
  on(address: string, dial: Dial): void {
    this.#behaviours.set(address, dial)
  }

  /** The connections that are open, or being opened. */
  get open(): ScriptedPeer[] {
    return [...this.#open]
  }

  readonly openSocket: OpenSocket = (address: SocketAddress, listener: SocketListener): Socket => {
    const name = `${address.address}:${address.port}`
    this.dialled.push(name)
    const peer = new ScriptedPeer(name, listener, () => this.#open.delete(peer))
    this.#open.add(peer)
    const dial = this.#behaviours.get(name) ?? 'refuse'
    if (dial === 'refuse') peer.fail('ECONNREFUSED')
    else if (dial !== 'hang') peer.accept(dial)
    return peer.socket
  }
}

/** The other end of one connection. What it sends arrives in a later turn of the event loop, in order. */
export class ScriptedPeer {
  /** `address:port` as it was dialled. */
  readonly address: string
  /** Every byte the client has written. */
  received: Buffer = Buffer.alloc(0)
  /** While true, the operating system takes no bytes, and no write is reported as done. */
  holdWrites = false
  /** Called when bytes have arrived. */
  onBytes: () => void = () => {}
  readonly #listener: SocketListener
  readonly #gone: () => void
  readonly #heldWrites: (() => void)[] = []
  #destroyed = false

  constructor(address: string, listener: SocketListener, gone: () => void) {
    this.address = address
    this.#listener = listener
    this.#gone = gone
  }

  get isDestroyed(): boolean {
    return this.#destroyed
  }

  readonly socket: Socket = {
    write: (chunks, written) => {
      if (this.#destroyed) return
      this.received = Buffer.concat([this.received, ...chunks])
      if (this.holdWrites) this.#heldWrites.push(written)
      else this.#later(written)
      this.#later(() => this.onBytes())
    },
    secure: () => Promise.reject(new Error('nothing is encrypted here')),
    destroy: () => this.#end(null),
  }

  accept(serve: (peer: ScriptedPeer) => void): void {
    this.#later(() => {
      serve(this)
      this.#listener.connected()
    })
  }

  send(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) this.#later(() => this.#listener.received(Buffer.from(chunk)))
  }

  /** Makes the operating system take all writes so far. */
  takeWrites(): void {
    for (const written of this.#heldWrites.splice(0)) this.#later(written)
  }

  /** Ends the connection in an orderly way. */
  end(): void {
    this.#later(() => this.#end(null))
  }

  /** Breaks the connection with a system error's code. */
  fail(code: string): void {
    this.#later(() => this.#end(Object.assign(new Error(code), { code })))
  }

  #end(error: Error | null): void {
    if (this.#destroyed) return
    this.#destroyed = true
    this.#gone()
    setImmediate(() => this.#listener.closed(error))
  }

  #later(run: () => void): void {
    setImmediate(() => {
      if (!this.#destroyed) run()
    })
  }
}
