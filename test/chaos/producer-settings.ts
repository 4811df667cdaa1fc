import type { SeededRandom } from '../support/random.js'
import type { ProducerSettings } from './driver/driver-settings.js'

/**
 * Settings for every process of a client: Java's defaults, except for a request timeout that suits faults of
 * seconds.
 */
export const steadySettings: ProducerSettings = {
  requestTimeoutMs: 3_000,
  deliveryTimeoutMs: 120_000,
  lingerMs: 5,
  batchSize: 16_384,
  maxInFlightRequestsPerConnection: 5,
  compressionType: 'none',
}

/** Picks the settings of one process by the seed. */
export function pickSettings(random: SeededRandom): ProducerSettings {
  return {
    requestTimeoutMs: 3_000,
    // With the short timeout, records are given up while a broker is down.
    deliveryTimeoutMs: random.pick([120_000, 120_000, 120_000, 6_000]),
    lingerMs: random.pick([0, 5, 20]),
    batchSize: random.pick([2_000, 16_384, 16_384, 131_072]),
    maxInFlightRequestsPerConnection: random.pick([5, 5, 5, 2, 1]),
    compressionType: random.pick(['none', 'none', 'gzip'] as const),
  }
}
