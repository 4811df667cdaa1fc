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

/** What the oracle said of logs that are gone. */
export interface DeletedLogs {
  readonly verdict: Verdict
  readonly examples: string[]
  read: number
}

/** What a fault works on. */
export interface Scene {
  readonly cluster: ChaosCluster
  readonly drivers: Drivers
  readonly topics: ChaosTopics
  readonly clientId: string
  readonly network: NetworkFaults
  readonly random: SeededRandom
  readonly recovery: Recovery
  readonly tally: Tally
  /** How many partitions the topics that change have now. */
  readonly partitions: { growing: number; recreated: number }
  /** When the recreated topic was made anew last. */
  recreation: Recreation | undefined
  /** What was wrong with the recreated topic each time before it was deleted. */
  readonly deletedLogs: DeletedLogs
  /** While it is set, a step wants records at this rate. */
  wantedRate: number | undefined
  /** A line for the run's log. */
  note(text: string): void
}

/** A fault, from its beginning until the cluster is whole again. */
export type Step = (scene: Scene) => Promise<void>
