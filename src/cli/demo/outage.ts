import type { EmbeddedCluster } from '../../testing/index.js'
import { describeFailure } from '../failure.js'
import type { Terminal } from '../terminal.js'

const NODE_ID = 2
const DOWN_FOR_MS = 400
/** The time until other brokers lead its partitions. An election takes a while in a real cluster too. */
const FAILOVER_MS = 100

type Brokers = Pick<EmbeddedCluster, 'stopBroker' | 'startBroker'>

type State = { readonly kind: 'before' } | { readonly kind: 'down'; readonly back: Promise<boolean> }

/** Stops a broker during a demo and starts it again. The broker is always one of the demo's own cluster. */
export class Outage {
  readonly #cluster: Brokers
  readonly #terminal: Terminal
  #state: State = { kind: 'before' }

  constructor(cluster: Brokers, terminal: Terminal) {
    this.#cluster = cluster
    this.#terminal = terminal
  }

  get hasBegun(): boolean {
    return this.#state.kind === 'down'
  }

  begin(): void {
    if (this.#state.kind === 'before') this.#state = { kind: 'down', back: this.#run() }
  }

  /**
   * Resolves when the outage has ended, or at once if there was none. The result says whether the broker is
   * up.
   */
  over(): Promise<boolean> {
    return this.#state.kind === 'down' ? this.#state.back : Promise.resolve(true)
  }

  async #run(): Promise<boolean> {
    try {
      await this.#cluster.stopBroker(NODE_ID, { failoverMs: FAILOVER_MS })
      this.#terminal.say(`broker ${NODE_ID} is down; sending goes on`)
      await new Promise((resolve) => setTimeout(resolve, DOWN_FOR_MS))
      await this.#cluster.startBroker(NODE_ID)
      this.#terminal.say(`broker ${NODE_ID} is back`)
      return true
    } catch (error) {
      this.#terminal.say(`broker ${NODE_ID} could not be brought back: ${describeFailure(error)}`)
      return false
    }
  }
}
