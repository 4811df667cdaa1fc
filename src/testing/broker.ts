import { BrokerConnection } from './broker-connection.js'
import type { ClusterActivity } from './cluster-activity.js'
import type { ClusterState } from './cluster-state.js'
import type { ServedApi } from './handler.js'
import type { InterceptorList } from './interceptor.js'
import type { AcceptedSocket, AcceptedSocketListener, Listen, ListeningPort } from './listen.js'

/** The parts of a broker and its cluster that a connection uses. */
export interface BrokerServices {
  readonly cluster: ClusterState
  readonly interceptors: InterceptorList
  readonly activity: ClusterActivity
  readonly apis: ReadonlyMap<number, ServedApi>
  connectionClosed(connection: BrokerConnection): void
}

/** The port and the connections of one broker. A broker keeps its port number while it is down. */
export class Broker {
  readonly nodeId: number
  readonly #services: Omit<BrokerServices, 'connectionClosed'>
  readonly #listen: Listen
  readonly #connections = new Set<BrokerConnection>()
  /** Closed connections with a request that is still to be handled. */
  readonly #orphans = new Set<BrokerConnection>()
  #port: ListeningPort | null = null
  #up = false
  #paused = false
  #nextConnectionId = 1

  constructor(nodeId: number, services: Omit<BrokerServices, 'connectionClosed'>, listen: Listen) {
    this.nodeId = nodeId
    this.#services = services
    this.#listen = listen
  }

  get state(): 'up' | 'paused' | 'down' {
    if (!this.#up) return 'down'
    return this.#paused ? 'paused' : 'up'
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  async start(port: number): Promise<ListeningPort> {
    this.#paused = false
    this.#up = true
    this.#port = await this.#listen(port, (socket) => this.#accept(socket))
    return this.#port
  }

  /** Ends every connection and frees the port. */
  async stop(): Promise<void> {
    const port = this.#port
    this.#port = null
    this.#up = false
    for (const connection of [...this.#connections, ...this.#orphans]) connection.halt()
    this.#orphans.clear()
    await port?.close()
  }

  closeConnections(): void {
    for (const connection of [...this.#connections]) connection.close()
  }

  pause(): void {
    this.#paused = true
    for (const connection of this.#connections) connection.pause()
  }

  resume(): void {
    this.#paused = false
    for (const connection of [...this.#connections]) connection.resume()
  }

  #ended(closed: BrokerConnection): void {
    this.#connections.delete(closed)
    for (const orphan of this.#orphans) if (!orphan.handlesLater) this.#orphans.delete(orphan)
    if (closed.handlesLater) this.#orphans.add(closed)
  }

  #accept(socket: AcceptedSocket): AcceptedSocketListener {
    const services: BrokerServices = {
      ...this.#services,
      connectionClosed: (closed) => this.#ended(closed),
    }
    const connection = new BrokerConnection(services, this.nodeId, this.#nextConnectionId++, socket)
    this.#connections.add(connection)
    // A TCP handshake may have been in progress when the broker was stopped.
    if (!this.#up) connection.close()
    else if (this.#paused) connection.pause()
    return {
      received: (chunk) => connection.received(chunk),
      closed: () => connection.closed(),
    }
  }
}
