import { ConfigError } from '../errors.js'

/** Kafka's own names with dots, such as `num.partitions`; the values as in a properties file, or as what they mean. */
export type ClusterConfigInput = Readonly<Record<string, string | number | boolean>>

/** What a broker setting may be. */
type SettingKind = 'boolean' | 'integer' | { readonly oneOf: readonly string[] } | 'text'

interface Setting {
  readonly default: string
  readonly kind: SettingKind
}

interface TopicSetting {
  /** The broker setting that gives the default; null where the broker has none here. */
  readonly broker: string | null
  readonly default: string
  readonly kind: SettingKind
}

const INT64_MAX = '9223372036854775807'
const TIMESTAMP_TYPES = { oneOf: ['CreateTime', 'LogAppendTime'] } as const
const CLEANUP_POLICIES = { oneOf: ['delete', 'compact', 'compact,delete', 'delete,compact'] } as const

/** Kafka's defaults (4.x). The replication factor's is filled in when the number of brokers is known. */
const BROKER_SETTINGS: Readonly<Record<string, Setting>> = {
  'auto.create.topics.enable': { default: 'true', kind: 'boolean' },
  'num.partitions': { default: '1', kind: 'integer' },
  'default.replication.factor': { default: '1', kind: 'integer' },
  'min.insync.replicas': { default: '1', kind: 'integer' },
  'message.max.bytes': { default: '1048588', kind: 'integer' },
  'log.message.timestamp.type': { default: 'CreateTime', kind: TIMESTAMP_TYPES },
  'log.message.timestamp.before.max.ms': { default: INT64_MAX, kind: 'integer' },
  'log.message.timestamp.after.max.ms': { default: '3600000', kind: 'integer' },
  'log.cleanup.policy': { default: 'delete', kind: CLEANUP_POLICIES },
  'log.retention.bytes': { default: '-1', kind: 'integer' },
  'log.retention.ms': { default: '604800000', kind: 'integer' },
  'log.segment.bytes': { default: '1073741824', kind: 'integer' },
  'delete.topic.enable': { default: 'true', kind: 'boolean' },
  'producer.id.expiration.ms': { default: '86400000', kind: 'integer' },
  'producer.id.expiration.check.interval.ms': { default: '600000', kind: 'integer' },
  'transaction.max.timeout.ms': { default: '900000', kind: 'integer' },
  'socket.request.max.bytes': { default: '104857600', kind: 'integer' },
  'fetch.max.bytes': { default: '57671680', kind: 'integer' },
}

/** Time-based retention and segments are taken and shown, and have no effect: a log in memory is cut by size only. */
const TOPIC_SETTINGS: Readonly<Record<string, TopicSetting>> = {
  'cleanup.policy': { broker: 'log.cleanup.policy', default: 'delete', kind: CLEANUP_POLICIES },
  // Batches are kept as they came, so nothing but the producer's own codec can be promised.
  'compression.type': { broker: null, default: 'producer', kind: { oneOf: ['producer'] } },
  'delete.retention.ms': { broker: null, default: '86400000', kind: 'integer' },
  'max.message.bytes': { broker: 'message.max.bytes', default: '1048588', kind: 'integer' },
  'message.timestamp.after.max.ms': {
    broker: 'log.message.timestamp.after.max.ms',
    default: '3600000',
    kind: 'integer',
  },
  'message.timestamp.before.max.ms': {
    broker: 'log.message.timestamp.before.max.ms',
    default: INT64_MAX,
    kind: 'integer',
  },
  'message.timestamp.type': {
    broker: 'log.message.timestamp.type',
    default: 'CreateTime',
    kind: TIMESTAMP_TYPES,
  },
  'min.insync.replicas': { broker: 'min.insync.replicas', default: '1', kind: 'integer' },
  'retention.bytes': { broker: 'log.retention.bytes', default: '-1', kind: 'integer' },
  'retention.ms': { broker: 'log.retention.ms', default: '604800000', kind: 'integer' },
  'segment.bytes': { broker: 'log.segment.bytes', default: '1073741824', kind: 'integer' },
  'segment.ms': { broker: null, default: '604800000', kind: 'integer' },
}

/** One setting as DescribeConfigs shows it. */
export interface ShownSetting {
  readonly name: string
  readonly value: string
  readonly kind: 'boolean' | 'integer' | 'text'
  /** Who set it; Kafka's own default otherwise. */
  readonly source: 'topic' | 'broker' | 'default'
}

/** The brokers' settings; all brokers of a cluster have the same. */
export class ClusterConfig {
  readonly #given = new Map<string, string>()
  readonly #defaultReplicationFactor: string

