import { BrokerConnection } from './broker-connection.js'
import type { ClusterActivity } from './cluster-activity.js'
import type { ClusterState } from './cluster-state.js'
import type { ServedApi } from './handler.js'
import type { InterceptorList } from './interceptor.js'
import type { AcceptedSocket, AcceptedSocketListener, Listen, ListeningPort } from './listen.js'

/** What a connection needs of its broker and its cluster. */
export interface BrokerServices {
  readonly cluster: ClusterState
  readonly interceptors: InterceptorList
  readonly activity: ClusterActivity
  readonly apis: ReadonlyMap<number, ServedApi>
  connectionClosed(connection: BrokerConnection): void
}

/** One broker's port and connections. It keeps its port while it is down. */
export class Broker {
  readonly nodeId: number
  readonly #services: Omit<BrokerServices, 'connectionClosed'>
  readonly #listen: Listen
  readonly #connections = new Set<BrokerConnection>()
  /** Connections that have ended before a request of theirs was handled. */
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

  get connectionCount(): number {
    return this.#connections.size
  }

  async start(port: number): Promise<ListeningPort> {
    this.#paused = false
    this.#up = true
    this.#port = await this.#listen(port, (socket) => this.#accept(socket))
    return this.#port
  }

  /** Ends every connection and gives the port back. */
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
    // A handshake may have been under way when the broker was stopped.
    if (!this.#up) connection.close()
    else if (this.#paused) connection.pause()
    return {
      received: (chunk) => connection.received(chunk),
      closed: () => connection.closed(),
    }
  }
}
