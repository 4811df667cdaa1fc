import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket } from 'node:tls'
import type { Clock } from '../environment/clock.js'
import type { ClusterTls } from './cluster-options.js'
import type { HandshakeFate } from './handshake-fault.js'
import type { Listen } from './listen.js'
import { nodeListenOn } from './node-listen.js'

/** The TLS of one broker, asked anew for each connection. */
export interface ListenerTls {
  readonly clock: Clock
  options(): ClusterTls
  /** The change of the handshake that begins now; null for none. */
  fate(): HandshakeFate | null
}

type Serve = (socket: Socket) => void

/** A fatal alert: handshake_failure (RFC 8446, section 6). */
const REFUSAL = Buffer.from([0x15, 0x03, 0x03, 0, 2, 2, 40])
/** The head of a ServerHello that ends behind it. */
const PART_OF_HELLO = Buffer.from([0x16, 0x03, 0x03, 0, 0x7a, 2, 0])

/** TLS over real TCP on the loopback interface. The brokers see a connection once its handshake is done. */
export function tlsListen(tls: ListenerTls): Listen {
  return nodeListenOn((serve) => {
    const handshakes = new Handshakes(tls, serve)
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => handshakes.begin(socket))
    handshakes.endWith(server)
    return server
  })
}

/** The handshakes of one port. */
class Handshakes {
  readonly #tls: ListenerTls
  readonly #serve: Serve
  readonly #underWay = new Map<string, Socket>()
  #isClosing = false
  /** The server for the present options. It has no port of its own. */
  #made: { readonly options: ClusterTls; readonly server: Server } | null = null

  constructor(tls: ListenerTls, serve: Serve) {
    this.#tls = tls
    this.#serve = serve
  }

  /** A server closes when its last connection has ended. Nobody else ends one whose handshake is not done. */
  endWith(server: Server): void {
    const close = server.close.bind(server)
    server.close = (closed) => {
      this.#isClosing = true
      for (const socket of this.#underWay.values()) socket.destroy()
      return close(closed)
    }
  }

  begin(socket: Socket): void {
    if (this.#isClosing) {
      socket.destroy()
      return
    }
    const name = nameOf(socket)
    this.#underWay.set(name, socket)
    socket.on('close', () => this.#underWay.delete(name))
    // The client may end the connection first.
    socket.on('error', () => undefined)
    const fate = this.#tls.fate()
    if (fate === null) this.#server().emit('connection', socket)
    else if (fate.kind === 'delay') this.#beginLater(socket, fate.delayMs)
    else socket.once('data', () => endWith(socket, fate.kind))
  }

  #beginLater(socket: Socket, delayMs: number): void {
    const timer = this.#tls.clock.setTimer(delayMs, () => this.#server().emit('connection', socket))
    socket.on('close', () => timer.cancel())
  }

  #server(): Server {
    const options = this.#tls.options()
    if (this.#made?.options === options) return this.#made.server
    const server = createTlsServer({ ...options, noDelay: true, allowHalfOpen: true })
    server.on('secureConnection', (socket: TLSSocket) => {
      this.#underWay.delete(nameOf(socket))
      this.#serve(socket)
    })
    // The client hears of a failed handshake by itself.
    server.on('tlsClientError', () => undefined)
    this.#made = { options, server }
    return server
  }
}

function endWith(socket: Socket, kind: 'refuse' | 'reset' | 'cut'): void {
  if (kind === 'reset') socket.resetAndDestroy()
  else socket.end(kind === 'refuse' ? REFUSAL : PART_OF_HELLO, () => socket.destroySoon())
}

function nameOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress}:${remotePort}`
}