  /** @throws ConfigError for a name that is not in the table or a value that is no such thing */
  constructor(input: ClusterConfigInput, brokers: number) {
    // Kafka's default is 1; a cluster of several brokers without a second copy would make half of its faults fatal.
    this.#defaultReplicationFactor = String(Math.min(3, brokers))
    for (const [name, given] of Object.entries(input)) {
      const setting = Object.hasOwn(BROKER_SETTINGS, name) ? BROKER_SETTINGS[name] : undefined
      if (setting === undefined) {
        throw new ConfigError(name, `config ${name} is not known here; known are ${known(BROKER_SETTINGS)}`)
      }
      const value = String(given)
      const wrong = complaint(setting.kind, value)
      if (wrong !== null) throw new ConfigError(name, `config ${name} is ${JSON.stringify(value)}: ${wrong}`)
      this.#given.set(name, value)
    }
  }

  get(name: string): string {
    const given = this.#given.get(name)
    if (given !== undefined) return given
    if (name === 'default.replication.factor') return this.#defaultReplicationFactor
    return BROKER_SETTINGS[name]?.default ?? ''
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
    return Object.entries(BROKER_SETTINGS).map(([name, { kind }]) => ({
      name,
      value: this.get(name),
      kind: shownKind(kind),
      source: this.#given.has(name) ? 'broker' : 'default',
    }))
  }
}

/** A topic's settings over those of the brokers, with the ones every batch needs already read. */
export class TopicConfig {
  readonly compacted: boolean
  /** Nothing is deleted but what newer records of the same key replace. */
  readonly compactedOnly: boolean
  readonly maxMessageBytes: number
  readonly logAppendTime: boolean
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly minInSyncReplicas: number
  /** Bytes a partition may hold before its oldest batches go; -1 for no limit. */
  readonly retentionBytes: number
  readonly segmentBytes: number
  readonly #cluster: ClusterConfig
  readonly #given: ReadonlyMap<string, string>

  /** `given` has passed {@link topicConfigComplaint}. */
  constructor(cluster: ClusterConfig, given: ReadonlyMap<string, string>) {
    this.#cluster = cluster
    this.#given = given
    this.compacted = this.get('cleanup.policy').includes('compact')
    this.compactedOnly = this.get('cleanup.policy') === 'compact'
    this.maxMessageBytes = this.#number('max.message.bytes')
    this.logAppendTime = this.get('message.timestamp.type') === 'LogAppendTime'
    this.timestampBeforeMaxMs = this.#number('message.timestamp.before.max.ms')
    this.timestampAfterMaxMs = this.#number('message.timestamp.after.max.ms')
    this.minInSyncReplicas = this.#number('min.insync.replicas')
    this.retentionBytes = this.#number('retention.bytes')
    this.segmentBytes = this.#number('segment.bytes')
  }

  /** What was given for this topic, to make it again. */
  get given(): ReadonlyMap<string, string> {
    return this.#given
  }

  get(name: string): string {
    const setting = TOPIC_SETTINGS[name]
    const given = this.#given.get(name)
    if (given !== undefined || setting === undefined) return given ?? ''
    return setting.broker === null ? setting.default : this.#cluster.get(setting.broker)
  }

  shown(): ShownSetting[] {
    return Object.entries(TOPIC_SETTINGS).map(([name, { broker, kind }]) => ({
      name,
      value: this.get(name),
      kind: shownKind(kind),
      source: this.#given.has(name)
        ? 'topic'
        : broker !== null && this.#cluster.isGiven(broker)
          ? 'broker'
          : 'default',
    }))
  }

  #number(name: string): number {
    return Number(this.get(name))
  }
}

/** Why a topic cannot have this setting; null if it can. */
export function topicConfigComplaint(name: string, value: string | null): string | null {
  const setting = Object.hasOwn(TOPIC_SETTINGS, name) ? TOPIC_SETTINGS[name] : undefined
  if (setting === undefined) return `Unknown topic config name: ${name}`
  if (value === null) return `Null value not supported for topic configs: ${name}`
  const wrong = complaint(setting.kind, value)
  return wrong === null ? null : `Invalid value ${value} for configuration ${name}: ${wrong}`
}

function complaint(kind: SettingKind, value: string): string | null {
  if (kind === 'boolean') return value === 'true' || value === 'false' ? null : 'it must be true or false'
  if (kind === 'integer') return /^-?\d{1,19}$/.test(value) ? null : 'it must be a whole number'
  if (kind === 'text') return null
  return kind.oneOf.includes(value) ? null : `it must be one of ${kind.oneOf.join(', ')}`
}

function shownKind(kind: SettingKind): ShownSetting['kind'] {
  return kind === 'boolean' || kind === 'integer' ? kind : 'text'
}

function known(table: Readonly<Record<string, unknown>>): string {
  return Object.keys(table).join(', ')
}
