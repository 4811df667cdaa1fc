import { ConfigError } from '../errors.js'
import { BROKER_SETTINGS } from './broker-settings.js'
import { canonicalValue, type SettingType, settingComplaint } from './setting.js'
import { hintFor } from './unknown-name.js'

/**
 * Broker settings by Kafka's names, such as `num.partitions`. A value may be a number, a boolean, or a text
 * as in a properties file. Defaults of topic settings, such as `log.retention.bytes`, are broker settings
 * too.
 */
export type ClusterConfigInput = Readonly<Record<string, string | number | boolean>>

/** One setting as DescribeConfigs shows it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string
  readonly type: SettingType
  /** Where the value was set; `default` is Kafka's own default. */
  readonly source: 'topic' | 'broker' | 'default'
}

/** The settings of the brokers. All brokers of a cluster have the same. */
export class ClusterConfig {
  readonly #given = new Map<string, string>()
  readonly #defaultReplicationFactor: string

  /** @throws ConfigError for an unknown name or an invalid value */
  constructor(input: ClusterConfigInput, brokers: number) {
    // Kafka's default is 1. With one replica only, many faults of a cluster would be fatal.
    this.#defaultReplicationFactor = String(Math.min(3, brokers))
    for (const [name, given] of Object.entries(input)) {
      const setting = BROKER_SETTINGS.get(name)
      if (setting === undefined) {
        const hint = hintFor(name, [...BROKER_SETTINGS.keys()])
        throw new ConfigError(name, `config ${name} is not known here${hint}`)
      }
      const value = String(given)
      const wrong = settingComplaint(setting.rule, value)
      if (wrong !== null) throw new ConfigError(name, `config ${name} is ${JSON.stringify(value)}: ${wrong}`)
      this.#given.set(name, canonicalValue(setting.rule, value))
    }
  }

  get(name: string): string {
    const given = this.#given.get(name)
    if (given !== undefined) return given
    if (name === 'default.replication.factor') return this.#defaultReplicationFactor
    return BROKER_SETTINGS.get(name)?.default ?? ''
  }

  number(name: string): number {
    return Number(this.get(name))
  }

  boolean(name: string): boolean {
    return this.get(name) === 'true'
  }

  isGiven(name: string): boolean {
    return this.#given.has(name)
  }

  shown(): ShownSetting[] {
    return [...BROKER_SETTINGS].map(([name, { rule }]) => ({
      name,
      value: this.get(name),
      type: rule.type,
      source: this.#given.has(name) ? 'broker' : 'default',
    }))
  }
}
