import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { SeededRandom } from './random.js'

export interface ChaosProxyOptions {
  readonly seed: number
  /** Where to listen on 127.0.0.1. */
  readonly port: number
  readonly targetPort: number
  /** When so many connections have been cut, new ones live. */
  readonly cuts: number
  /** A connection is cut after 0 to so many bytes to the broker, or after 0 to so many from it. */
  readonly bytesAtMost: Readonly<Record<Direction, number>>
}

type Direction = 'to the broker' | 'from the broker'

interface Cut {
  readonly direction: Direction
  readonly afterBytes: number
  /** With a reset instead of an orderly end. */
  readonly reset: boolean
}

/** Stands between a client and a broker and cuts their connections at random bytes, which a seed decides. */
export class ChaosProxy {
  readonly #options: ChaosProxyOptions
  readonly #random: SeededRandom
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #cut = 0

  private constructor(options: ChaosProxyOptions) {
    this.#options = options
    this.#random = new SeededRandom(options.seed)
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client))
  }

  static async start(options: ChaosProxyOptions): Promise<ChaosProxy> {
    const proxy = new ChaosProxy(options)
    proxy.#server.listen(options.port, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** How many connections it has cut. */
  get cut(): number {
    return this.#cut
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(client: Socket): void {
    const broker = connect({ host: '127.0.0.1', port: this.#options.targetPort, noDelay: true })
    const cut = this.#cut < this.#options.cuts ? this.#planCut() : undefined
    const ends = { client, broker }
    this.#forward('to the broker', client, broker, cut, ends)
    this.#forward('from the broker', broker, client, cut, ends)
  }

  #planCut(): Cut {
    const direction = this.#random.pick<Direction>(['to the broker', 'from the broker'])
    // Every fourth within a handshake or a frame's header, where a wide choice would hardly ever fall.
    const most = this.#random.oneIn(4) ? 100 : this.#options.bytesAtMost[direction]
    return {
      direction,
      afterBytes: this.#random.integer(0, most),
      reset: this.#random.oneIn(2),
    }
  }

  #forward(
    direction: Direction,
    from: Socket,
    to: Socket,
    cut: Cut | undefined,
    ends: { readonly client: Socket; readonly broker: Socket },
  ): void {
    this.#sockets.add(from)
    let left = cut?.direction === direction ? cut.afterBytes : Number.POSITIVE_INFINITY
    from.on('data', (chunk: Buffer) => {
      if (left === Number.NEGATIVE_INFINITY) return
      if (chunk.length < left) {
        left -= chunk.length
        if (!to.write(chunk)) from.pause()
        return
      }
      const last = chunk.subarray(0, left)
      left = Number.NEGATIVE_INFINITY
      this.#cut++
      // What comes before the cut arrives; only then do both sides learn of it.
      to.write(last, () => end(ends, cut?.reset ?? false))
    })
    to.on('drain', () => from.resume())
    // The peer is told by its own end; a failed connection needs nobody else's attention here.
    from.on('error', () => undefined)
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroySoon()
    })
  }
}

function end({ client, broker }: { readonly client: Socket; readonly broker: Socket }, reset: boolean): void {
  if (reset) client.resetAndDestroy()
  else client.destroySoon()
  broker.destroySoon()
}
