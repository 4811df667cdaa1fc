import { ConfigError } from '../errors.js'
import type { Logger } from '../logger.js'
import { checkValue } from './check.js'
import { checkOptions } from './check-options.js'
import { ConfigProblems } from './config-problems.js'
import type { ConfigEntry } from './entry.js'
import { findForeignKey, refusedJavaKeys } from './foreign-keys.js'
import { encodingKeys, partitionerClasses, serializersOfBytes } from './java-classes.js'
import { refuseListOf } from './oidc/allowed-resources.js'
import { useProgramLogin } from './program-login.js'
import { parsePropertiesText } from './properties-text.js'
import { propertyValue } from './property-value.js'
import type { SaslConfig } from './sasl.js'
import { isReplacedSaslClass } from './sasl-classes.js'
import { type ConfigKey, configTable, isConfigKey, keyOfDottedName } from './table.js'
import { oauthConfigs } from './table-oauth.js'
import { securityConfigs } from './table-security.js'
import type { ProducerConfig } from './types.js'
import { adviceFor, explainKey, refusal } from './unknown-key.js'
import { isUsable, UnsupportedSettings } from './unsupported.js'
import { shortened } from './words.js'

export interface PropertiesOptions {
  /**
   * Receives a warning for every ignored key, and becomes the `logger` of the config. False: no warnings. If
   * it is left out, the warnings are process warnings.
   */
  readonly logger?: Logger | false | undefined
  /** Refuses every key that would be ignored. The default is false. */
  readonly strict?: boolean | undefined
  /**
   * How the program logs in. It takes the place of `sasl.mechanism`, `sasl.jaas.config` and the classes of
   * Java that get credentials, and becomes the `sasl` of the config. The mechanism has to be that of the
   * properties.
   */
  readonly sasl?: SaslConfig | undefined
}

type Settings = { -readonly [Key in ConfigKey]?: unknown }

/** Words that mark a key as possibly about security. */
const securityWords: ReadonlySet<string> = new Set([
  ...['ssl', 'sasl', 'tls', 'security', 'truststore', 'keystore', 'jaas', 'kerberos'],
])

/**
 * Makes a config from Java's names: the text of a `.properties` file, or an object with dotted keys. Values
 * are parsed as in Java. The names of Kafka's own serializer and partitioner classes become our settings.
 *
 * A key that a producer has no use for is ignored with a warning, as in Java: a key of Kafka's other clients,
 * of brokers or of schema registries, a key that Kafka has removed, and an unknown key. An unknown key that
 * may be about security is refused. The constructor of Producer checks later that no key is missing, and the
 * rules between settings.
 *
 * @throws ConfigError that lists every problem with the key as it was given
 */
export function fromProperties(
  source: string | Readonly<Record<string, string | number | boolean | undefined>>,
  options: PropertiesOptions = {},
): ProducerConfig {
  checkOptions('fromProperties', options, ['logger', 'strict', 'sasl'])
  const { logger, strict = false, sasl } = options
  const reading = new Reading(logger === undefined ? {} : { logger }, strict, sasl)
  for (const [name, value] of propertiesOf(source)) reading.take(name, value)
  return reading.finish()
}

function propertiesOf(source: unknown): Iterable<readonly [name: string, value: unknown]> {
  if (typeof source === 'string') return parsePropertiesText(source)
  if (typeof source !== 'object' || source === null || Array.isArray(source)) {
    throw new ConfigError('properties', 'the properties must be the text of a .properties file or an object')
  }
  return Object.entries(source).filter(([, value]) => value !== undefined)
}

class Reading {
  readonly #settings: Settings
  readonly #strict: boolean
  readonly #sasl: SaslConfig | undefined
  readonly #problems = new ConfigProblems('the properties')
  readonly #unsupported = new UnsupportedSettings()
  /** Logged at the end, if there are no problems. */
  readonly #warnings: string[] = []

  constructor(settings: Settings, strict: boolean, sasl: SaslConfig | undefined) {
    this.#settings = settings
    this.#strict = strict
    this.#sasl = sasl
  }

