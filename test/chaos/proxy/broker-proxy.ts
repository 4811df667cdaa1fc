import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { ProxiedConnection } from './proxied-connection.js'
import type { ProxyFaults } from './proxy-faults.js'

/** Stands in front of one broker, and knows the frames that pass. */
export class BrokerProxy {
  readonly #faults: ProxyFaults
  readonly #server: Server
  readonly #connections = new Set<ProxiedConnection>()
  #targetPort: number | undefined
  #isHolding = false

  private constructor(faults: ProxyFaults) {
    this.#faults = faults
    // Read by nobody before the connection to the broker is made.
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (client) => this.#accept(client))
  }

  /** Listens at a port of 127.0.0.1; 0: any that is free. */
  static async start(port: number, faults: ProxyFaults): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(faults)
    proxy.#server.listen(port, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Where the broker is; before it is said, connections are refused. */
  passTo(port: number): void {
    this.#targetPort = port
  }

  /** From now on nothing passes, on connections of now and of later. */
  hold(): void {
    this.#isHolding = true
    for (const connection of this.#connections) connection.hold()
  }

  /** What was held passes, or its connections end. */
  release(then: 'pass' | 'end' | 'reset'): void {
    this.#isHolding = false
    for (const connection of this.#connections) {
      if (then === 'pass') connection.release()
      else connection.end(then === 'reset')
    }
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    for (const connection of this.#connections) connection.end(true)
    await closed
  }

  #accept(client: Socket): void {
    if (this.#targetPort === undefined) {
      client.on('error', () => undefined)
      client.resetAndDestroy()
      return
    }
    const broker = connect({ host: '127.0.0.1', port: this.#targetPort, noDelay: true })
    const connection = new ProxiedConnection(client, broker, this.#faults, () => {
      this.#connections.delete(connection)
    })
    this.#connections.add(connection)
    if (this.#isHolding) connection.hold()
    else client.resume()
  }
}
