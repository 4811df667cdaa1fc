import { defaultLogger } from '../environment/stderr-logger.js'
import { ConfigError } from '../errors.js'
import { checkValue } from './check.js'
import { ConfigProblems } from './config-problems.js'
import type { ConfigEntries, ConfigEntry } from './entry.js'
import { type ConfigDraft, configRules } from './rules.js'
import { isSupported, isUsable, UnsupportedSettings } from './unsupported.js'

/** The kind of client that has the settings: a producer or an admin. */
export interface ClientKind {
  readonly table: ConfigEntries
  /** The error for a key that is not in the table. */
  unknownKey(key: string): ConfigError
  /** Whether a key is left to another kind of client, which shares the settings. */
  isOfOthers?(key: string): boolean
  /**
   * Makes a client id if none was given. It is called last, when all other settings are known to be right.
   */
  generateClientId(values: Readonly<Record<string, unknown>>): string
}

/**
 * Checks a user's settings against the table of a client, and fills in the defaults. Only own properties of
 * the object count. `undefined` counts as left out. A rule between settings applies if the table has all of
 * them.
 *
 * @throws ConfigError that lists every problem
 */
export function resolveSettings(user: unknown, client: ClientKind): Record<string, unknown> {
  if (typeof user !== 'object' || user === null || Array.isArray(user)) {
    throw new ConfigError('config', 'the config must be an object that has at least bootstrapServers')
  }
  const resolving = new Resolving(client)
  for (const key of Reflect.ownKeys(user)) {
    if (typeof key === 'symbol') {
      resolving.refuse(new ConfigError(String(key), `unknown config key ${String(key)}: keys are strings`))
    } else if (Object.hasOwn(client.table, key)) {
      resolving.take(key, Reflect.get(user, key))
    } else if (client.isOfOthers?.(key) !== true) {
      resolving.refuse(client.unknownKey(key))
    }
  }
  return resolving.finish()
}

class Resolving {
  readonly #unsupported: UnsupportedSettings = new UnsupportedSettings()
  readonly #client: ClientKind
  readonly #problems = new ConfigProblems('the config')
  readonly #values: Record<string, unknown> = {}
  readonly #given = new Set<string>()
  readonly #wrong = new Set<string>()

  constructor(client: ClientKind) {
    this.#client = client
  }

  refuse(error: ConfigError): void {
    this.#problems.add(error)
  }

  take(key: string, value: unknown): void {
    const entry = this.#client.table[key]
    if (value === undefined || entry === undefined) return
    // This version does not support the setting with any value. Advice on the value would lead to the next
    // error.
    const isInVain = !isUsable(entry) && !isSupported(entry, value)
    const problems = isInVain ? new ConfigProblems(key) : this.#problems
    const checked = problems.try(() => checkValue(key, entry, value))
    if (checked !== undefined || isInVain) this.#unsupported.check(key, entry, checked ?? value)
    if (checked === undefined) {
      this.#wrong.add(key)
      return
    }
    this.#values[key] = checked
    // Null, where it is allowed, counts as left out.
    if (value !== null) this.#given.add(key)
  }

  finish(): Record<string, unknown> {
    for (const [key, entry] of Object.entries(this.#client.table)) {
      if (Object.hasOwn(this.#values, key)) continue
      if (entry.type !== 'servers') this.#values[key] = defaultOf(key, entry)
      else if (!this.#wrong.has(key)) this.refuse(missing(key))
    }
    const draft = this.#values as ConfigDraft
    for (const { settings, apply } of configRules) {
      // The draft has a default in place of a wrong value. An error about that default would mislead.
      if (!settings.every((key) => Object.hasOwn(this.#client.table, key) && !this.#wrong.has(key))) continue
      this.#problems.try(() => apply(draft, this.#given))
    }
    this.#unsupported.reportTo(this.#problems)
    this.#problems.throwIfAny()
    if (this.#given.has('clientId')) return this.#values
    return { ...this.#values, clientId: this.#client.generateClientId(this.#values) }
  }
}

function missing(key: string): ConfigError {
  return new ConfigError(key, `${key} is missing: name at least one broker as host:port`)
}

function defaultOf(key: string, entry: Exclude<ConfigEntry, { type: 'servers' }>): unknown {
  if (entry.type === 'logger') return defaultLogger
  // This is the client id. It is made last, in `finish`.
  if (entry.default === undefined) return ''
  return entry.default === null ? null : checkValue(key, entry, entry.default)
}
