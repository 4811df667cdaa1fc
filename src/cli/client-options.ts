import { readFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError } from 'commander'
import type { Logger } from '../logger.js'
import { fromProperties, type ProducerConfig } from '../producer/config/config.js'
import { parsePropertiesText } from '../producer/config/properties-text.js'
import { CommandFailure, describeFailure } from './failure.js'
import type { Terminal } from './terminal.js'

/** How a command reaches Kafka, as its options say. */
export interface ClientOptions {
  readonly bootstrapServer?: string
  readonly commandProperty?: readonly string[]
  readonly commandConfig?: string
  readonly producerProperty?: readonly string[]
  readonly 'producer.config'?: string
}

/** Gathers the values of an option that may stand several times. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

export function addClientOptions(command: Command): Command {
  return command
    .option('--bootstrap-server <servers>', 'the brokers to connect to: host:port, separated by commas')
    .option('--command-config <file>', "client settings: a .properties file with Kafka's names")
    .option(
      '--command-property <key=value>',
      'one client setting, over those of the file; may be repeated',
      collect,
    )
}

/**
 * The config that the options make: settings of the file, over them single settings, over them `overrides`.
 *
 * @throws CommandFailure for a file that cannot be read, ConfigError for a setting
 */
export async function clientConfig(
  options: ClientOptions,
  defaults: Readonly<Record<string, string>>,
  overrides: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): Promise<ProducerConfig> {
  const properties: Record<string, string> = { ...defaults }
  for (const file of [options['producer.config'], options.commandConfig]) {
    if (file !== undefined)
      Object.assign(properties, Object.fromEntries(parsePropertiesText(await readText(file))))
  }
  for (const property of [...(options.producerProperty ?? []), ...(options.commandProperty ?? [])]) {
    const [name, value] = keyAndValue(property)
    properties[name] = value
  }
  if (options.bootstrapServer !== undefined) properties['bootstrap.servers'] = options.bootstrapServer
  for (const [name, value] of Object.entries(overrides)) if (value !== undefined) properties[name] = value
  if (properties['bootstrap.servers'] === undefined) {
    throw new CommandFailure('--bootstrap-server is missing: name at least one broker as host:port')
  }
  return fromProperties(properties, { logger: warningsTo(terminal) })
}

/** `key=value` at its first `=`. */
export function keyAndValue(property: string): [key: string, value: string] {
  const equals = property.indexOf('=')
  if (equals < 1) throw new CommandFailure(`'${property}' is no setting: write key=value`)
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

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new CommandFailure(`cannot read ${file}: ${describeFailure(error)}`)
  }
}

function warningsTo(terminal: Terminal): Logger {
  const ignore = (): void => {}
  const tell = (message: string): void => terminal.say(`warning: ${message}`)
  return { debug: ignore, info: ignore, warn: tell, error: tell }
}
