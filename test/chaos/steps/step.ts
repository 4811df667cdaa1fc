import type { SeededRandom } from '../../support/random.js'
import type { ChaosCluster } from '../cluster/chaos-cluster.js'
import type { WorkloadTopic } from '../driver/driver-settings.js'
import type { Drivers } from '../drivers.js'
import type { Recreation, Verdict } from '../judge/oracle.js'
import type { Recovery } from '../judge/recovery.js'
import type { NetworkFaults } from '../proxy/network-faults.js'
import type { Tally } from '../tally.js'

/** The topics of the workload, in its order. */
export interface ChaosTopics {
  readonly main: WorkloadTopic
  readonly growing: WorkloadTopic
  readonly recreated: WorkloadTopic
}

/** The oracle's verdict on deleted logs. */
export interface DeletedLogs {
  readonly verdict: Verdict
  readonly examples: string[]
  read: number
}

/** The parts of a run that a fault works on. */
export interface Scene {
  readonly cluster: ChaosCluster
  readonly drivers: Drivers
  readonly topics: ChaosTopics
  readonly clientId: string
  readonly network: NetworkFaults
  readonly random: SeededRandom
  readonly recovery: Recovery
  readonly tally: Tally
  /** The current number of partitions of the topics that change. */
  readonly partitions: { growing: number; recreated: number }
  /** The last recreation of the recreated topic. */
  recreation: Recreation | undefined
  /** The verdicts on the recreated topic, each from before a deletion. */
  readonly deletedLogs: DeletedLogs
  /** The rate that a step wants; undefined if it wants none. */
  wantedRate: number | undefined
  /** Adds a line to the run's log. */
  note(text: string): void
}

/** A fault, from its beginning until the cluster is healthy again. */
export type Step = (scene: Scene) => Promise<void>
