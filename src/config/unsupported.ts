import { ConfigError } from '../errors.js'
import type { ConfigProblems } from './config-problems.js'
import type { ConfigEntry } from './entry.js'
import { quoted, words } from './words.js'

/**
 * Whether this version supports a value. It always supports null and an empty list, which ask for nothing.
 */
export function isSupported({ supports }: ConfigEntry, value: unknown): boolean {
  if (supports === undefined || value === null || (Array.isArray(value) && value.length === 0)) return true
  return supports.some((supported) => supported === value)
}

/** Whether this version supports any value of a setting other than null and an empty list. */
export function isUsable({ supports }: ConfigEntry): boolean {
  return supports?.length !== 0
}

/** The settings of one config that this version does not support. They are reported behind other problems. */
export class UnsupportedSettings {
  readonly #errors: ConfigError[] = []

  /** Notes a setting if this version does not support its value, which is otherwise valid. */
  check(key: string, entry: ConfigEntry, value: unknown): void {
    if (isSupported(entry, value)) return
    const { supports = [] } = entry
    const shown = isUsable(entry) ? `${key} ${quoted(value)}` : key
    const advice = isUsable(entry) ? `use ${words(supports.map(quoted), 'or')}` : 'leave it out'
    this.#errors.push(new ConfigError(key, `${shown} is not supported by this version yet: ${advice}`))
  }

  reportTo(problems: ConfigProblems): void {
    for (const error of this.#errors) problems.add(error)
  }
}
