import { ConfigError } from '../../errors.js'
import { type Logger, silentLogger } from '../../logger.js'
import { allowedValues, checkSupport, checkValue } from './check.js'
import type { ConfigEntry } from './entry.js'
import { findForeignKey, ignoredJavaKeys } from './foreign-keys.js'
import { parsePropertiesText } from './properties-text.js'
import { Secret } from './secret.js'
import { type ConfigKey, configTable } from './table.js'
import type { ProducerConfig } from './types.js'
import { keyOfJavaName, unknownProperty } from './unknown-key.js'

export interface PropertiesOptions {
  /** Told about every key that is passed over; becomes the config's own logger too. Silent unless given. */
  readonly logger?: Logger
}

/** Java's serializers for what keys and values are here without a serializer. */
const serializersOfBytes: ReadonlySet<string> = new Set(
  ['String', 'ByteArray', 'ByteBuffer', 'Bytes'].map(
    (type) => `org.apache.kafka.common.serialization.${type}Serializer`,
  ),
)

const encodingKeys: ReadonlySet<string> = new Set([
  'serializer.encoding',
  'key.serializer.encoding',
  'value.serializer.encoding',
])

/** Java's partitioners, those that Kafka 4 removed included. */
const partitionerClasses: ReadonlyMap<
  string,
  Pick<ProducerConfig, 'partitioner' | 'partitionerIgnoreKeys'>
> = new Map([
  ['org.apache.kafka.clients.producer.RoundRobinPartitioner', { partitioner: 'round-robin' }],
  ['org.apache.kafka.clients.producer.internals.DefaultPartitioner', { partitioner: 'default' }],
  [
    'org.apache.kafka.clients.producer.UniformStickyPartitioner',
    { partitioner: 'default', partitionerIgnoreKeys: true },
  ],
])

type Settings = { -readonly [Key in ConfigKey]?: unknown }

/**
 * Makes a config from Java's names: the text of a `.properties` file, or an object with dotted keys. Values are parsed as Java does.
 * The names of Java's own serializer and partitioner classes become ours; keys that mean nothing here are passed over, with a warning
 * to `logger` each. What is missing, and rules between settings, are looked at when a Producer is made of the config.
 *
 * @throws ConfigError for any other key, and for a value that is wrong in itself; it names them as they were given
 */
export function fromProperties(
  source: string | Readonly<Record<string, string | number | boolean | undefined>>,
  options: PropertiesOptions = {},
): ProducerConfig {
  const { logger } = options
  const settings: Settings = logger === undefined ? {} : { logger }
  for (const [name, value] of propertiesOf(source)) {
    Object.assign(settings, settingsOf(name, value.trim(), logger ?? silentLogger))
  }
  return settings as ProducerConfig
}

function propertiesOf(source: unknown): Iterable<readonly [string, string]> {
  if (typeof source === 'string') return parsePropertiesText(source)
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    throw new ConfigError('properties', 'the properties must be the text of a .properties file or an object')
  }
  return Object.entries(source)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
        return [name, String(value)]
      }
      throw new ConfigError(name, `${name} must be a string, a number or a boolean`)
    })
}

function settingsOf(name: string, text: string, logger: Logger): Settings {
  const key = keyOfJavaName(name)
  if (key === undefined) {
    passOver(name, text, logger)
    return {}
  }
  if (key === 'partitioner') return partitionerOf(name, text)
  if (key === 'keySerializer' || key === 'valueSerializer') {
    if (serializersOfBytes.has(text)) return {}
    throw new ConfigError(
      name,
      `${name} '${text}' is not supported by this version yet: keys and values are strings or bytes, as with Kafka's StringSerializer and ByteArraySerializer`,
    )
  }
  if (key === 'interceptors') {
    if (text === '') return {}
    throw new ConfigError(name, `${name} is not supported by this version yet: leave it out`)
  }
  const entry: ConfigEntry = configTable[key]
  const value = parsed(name, entry, text)
  const checked = checkValue(name, entry, value)
  checkSupport(name, entry, checked)
  return { [key]: value }
}

/** @throws ConfigError unless the key can be left out without harm */
function passOver(name: string, text: string, logger: Logger): void {
  const ignored = findForeignKey(ignoredJavaKeys, name, false)
  if (ignored !== undefined) {
    logger.warn(`${name} is ignored: ${ignored.reason}`)
    return
  }
  if (!encodingKeys.has(name)) throw unknownProperty(name)
  if (!['utf-8', 'utf8'].includes(text.toLowerCase())) {
    throw new ConfigError(name, `${name} must be UTF-8, got '${text}'`)
  }
}

function partitionerOf(name: string, className: string): Settings {
  const settings = partitionerClasses.get(className)
  if (settings !== undefined) return settings
  const known = [...partitionerClasses.keys()].join(', ')
  throw new ConfigError(name, `${name} must be one of ${known}, got '${className}'`)
}

/** What a text means for a setting, by Java's rules for each type. */
function parsed(name: string, entry: ConfigEntry, text: string): unknown {
  switch (entry.type) {
    case 'int':
    case 'long':
      return parsedWhole(text) ?? fail(name, entry, text)
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

/** A whole number as a Java long holds it; the largest ones, often meant as "for ever", become 2^53 - 1, which in milliseconds is 285,000 years. */
function parsedWhole(text: string): number | null {
  if (!/^[-+]?\d{1,19}$/.test(text)) return null
  const exact = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (BigInt.asIntN(64, exact) !== exact) return null
  return Math.min(Math.max(Number(exact), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
}

function fail(name: string, entry: ConfigEntry, text: string): never {
  throw new ConfigError(name, `${name} must be ${allowedValues(entry)}, got '${text.slice(0, 100)}'`)
}
