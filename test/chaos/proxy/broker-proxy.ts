import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ProxiedConnection } from './proxied-connection.js'
import type { ProxyFaults } from './proxy-faults.js'

/** Stands in front of one broker, and knows the frames that pass. */
export class BrokerProxy {
  readonly port: number
  readonly #faults: ProxyFaults
  readonly #connections = new Set<ProxiedConnection>()
  #targetPort: number | undefined
  #isHolding = false
  #server: Server

  private constructor(server: Server, faults: ProxyFaults) {
    this.#server = server
    this.#faults = faults
    this.port = (server.address() as AddressInfo).port
    server.on('connection', (client) => this.#accept(client))
  }

  /** Listens at a port of 127.0.0.1; 0: any that is free. */
  static async start(port: number, faults: ProxyFaults): Promise<BrokerProxy> {
    return new BrokerProxy(await listen(port), faults)
  }

  /** Where the broker is; before it is said, connections are refused. */
  passTo(port: number): void {
    this.#targetPort = port
  }

  /** New connections are refused, as by a machine where nothing listens, until `listen`. */
  refuse(): void {
    this.#server.close()
  }

  async listen(): Promise<void> {
    this.#server = await listen(this.port)
    this.#server.on('connection', (client) => this.#accept(client))
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
    this.#server.close()
    for (const connection of this.#connections) connection.end(true)
    while (this.#connections.size > 0) await nextTurn()
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

async function listen(port: number): Promise<Server> {
  // Read by nobody before the connection to the broker is made.
  const server = createServer({ noDelay: true, pauseOnConnect: true })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
