import { LONGEST_PAUSE_MS } from './connection-watch.js'
import type { Scenario } from './scenario.js'

/** The longest time from the last fault until every record is delivered again, in milliseconds. */
export function recoveryMs({ config, brokers }: Scenario, strikes: ReadonlyMap<string, number>): number {
  // A silent connection ends after `request.timeout.ms`, at worst one connection after the other.
  const silentMs = config.requestTimeoutMs * (1 + brokers)
  const endlessMs = (strikes.get('endless pause asked for') ?? 0) * LONGEST_PAUSE_MS
  // A pause that a broker asked for goes on behind the last fault. The longest is four request timeouts.
  const pauseMs = strikes.has('throttled') ? 4 * config.requestTimeoutMs : 0
  // False brokers are tried one after the other, until the client gives up the known ones.
  const triedMs = strikes.has('brokers without number') ? config.metadataRecoveryRebootstrapTriggerMs : 0
  return 60_000 + silentMs + pauseMs + endlessMs + triedMs
}
