import { resolveSettings } from './resolve.js'
import type { Bytes } from './serializer.js'
import { configTable } from './table.js'
import type { ProducerConfig, ResolvedProducerConfig, ResolvedProducerSettings } from './types.js'
import { unknownKey } from './unknown-key.js'

export { fromProperties, type PropertiesOptions } from './properties.js'
export { Secret } from './secret.js'
export type { ProducerConfig, ResolvedProducerConfig } from './types.js'

let generatedClientIds = 0

/** `n` of the next `producer-<n>`, counted from 1 across the whole process as in Java. */
function nextClientNumber(): number {
  generatedClientIds++
  return generatedClientIds
}

/**
 * Checks a producer's config and fills in the defaults. Only own properties of the object count. `undefined`
 * counts as left out.
 *
 * @param clientNumber the number in a generated client id
 * @throws ConfigError that lists every problem with its key, its value and the rule
 */
export function resolveConfig<K = Bytes, V = Bytes>(
  user: ProducerConfig<K, V>,
  clientNumber: () => number = nextClientNumber,
): ResolvedProducerConfig<K, V> {
  const values = resolveSettings(user, {
    table: configTable,
    unknownKey: (key) => unknownKey(key, configTable),
    generateClientId: ({ transactionalId }) => `producer-${transactionalId ?? clientNumber()}`,
  })
  const lingerIsGiven = user.lingerMs !== undefined
  return Object.freeze({ ...(values as ResolvedProducerSettings<K, V>), lingerIsGiven })
}
