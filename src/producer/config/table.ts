import { connectionConfigs } from './table-connection.js'
import { securityConfigs } from './table-security.js'
import { sendingConfigs } from './table-sending.js'

export type ConfigTable = typeof connectionConfigs & typeof sendingConfigs & typeof securityConfigs

/** A config key as this package spells it. */
export type ConfigKey = keyof ConfigTable

/** Every setting of a producer, with the rules of each by itself. Rules between settings are in rules.ts. */
export const configTable: ConfigTable = { ...connectionConfigs, ...sendingConfigs, ...securityConfigs }

export const configKeys: readonly ConfigKey[] = Object.keys(configTable) as ConfigKey[]

/** Whether `name` is a key of the table itself; `constructor` and its like are not. */
export function isConfigKey(name: string): name is ConfigKey {
  return Object.hasOwn(configTable, name)
}
