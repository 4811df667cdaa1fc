import type { AdminConfig } from '../config/given/admin-config.js'
import { resolveSettings } from '../config/resolve.js'
import { adminConfigTable, configTable, keyOfDottedName } from '../config/table.js'
import type { TlsEnvironment } from '../config/tls/tls-source.js'
import { adminNetworkOptions } from '../config/to-network-options.js'
import type { ResolvedAdminSettings } from '../config/types.js'
import { unknownKey } from '../config/unknown-key.js'
import { ConfigError } from '../errors.js'
import type { NetworkOptions } from '../network/network-options.js'

export interface ResolvedAdminConfig {
  readonly network: NetworkOptions
  readonly defaultApiTimeoutMs: number
}

let generatedClientIds = 0

/** @throws ConfigError that lists every problem with its key, its value and the rule */
export function resolveAdminConfig(config: AdminConfig, environment: TlsEnvironment): ResolvedAdminConfig {
  const values = resolveSettings(config, {
    table: adminConfigTable,
    unknownKey: unknownAdminKey,
    // A program gives one config to its producer and its admin.
    isOfOthers: (key) => Object.hasOwn(configTable, key),
    generateClientId: nextClientId,
  })
  const settings = values as ResolvedAdminSettings
  return {
    network: adminNetworkOptions(settings, environment),
    defaultApiTimeoutMs: settings.defaultApiTimeoutMs,
  }
}

function unknownAdminKey(key: string): ConfigError {
  const ours = keyOfDottedName(configTable, key)
  if (ours === undefined || Object.hasOwn(adminConfigTable, ours)) return unknownKey(key, adminConfigTable)
  return new ConfigError(key, `config key '${key}' is for producers: an admin has no use for it`)
}

function nextClientId(): string {
  generatedClientIds++
  return `admin-${generatedClientIds}`
}
