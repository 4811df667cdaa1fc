import type { SeededRandom } from '../support/random.js'
import type { ProducerSettings } from './driver/driver-settings.js'

/** The same for every process of a client: Java's defaults, but for a request timeout that suits faults of seconds. */
export const steadySettings: ProducerSettings = {
  requestTimeoutMs: 3_000,
  deliveryTimeoutMs: 120_000,
  lingerMs: 5,
  batchSize: 16_384,
  maxInFlightRequestsPerConnection: 5,
  compressionType: 'none',
}

/** Others for each process, as the seed decides. */
export function pickSettings(random: SeededRandom): ProducerSettings {
  return {
    requestTimeoutMs: 3_000,
    // The short one gives records up while a broker is away.
    deliveryTimeoutMs: random.pick([120_000, 120_000, 120_000, 6_000]),
    lingerMs: random.pick([0, 5, 20]),
    batchSize: random.pick([2_000, 16_384, 16_384, 131_072]),
    maxInFlightRequestsPerConnection: random.pick([5, 5, 5, 2, 1]),
    compressionType: random.pick(['none', 'none', 'gzip'] as const),
  }
}
