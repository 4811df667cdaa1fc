import { ConfigError } from '../errors.js'
import type { NetworkOptions } from '../network/network-options.js'
import { type ProducerConfig, resolveConfig } from '../producer/config/config.js'
import { configKeys } from '../producer/config/table.js'
import { connectionConfigs } from '../producer/config/table-connection.js'
import { securityConfigs } from '../producer/config/table-security.js'
import { unknownKey } from '../producer/config/unknown-key.js'
import { networkOptions } from '../producer/network-options.js'

/** Settings of connections that are about records or about topics in use, of which an admin has none. */
type RecordKey = 'keySerializer' | 'valueSerializer' | 'interceptors' | 'metadataMaxIdleMs'

type SharedKey = Exclude<keyof typeof connectionConfigs | keyof typeof securityConfigs, RecordKey>

/** The settings of an admin: those of a producer's connections, and how long a call may take. */
export type AdminConfig = Pick<ProducerConfig, SharedKey> & {
  /** The most time of one call, retries included, in milliseconds: Java's `default.api.timeout.ms`. 60,000 unless given. */
  readonly defaultApiTimeoutMs?: number | undefined
}

export interface ResolvedAdminConfig {
  readonly network: NetworkOptions
  readonly defaultApiTimeoutMs: number
}

const DEFAULT_API_TIMEOUT_MS = 60_000
const MAX_INT = 2147483647

const recordKeys: ReadonlySet<string> = new Set<RecordKey>([
  'keySerializer',
  'valueSerializer',
  'interceptors',
  'metadataMaxIdleMs',
])

const sharedKeys: ReadonlySet<string> = new Set(
  [...Object.keys(connectionConfigs), ...Object.keys(securityConfigs)].filter((key) => !recordKeys.has(key)),
)

const producerKeys: ReadonlySet<string> = new Set(configKeys)

let generatedClientIds = 0

/** The part of a producer's settings that an admin takes: for a file of settings that both are to share. */
export function adminConfigOf(config: ProducerConfig): AdminConfig {
  return Object.fromEntries(Object.entries(config).filter(([key]) => sharedKeys.has(key))) as AdminConfig
}

/** @throws ConfigError naming the key, the value and the rule */
export function resolveAdminConfig(config: AdminConfig): ResolvedAdminConfig {
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new ConfigError('config', 'the config must be an object, with bootstrapServers at the least')
  }
  const { defaultApiTimeoutMs = DEFAULT_API_TIMEOUT_MS, ...shared } = config
  for (const key of Object.keys(shared)) {
    if (sharedKeys.has(key)) continue
    if (!producerKeys.has(key)) throw unknownKey(key)
    throw new ConfigError(key, `config key '${key}' is for producers, an admin has no use for it`)
  }
  if (!Number.isInteger(defaultApiTimeoutMs) || defaultApiTimeoutMs < 0 || defaultApiTimeoutMs > MAX_INT) {
    throw new ConfigError(
      'defaultApiTimeoutMs',
      `defaultApiTimeoutMs must be a whole number from 0 to ${MAX_INT}, got ${String(defaultApiTimeoutMs)}`,
    )
  }
  const resolved = resolveConfig({ clientId: nextClientId(), ...withoutUndefined(shared) })
  return { network: { ...networkOptions(resolved), allowAutoTopicCreation: false }, defaultApiTimeoutMs }
}

function withoutUndefined(config: Omit<AdminConfig, 'defaultApiTimeoutMs'>): ProducerConfig {
  return Object.fromEntries(
    Object.entries(config).filter(([, value]) => value !== undefined),
  ) as Partial<ProducerConfig> as ProducerConfig
}

function nextClientId(): string {
  generatedClientIds++
  return `admin-${generatedClientIds}`
}
