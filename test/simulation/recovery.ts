import { LONGEST_PAUSE_MS } from './connection-watch.js'
import type { Scenario } from './scenario.js'

/** How long a producer may take until all is delivered again after the last fault; milliseconds. */
export function recoveryMs({ config, brokers }: Scenario, strikes: ReadonlyMap<string, number>): number {
  // A connection that nobody answers on is found out by `request.timeout.ms`, at worst on one after the other.
  const silentMs = config.requestTimeoutMs * (1 + brokers)
  const pausesMs = (strikes.get('endless pause asked for') ?? 0) * LONGEST_PAUSE_MS
  // Brokers that are none are tried one after the other, until those known are given up.
  const triedMs = strikes.has('brokers without number') ? config.metadataRecoveryRebootstrapTriggerMs : 0
  return 60_000 + silentMs + pausesMs + triedMs
}