  take(name: string, value: unknown): void {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      this.#problems.add(new ConfigError(name, `${name} must be a string, a number or a boolean`))
      return
    }
    const text = String(value).trim()
    const key = keyOfDottedName(configTable, name)
    const settings = this.#problems.try(() => {
      if (key === undefined || !isConfigKey(key)) return this.#passOver(name, text)
      if (key === 'partitioner') return partitionerOf(name, text)
      if (key === 'keySerializer' || key === 'valueSerializer') return serializerOf(name, text)
      return this.#settingOf(name, key, text)
    })
    Object.assign(this.#settings, settings)
  }

  finish(): ProducerConfig {
    const sasl = this.#sasl
    if (sasl !== undefined) this.#problems.try(() => useProgramLogin(this.#settings, sasl))
    this.#unsupported.reportTo(this.#problems)
    this.#problems.throwIfAny()
    for (const warning of this.#warnings) this.#warn(warning)
    return this.#settings as ProducerConfig
  }

  #settingOf(name: string, key: ConfigKey, text: string): Settings {
    const entry: ConfigEntry = configTable[key]
    // An empty list of classes asks for nothing.
    if (entry.type === 'interceptors') return noClasses(name, text)
    if (!isUsable(entry)) {
      this.#unsupported.check(name, entry, text)
      return {}
    }
    const value = propertyValue(name, entry, text)
    this.#unsupported.check(name, entry, checkValue(name, entry, value))
    return { [key]: value }
  }

  /** @throws ConfigError if the key must not be ignored */
  #passOver(name: string, text: string): Settings {
    if (encodingKeys.has(name)) {
      if (['utf-8', 'utf8'].includes(text.toLowerCase())) return {}
      throw new ConfigError(name, `${name} must be UTF-8, got '${text}'`)
    }
    if (isReplacedSaslClass(name, text, this.#sasl !== undefined)) return {}
    refuseListOf(name)
    const unknown = explainKey(name, 'dotted', configTable)
    const isHarmless = unknown.kind === 'foreign' ? !isRefused(name, text) : !maybeSecurity(name, unknown.key)
    if (this.#strict || !isHarmless) throw refusal(name, 'dotted', configTable)
    const advice = adviceFor(unknown, 'dotted', configTable)
    const reason = unknown.kind === 'unknown' ? `no setting has this name${advice && `; ${advice}`}` : advice
    this.#warnings.push(`config key '${shortened(name)}' is ignored: ${reason}`)
    return {}
  }

  #warn(warning: string): void {
    const { logger } = this.#settings as ProducerConfig
    if (logger === undefined) process.emitWarning(warning, 'KafkaWarning')
    else if (logger !== false) logger.warn(warning)
  }
}

/**
 * Whether an unknown key may have been meant to protect something. For such a key a warning is not enough.
 */
function maybeSecurity(name: string, nearest: string | null): boolean {
  const isNear = (table: object): boolean => nearest !== null && Object.hasOwn(table, nearest)
  if (isNear(securityConfigs) || isNear(oauthConfigs)) return true
  return name
    .toLowerCase()
    .split(/[._-]/)
    .some((word) => securityWords.has(word))
}

function isRefused(name: string, text: string): boolean {
  const key = findForeignKey(refusedJavaKeys, name, false)
  return key !== undefined && key.javaDefault !== text
}

function serializerOf(name: string, className: string): Settings {
  if (serializersOfBytes.has(className)) return {}
  throw new ConfigError(
    name,
    `${name} '${className}' is not supported by this version yet: keys and values are strings or bytes, as with Kafka's StringSerializer and ByteArraySerializer`,
  )
}

/** Java's own classes of interceptors have no counterpart here. */
function noClasses(name: string, text: string): Settings {
  if (text === '') return {}
  throw new ConfigError(
    name,
    `${name} names classes of Java, got '${shortened(text)}': leave it out, and give objects as interceptors in the program`,
  )
}

function partitionerOf(name: string, className: string): Settings {
  const settings = partitionerClasses.get(className)
  if (settings !== undefined) return settings
  const known = [...partitionerClasses.keys()].join(', ')
  throw new ConfigError(name, `${name} must be one of ${known}, got '${className}'`)
}
