import { ConfigError } from '../../errors.js'
import { silentLogger } from '../../logger.js'
import type { Bytes } from '../record.js'
import { checkSupport, checkValue } from './check.js'
import type { ConfigEntry } from './entry.js'
import { type ConfigDraft, configRules } from './rules.js'
import { type ConfigKey, configKeys, configTable, isConfigKey } from './table.js'
import type { ProducerConfig, ResolvedProducerConfig } from './types.js'
import { unknownKey } from './unknown-key.js'

export { fromProperties, type PropertiesOptions } from './properties.js'
export { Secret } from './secret.js'
export type { ProducerConfig, ResolvedProducerConfig, Serializer } from './types.js'

let generatedClientIds = 0

/** `n` of the next `producer-<n>`, counted from 1 across the whole process as in Java. */
function nextClientNumber(): number {
  generatedClientIds++
  return generatedClientIds
}

/**
 * Checks a producer's config and completes it. Only the object's own properties count, and one that is `undefined` is the same as
 * one that is left out.
 *
 * @param clientNumber the number in a generated client id
 * @throws ConfigError naming the key, the value and the rule
 */
export function resolveConfig<K = Bytes, V = Bytes>(
  user: ProducerConfig<K, V>,
  clientNumber: () => number = nextClientNumber,
): ResolvedProducerConfig<K, V> {
  const { values, given } = checkedValues(user)
  for (const key of configKeys) {
    if (!Object.hasOwn(values, key)) values[key] = defaultOf(key)
  }
  const draft = values as ConfigDraft
  for (const rule of configRules) rule.apply(draft, given)
  for (const key of given) checkSupport(key, configTable[key], values[key])
  if (!given.has('clientId')) draft.clientId = `producer-${draft.transactionalId ?? clientNumber()}`
  return Object.freeze(values) as ResolvedProducerConfig<K, V>
}

function checkedValues(user: unknown): {
  values: Partial<Record<ConfigKey, unknown>>
  given: Set<ConfigKey>
} {
  if (typeof user !== 'object' || user === null || Array.isArray(user)) {
    throw new ConfigError('config', 'the config must be an object, with bootstrapServers at the least')
  }
  const values: Partial<Record<ConfigKey, unknown>> = {}
  const given = new Set<ConfigKey>()
  for (const key of Reflect.ownKeys(user)) {
    if (typeof key === 'symbol') {
      throw new ConfigError(String(key), `unknown config key ${String(key)}: keys are strings`)
    }
    if (!isConfigKey(key)) throw unknownKey(key)
    const value: unknown = Reflect.get(user, key)
    if (value === undefined) continue
    values[key] = checkValue(key, configTable[key], value)
    // Null, where it is allowed, asks for what leaving the key out does.
    if (value !== null) given.add(key)
  }
  return { values, given }
}

function defaultOf(key: ConfigKey): unknown {
  const entry: ConfigEntry = configTable[key]
  if (entry.type === 'servers') {
    throw new ConfigError(key, `${key} is missing: name at least one broker as host:port`)
  }
  if (entry.type === 'logger') return silentLogger
  // Generated once everything else is known to be right.
  if (entry.default === undefined) return ''
  return entry.default === null ? null : checkValue(key, entry, entry.default)
}
