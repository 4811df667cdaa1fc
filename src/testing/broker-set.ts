import type { Broker } from './broker.js'
import type { ListeningPort } from './listen.js'

/** The brokers of a cluster by their node ids, which begin with 1. Each keeps its port while it is down. */
export class BrokerSet implements Iterable<Broker> {
  readonly #brokers = new Map<number, Broker>()
  readonly #ports = new Map<number, number>()

  constructor(count: number, make: (nodeId: number) => Broker) {
    for (let nodeId = 1; nodeId <= count; nodeId++) this.#brokers.set(nodeId, make(nodeId))
  }

  [Symbol.iterator](): Iterator<Broker> {
    return this.#brokers.values()
  }

  /** @throws RangeError if there is no such broker */
  require(nodeId: number): Broker {
    const broker = this.#brokers.get(nodeId)
    if (broker === undefined) throw new RangeError(`there is no broker ${nodeId}`)
    return broker
  }

  /**
   * Starts all of them.
   *
   * @param port of the first, the next one's is one higher; 0 for any free ones
   * @param opened called for each as soon as it listens
   */
  async open(port: number, opened: (nodeId: number, at: ListeningPort) => void): Promise<void> {
    for (const [nodeId, broker] of this.#brokers) {
      const at = await broker.start(port === 0 ? 0 : port + nodeId - 1)
      this.#ports.set(nodeId, at.port)
      opened(nodeId, at)
    }
  }

  /** Starts one again, on its port. */
  async restart(nodeId: number): Promise<void> {
    await this.require(nodeId).start(this.#ports.get(nodeId) ?? 0)
  }

  async stop(): Promise<void> {
    await Promise.all([...this].map((broker) => broker.stop()))
  }

  /** `host:port` of a broker, also while it is down. */
  addressOf(nodeId: number): string {
    return `127.0.0.1:${this.#ports.get(nodeId)}`
  }

  /** The addresses of all brokers that have ever listened. */
  addresses(): string[] {
    return [...this.#ports.keys()].map((nodeId) => this.addressOf(nodeId))
  }
}
