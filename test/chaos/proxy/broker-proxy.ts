import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { ProxiedConnection } from './proxied-connection.js'
import type { ProxyFaults } from './proxy-faults.js'

/** A proxy in front of one broker that knows the frames of the protocol. */
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

  /** Listens at a port of 127.0.0.1; 0: any free port. */
  static async start(port: number, faults: ProxyFaults): Promise<BrokerProxy> {
    return new BrokerProxy(await listen(port), faults)
  }

  /** Sets the port of the broker. Before this call, connections are refused. */
  passTo(port: number): void {
    this.#targetPort = port
  }

  /** Refuses new connections until `listen`, like a machine where nothing listens. */
  refuse(): void {
    this.#server.close()
  }

  async listen(): Promise<void> {
    this.#server = await listen(this.port)
    this.#server.on('connection', (client) => this.#accept(client))
  }

  /** Stops all traffic, on existing and on new connections. */
  hold(): void {
    this.#isHolding = true
    for (const connection of this.#connections) connection.hold()
  }

  /** Ends `hold`: the held traffic passes, or its connections end. */
  release(then: 'pass' | 'end' | 'reset'): void {
    this.#isHolding = false
    for (const connection of this.#connections) {
      if (then === 'pass') connection.release()
      else connection.end(then === 'reset')
    }
  }

  async stop(): Promise<void> {
    this.#server.close()
    // A connection that the system has accepted already may still come in.
    this.#targetPort = undefined
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
  // A connection is not read before the one to the broker is made.
  const server = createServer({ noDelay: true, pauseOnConnect: true })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
