import { ConfigError } from '../errors.js'
import { nearestName } from '../nearest-name.js'

/** A list of more names is not shown. */
const MOST_NAMES = 20
/** Only this many characters of a longer name are shown. */
const SHOWN_LENGTH = 100

/** The end of a message about an unknown name: the nearest known name, or else all known names. */
export function hintFor(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== null) return `: did you mean ${nearest}?`
  return known.length === 0 || known.length > MOST_NAMES ? '' : `: the known names are ${known.join(', ')}`
}

/** A name in quotes, for messages. */
export function quoted(name: string): string {
  return `'${name.length > SHOWN_LENGTH ? `${name.slice(0, SHOWN_LENGTH)}...` : name}'`
}

/**
 * Refuses unknown fields of an argument. Without this, a misspelt field would have no effect.
 *
 * @param what the kind of field, such as `option`
 * @throws ConfigError for the first unknown field. The message has the nearest name
 */
export function refuseUnknownFields(given: object, known: readonly string[], what: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue
    throw new ConfigError(key, `unknown ${what} ${quoted(key)}${hintFor(key, known)}`)
  }
}
