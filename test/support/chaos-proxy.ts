import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { SeededRandom } from './random.js'

export interface ChaosProxyOptions {
  readonly seed: number
  /** Where to listen on 127.0.0.1. */
  readonly port: number
  readonly targetPort: number
  /** The number of connections to cut. Later ones live. */
  readonly cuts: number
  /** The most bytes, in either direction, after which a connection is cut. */
  readonly bytesAtMost: Readonly<Record<Direction, number>>
}

type Direction = 'to the broker' | 'from the broker'

interface Cut {
  readonly direction: Direction
  readonly afterBytes: number
  /** Whether a connection ends with a reset instead of an orderly end. */
  readonly reset: boolean
}

/** A proxy between a client and a broker that cuts their connections at random bytes, chosen by a seed. */
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

  /** The number of connections that the proxy has cut. */
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
    // Every fourth cut is within a handshake or a frame's header, where a wide choice would rarely fall.
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
      // The bytes before the cut arrive first; then both ends learn of the cut.
      to.write(last, () => end(ends, cut?.reset ?? false))
    })
    to.on('drain', () => from.resume())
    // The other end learns of the failure by its own close event, so no more has to be done here.
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
