import { Buffer } from 'node:buffer'
import { ConfigError } from '../errors.js'
import { silentLogger } from '../logger.js'
import type { ConfigEntry, NumberEntry } from './entry.js'
import { checkSasl } from './sasl.js'
import { Secret } from './secret.js'
import { parseBootstrapServers } from './servers.js'
import { quoted, shortened, words } from './words.js'

const MAX_INT = 2147483647
const INTERCEPTOR_CALLS = ['onSend', 'onAcknowledgement']
const LOGGER_METHODS = ['debug', 'info', 'warn', 'error']

/**
 * Checks one setting by itself. Returns the value that the producer works with.
 *
 * @param key the key as the caller wrote it
 * @throws ConfigError that names the key, the value and the rule
 */
export function checkValue(key: string, entry: ConfigEntry, value: unknown): unknown {
  if (value === null && 'default' in entry && entry.default === null) return null
  switch (entry.type) {
    case 'int':
    case 'long':
    case 'double':
      if (!isInRange(entry, value)) throw refused(key, entry, value)
      return value + 0 // never -0
    case 'boolean':
      if (typeof value !== 'boolean') throw refused(key, entry, value)
      return value
    case 'acks':
      if (value !== 'all' && value !== -1 && value !== 0 && value !== 1) throw refused(key, entry, value)
      return value === 'all' ? -1 : value + 0
    case 'choice':
      if (typeof value !== 'string' || !entry.values.includes(value)) throw refused(key, entry, value)
      return value
    case 'string':
      if (typeof value !== 'string') throw refused(key, entry, value)
      if (entry.nonEmpty && value === '') throw refused(key, entry, value)
      if (entry.maxBytes !== undefined && Buffer.byteLength(value) > entry.maxBytes) {
        throw refused(key, entry, value)
      }
      return value
    case 'password':
      if (value instanceof Secret) return value
      if (typeof value !== 'string') throw refused(key, entry, value)
      return new Secret(value)
    case 'list':
      if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
        throw refused(key, entry, value)
      }
      return Object.freeze([...value])
    case 'servers':
      return parseBootstrapServers(key, value)
    case 'partitioner':
      if (typeof value === 'function') return value
      if (typeof value !== 'string' || !entry.values.includes(value)) throw refused(key, entry, value)
      return value
    case 'keySerializer':
    case 'valueSerializer':
      if (typeof value !== 'function') throw refused(key, entry, value)
      return value
    case 'interceptors':
      if (!Array.isArray(value) || !value.every(isInterceptor)) throw refused(key, entry, value)
      return Object.freeze([...value])
    case 'logger':
      if (value === false) return silentLogger
      if (!isLogger(value)) throw refused(key, entry, value)
      return value
    case 'tls':
      if (!isObject(value) && typeof value !== 'function') throw refused(key, entry, value)
      return value
    case 'sasl':
      if (!isObject(value)) throw refused(key, entry, value)
      return checkSasl(key, value, checkValue)
    default:
      throw new TypeError(`no check for ${String(entry satisfies never)}`)
  }
}

/** The allowed values of a setting, as the end of a sentence that begins with "must be". */
export function allowedValues(entry: ConfigEntry): string {
  const allowed = rule(entry)
  return 'default' in entry && entry.default === null ? `${allowed}, or null` : allowed
}

function rule(entry: ConfigEntry): string {
  switch (entry.type) {
    case 'int':
    case 'long':
    case 'double':
      return numberRule(entry)
    case 'boolean':
      return 'true or false'
    case 'acks':
      return "'all', -1, 0 or 1"
    case 'choice':
      return words(entry.values.map(quoted), 'or')
    case 'string':
    case 'password': {
      const text = entry.nonEmpty ? 'a string that is not empty' : 'a string'
      return entry.maxBytes === undefined ? text : `${text}, at most ${entry.maxBytes} bytes`
    }
    case 'list':
      return 'a list of strings'
    case 'servers':
      return 'a string or a list of strings, each host:port or [ipv6]:port'
    case 'partitioner':
      return `${entry.values.map(quoted).join(', ')} or a function`
    case 'keySerializer':
    case 'valueSerializer':
      return 'a function'
    case 'interceptors':
      return 'a list of objects, each with a function onSend or onAcknowledgement'
    case 'logger':
      return 'an object with the functions debug, info, warn and error, or false'
    case 'tls':
      return 'an object or a function'
    case 'sasl':
      return 'an object'
    default:
      throw new TypeError(`no rule for ${String(entry satisfies never)}`)
  }
}

function numberRule({ type, min, max, orElse }: NumberEntry): string {
  const limits = { int: `${MAX_INT}`, long: '2^53 - 1', double: '' }
  const number = type === 'double' ? 'a number' : 'a whole number'
  if (min === undefined) return number
  const range = `${number} from ${min} to ${max ?? limits[type]}`
  return orElse === undefined ? range : `${range}, or ${orElse}`
}

function isInRange(entry: NumberEntry, value: unknown): value is number {
  if (typeof value !== 'number') return false
  if (entry.type === 'double' ? !Number.isFinite(value) : !Number.isSafeInteger(value)) return false
  if (value === entry.orElse) return true
  const max = entry.max ?? (entry.type === 'int' ? MAX_INT : Number.MAX_SAFE_INTEGER)
  return value >= (entry.min ?? -max) && value <= max
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether a value has something to be called, and nothing of another type in its place. */
function isInterceptor(value: unknown): boolean {
  if (!isObject(value)) return false
  const types = [...INTERCEPTOR_CALLS, 'close'].map((name) => typeof Reflect.get(value, name))
  return (
    types.every((type) => type === 'function' || type === 'undefined') &&
    INTERCEPTOR_CALLS.some((name) => typeof Reflect.get(value, name) === 'function')
  )
}

/** Whether a value has the four functions of a logger. */
export function isLogger(value: unknown): boolean {
  if (typeof value !== 'object' && typeof value !== 'function') return false
  return value !== null && LOGGER_METHODS.every((name) => typeof Reflect.get(value, name) === 'function')
}

function refused(key: string, entry: ConfigEntry, value: unknown): ConfigError {
  return new ConfigError(
    key,
    `${key} must be ${allowedValues(entry)}, got ${shown(entry, value)}${hint(entry, value)}`,
  )
}

/** Advice for a value from an environment variable or a file, which is a string. */
function hint(entry: ConfigEntry, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '') return ''
  const wantsNumber = entry.type === 'int' || entry.type === 'long' || entry.type === 'double'
  if ((wantsNumber || entry.type === 'acks') && Number.isFinite(Number(value))) {
    return `: numbers are not taken from strings, use Number(...)`
  }
  if (entry.type === 'boolean') return `: booleans are not taken from strings`
  return ''
}

function shown(entry: ConfigEntry, value: unknown): string {
  if (entry.type === 'password' || entry.type === 'sasl' || entry.type === 'tls') return 'a hidden value'
  switch (typeof value) {
    case 'string':
      return `the string ${quoted(shortened(value))}`
    case 'bigint':
      return `the bigint ${value}n`
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value) ? 'a list' : 'an object'
    case 'function':
      return 'a function'
    default:
      return String(value)
  }
}
