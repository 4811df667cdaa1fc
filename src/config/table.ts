import type { ConfigEntries } from './entry.js'
import { adminConfigs } from './table-admin.js'
import { connectionConfigs } from './table-connection.js'
import { oauthConfigs } from './table-oauth.js'
import { partitioningConfigs } from './table-partitioning.js'
import { securityConfigs } from './table-security.js'
import { sendingConfigs } from './table-sending.js'

export type ConfigTable = typeof connectionConfigs &
  typeof sendingConfigs &
  typeof partitioningConfigs &
  typeof securityConfigs &
  typeof oauthConfigs
export type AdminConfigTable = typeof connectionConfigs &
  typeof securityConfigs &
  typeof oauthConfigs &
  typeof adminConfigs

/** A key of a producer's config, as this package spells it. */
export type ConfigKey = keyof ConfigTable

/**
 * Every setting of a producer, with the rules for each by itself. The rules between settings are in rules.ts.
 */
export const configTable: ConfigTable = {
  ...connectionConfigs,
  ...sendingConfigs,
  ...partitioningConfigs,
  ...securityConfigs,
  ...oauthConfigs,
}

/** Every setting of an admin. */
export const adminConfigTable: AdminConfigTable = {
  ...connectionConfigs,
  ...securityConfigs,
  ...oauthConfigs,
  ...adminConfigs,
}

export const configKeys: readonly ConfigKey[] = Object.keys(configTable) as ConfigKey[]

/** The key for a dotted name. The name is Java's, or our own if Java does not have the setting. */
export function keyOfDottedName(table: ConfigEntries, name: string): string | undefined {
  return Object.keys(table).find((key) => {
    const entry = table[key]
    return entry !== undefined && dottedName(entry) === name
  })
}

/** The name of a setting in a `.properties` file; null if a file cannot have the setting. */
export function dottedName({
  javaName,
  propertyName,
}: Pick<ConfigEntries[string], 'javaName' | 'propertyName'>): string | null {
  return javaName ?? propertyName ?? null
}

/** Whether `name` is a key of the producer's table. Inherited names such as `constructor` are not. */
export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(configTable, name)
}
