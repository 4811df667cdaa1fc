import { ConfigError } from '../errors.js'
import { allowedValues } from './check.js'
import type { ConfigEntry } from './entry.js'
import { Secret } from './secret.js'
import { shortened } from './words.js'

/**
 * Parses the text of a property by Java's rules for the type of the setting. The result may still be out of
 * range.
 *
 * @throws ConfigError if the text is no value of that type
 */
export function propertyValue(name: string, entry: ConfigEntry, text: string): unknown {
  switch (entry.type) {
    case 'int':
    case 'long':
      return wholeNumber(text) ?? fail(name, entry, text)
    case 'double':
      return /^[-+.\deE]+$/.test(text) && text !== '' ? Number(text) : fail(name, entry, text)
    case 'boolean':
      if (text.toLowerCase() === 'true') return true
      return text.toLowerCase() === 'false' ? false : fail(name, entry, text)
    case 'acks':
      if (text === 'all') return text
      return text === '-1' || text === '0' || text === '1' ? Number(text) : fail(name, entry, text)
    case 'choice': {
      if (!entry.anyCaseInProperties) return text
      return entry.values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? text
    }
    case 'list':
      return text === '' ? [] : text.split(',').map((item) => item.trim())
    case 'password':
      return new Secret(text)
    default:
      return text
  }
}

/**
 * Parses a Java long; null if the text is none. A number above 2^53 - 1 is often meant as "for ever". It
 * becomes 2^53 - 1, which is 285,000 years in milliseconds.
 */
function wholeNumber(text: string): number | null {
  if (!/^[-+]?\d{1,19}$/.test(text)) return null
  const exact = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (BigInt.asIntN(64, exact) !== exact) return null
  return Math.min(Math.max(Number(exact), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function fail(name: string, entry: ConfigEntry, text: string): never {
  throw new ConfigError(name, `${name} must be ${allowedValues(entry)}, got '${shortened(text)}'`)
}
