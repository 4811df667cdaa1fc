import { ConfigError } from '../../errors.js'
import { camelCased, findForeignKey, ignoredJavaKeys, refusedJavaKeys, replacedKeys } from './foreign-keys.js'
import { type ConfigKey, configKeys, configTable } from './table.js'

/** Longer ones are nobody's typing error. */
const MAX_KEY_LENGTH = 100

const keyByJavaName: ReadonlyMap<string, ConfigKey> = new Map(
  configKeys.flatMap((key) => {
    const { javaName } = configTable[key]
    return javaName === null ? [] : [[javaName, key] as const]
  }),
)

/** The key that Java calls `javaName`. */
export function keyOfJavaName(javaName: string): ConfigKey | undefined {
  return keyByJavaName.get(javaName)
}

/** The error for a key of a config object that is not in the table, with what was probably meant. */
export function unknownKey(name: string): ConfigError {
  const javas = keyOfJavaName(name)
  if (javas !== undefined) {
    return new ConfigError(
      name,
      `unknown config key '${name}': here it is ${javas}; fromProperties takes Java's names`,
    )
  }
  return refusedKey(name, true, (key) => key)
}

/** The error for a dotted key that `fromProperties` does not know. */
export function unknownProperty(name: string): ConfigError {
  return refusedKey(name, false, (key) => configTable[key].javaName)
}

/** @param spell how a key is written where the unknown one stands; null if it cannot be */
function refusedKey(
  name: string,
  isCamelCase: boolean,
  spell: (key: ConfigKey) => string | null,
): ConfigError {
  const shown = name.length > MAX_KEY_LENGTH ? `${name.slice(0, MAX_KEY_LENGTH)}...` : name
  const foreign = findForeignKey([...refusedJavaKeys, ...ignoredJavaKeys], name, isCamelCase)
  if (foreign !== undefined) {
    return new ConfigError(name, `config key '${shown}' has no meaning here: ${foreign.reason}`)
  }
  for (const [old, key] of replacedKeys) {
    if (name !== old && name !== camelCased(old)) continue
    const spelled = spell(key)
    if (spelled !== null)
      return new ConfigError(name, `unknown config key '${shown}': use ${spelled} instead`)
  }
  const meant = nearest(name, spell)
  return new ConfigError(
    name,
    `unknown config key '${shown}'${meant === null ? '' : `: did you mean ${meant}?`}`,
  )
}

/** The known key that is fewest changes away; null if all are so far away that a hint would mislead. */
function nearest(name: string, spell: (key: ConfigKey) => string | null): string | null {
  if (name.length > MAX_KEY_LENGTH) return null
  const wanted = plain(name)
  let best: string | null = null
  let fewest = Math.max(2, Math.floor(wanted.length / 4)) + 1
  for (const key of configKeys) {
    const candidate = spell(key)
    if (candidate === null) continue
    const changes = editDistance(wanted, plain(candidate))
    if (changes >= fewest) continue
    fewest = changes
    best = candidate
  }
  return best
}

/** Case and separators are the last thing to tell two keys apart. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, '')
}

/** Levenshtein's: characters to insert, delete or replace. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(replace, (above[j] as number) + 1, (row[j - 1] as number) + 1))
    }
    above = row
  }
  return above[b.length] as number
}
