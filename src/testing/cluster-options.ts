import type { Clock } from '../environment/clock.js'
import type { ClusterConfigInput } from './cluster-config.js'
import type { NewTopic } from './cluster-state.js'
import type { Listen } from './listen.js'

/** What a cluster depends on outside itself; a simulation gives its own. */
export interface ClusterEnvironment {
  readonly clock: Clock
  /** 0 (included) to 1 (excluded), as Math.random: for topic ids and the cluster's id. */
  readonly random: () => number
  readonly listen: Listen
}

export interface EmbeddedClusterOptions {
  /** How many brokers, 1 to 100; 1 unless given. Their node ids are 1, 2, 3 and so on. */
  readonly brokers?: number
  /** The first broker's port, the next one's is one higher; any free ports unless given. */
  readonly port?: number
  /** Topics that are there from the start. */
  readonly topics?: readonly (string | NewTopic)[]
  /** Broker settings by Kafka's names, such as `{ 'auto.create.topics.enable': false }`. */
  readonly config?: ClusterConfigInput
  /** The runtime's clock and loopback TCP unless given. */
  readonly environment?: ClusterEnvironment
}
