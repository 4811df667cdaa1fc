import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

/** What a tap does with one connection. */
export interface TapPlan {
  /** The connection ends with a reset when the client has sent so many bytes; 0: at once. */
  readonly resetAfterSent?: number
  /** When the broker ends the connection, the client gets a reset behind the broker's last bytes. */
  readonly endsWithReset?: boolean
}

/** A proxy in front of one port of 127.0.0.1, which keeps the bytes of the clients. */
export class WireTap {
  /** The bytes that the client of each connection has sent. */
  readonly sent: Buffer[][] = []
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #plan: (connection: number) => TapPlan

  private constructor(target: number, plan: (connection: number) => TapPlan) {
    this.#plan = plan
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client, target))
  }

  /** @param plan what to do with each connection, the first of which has the number 0 */
  static async start(target: number, plan: (connection: number) => TapPlan = () => ({})): Promise<WireTap> {
    const tap = new WireTap(target, plan)
    tap.#server.listen(0, '127.0.0.1')
    await once(tap.#server, 'listening')
    return tap
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** All bytes of all clients. */
  get bytes(): Buffer {
    return Buffer.concat(this.sent.flat())
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(client: Socket, target: number): void {
    const { resetAfterSent = Number.POSITIVE_INFINITY, endsWithReset = false } = this.#plan(this.sent.length)
    const chunks: Buffer[] = []
    this.sent.push(chunks)
    const broker = connect({ host: '127.0.0.1', port: target, noDelay: true })
    const pairs = [
      [client, broker],
      [broker, client],
    ] as const
    for (const [one, other] of pairs) {
      this.#sockets.add(one)
      one.on('error', () => other.destroy())
      one.on('close', () => {
        this.#sockets.delete(one)
        other.destroy()
      })
    }
    let count = 0
    const reset = (): void => {
      client.resetAndDestroy()
      broker.resetAndDestroy()
    }
    if (resetAfterSent === 0) {
      reset()
      return
    }
    client.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      broker.write(chunk)
      count += chunk.length
      if (count >= resetAfterSent) reset()
    })
    client.on('end', () => broker.end())
    broker.on('data', (chunk: Buffer) => client.write(chunk))
    broker.on('end', () => {
      if (endsWithReset) client.resetAndDestroy()
      else client.end()
    })
  }
}
