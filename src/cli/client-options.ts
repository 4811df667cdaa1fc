import { type Command, InvalidArgumentError } from 'commander'
import { fromProperties, type ProducerConfig } from '../config/config.js'
import { encodingKeys } from '../config/java-classes.js'
import { refuseListOf } from '../config/oidc/allowed-resources.js'
import { parsePropertiesText } from '../config/properties-text.js'
import { configTable, keyOfDottedName } from '../config/table.js'
import { explainKey, refusal } from '../config/unknown-key.js'
import type { Logger } from '../logger.js'
import { mskIamOfEnvironment } from './aws-credentials.js'
import { CommandFailure } from './failure.js'
import { readText } from './input.js'
import type { Terminal } from './terminal.js'

/** The options that say how a command reaches Kafka. */
export interface ClientOptions {
  readonly bootstrapServer?: string
  readonly commandProperty?: readonly string[]
  readonly commandConfig?: string
  readonly producerProperty?: readonly string[]
  readonly 'producer.config'?: string
  readonly allowTokenUrl?: readonly string[]
  readonly allowTokenFile?: readonly string[]
}

/** Collects the values of an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

export function addClientOptions(command: Command): Command {
  return command
    .option('-b, --bootstrap-server <servers>', 'the brokers to connect to: host:port, separated by commas')
    .option('--command-config <file>', "client settings: a .properties file with Kafka's names")
    .option(
      '--command-property <key=value>',
      'one client setting, which overrides the file; may be repeated',
      collect,
    )
    .option(
      '--allow-token-url <url>',
      'a token endpoint that settings may name, letter by letter; may be repeated',
      collect,
    )
    .option(
      '--allow-token-file <file>',
      'a file that settings of tokens may name, letter by letter; may be repeated',
      collect,
    )
}

/**
 * The config that the options make. Single settings override those of the file, and `overrides` overrides
 * both. What settings of tokens may name comes from the command line alone, and from no file.
 *
 * @throws CommandFailure if a file cannot be read, ConfigError if a setting is refused
 */
export async function clientConfig(
  options: ClientOptions,
  defaults: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<ProducerConfig> {
  const properties: (readonly [name: string, value: string])[] = Object.entries(defaults)
  for (const file of [options['producer.config'], options.commandConfig]) {
    if (file !== undefined) properties.push(...parsePropertiesText(await readText(file, terminal)))
  }
  properties.push(...singleSettings(options))
  if (options.bootstrapServer !== undefined) properties.push(['bootstrap.servers', options.bootstrapServer])
  for (const [name, value] of Object.entries(overrides))
    if (value !== undefined) properties.push([name, value])
  // The last of several values counts. Object.fromEntries is safe for `__proto__`. An assignment would set
  // the prototype.
  const source = Object.fromEntries(properties)
  if (source['bootstrap.servers'] === undefined) {
    throw new CommandFailure('--bootstrap-server is missing: name at least one broker as host:port')
  }
  const sasl = mskIamOfEnvironment(source, process.env)
  return {
    ...fromProperties(source, { logger: warningsTo(terminal), sasl }),
    ...(options.allowTokenUrl !== undefined && { allowedTokenUrls: options.allowTokenUrl }),
    ...(options.allowTokenFile !== undefined && { allowedTokenFiles: options.allowTokenFile }),
  }
}

/** Whether the options may name brokers to connect to. */
export function mayNameBrokers(options: ClientOptions): boolean {
  return (
    options.bootstrapServer !== undefined ||
    options.commandConfig !== undefined ||
    singleSettings(options).some(([name]) => name === 'bootstrap.servers')
  )
}

/**
 * @throws ConfigError for an unknown name. In a file an unknown name is only a warning, because other
 *   programs may share the file.
 */
function singleSettings(options: ClientOptions): [name: string, value: string][] {
  const settings = [...(options.producerProperty ?? []), ...(options.commandProperty ?? [])].map(keyAndValue)
  for (const [name] of settings) {
    if (keyOfDottedName(configTable, name) !== undefined || encodingKeys.has(name)) continue
    refuseListOf(name)
    if (explainKey(name, 'dotted', configTable).kind !== 'foreign') throw refusal(name, 'dotted', configTable)
  }
  return settings
}

/** Splits `key=value` at its first `=`. */
export function keyAndValue(property: string): [key: string, value: string] {
  const equals = property.indexOf('=')
  if (equals < 1) throw new CommandFailure(`'${property}' is not a setting: write key=value`)
  return [property.slice(0, equals), property.slice(equals + 1)]
}

/** A parser for an option that is a whole number. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= min && value <= max) return value
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`)
  }
}

function warningsTo(terminal: Terminal): Logger {
  const ignore = (): void => {}
  const tell = (message: string): void => terminal.say(`warning: ${message}`)
  return { debug: ignore, info: ignore, warn: tell, error: tell }
}
