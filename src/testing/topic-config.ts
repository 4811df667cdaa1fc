import type { ClusterConfig, ShownSetting } from './cluster-config.js'
import { canonicalValue, itemsOf, settingComplaint } from './setting.js'
import { TOPIC_SETTINGS } from './topic-settings.js'
import { hintFor } from './unknown-name.js'

/**
 * A topic's settings, which override those of the brokers. The settings that every batch needs are parsed
 * once.
 */
export class TopicConfig {
  readonly compacted: boolean
  /** Whether old records are deleted only if a newer record has the same key. */
  readonly compactedOnly: boolean
  readonly maxMessageBytes: number
  /** The size of the largest record in a compressed batch, in bytes. */
  readonly maxDecompressedMessageBytes: number
  readonly logAppendTime: boolean
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  readonly minInSyncReplicas: number
  /** The bytes of a partition beyond which its oldest batches are deleted; -1 for no limit. */
  readonly retentionBytes: number
  readonly segmentBytes: number
  readonly #cluster: ClusterConfig
  readonly #given: ReadonlyMap<string, string>

  /** `given` has passed {@link topicConfigComplaint}. */
  constructor(cluster: ClusterConfig, given: ReadonlyMap<string, string>) {
    this.#cluster = cluster
    this.#given = given
    const policies = itemsOf(this.get('cleanup.policy'))
    this.compacted = policies.includes('compact')
    this.compactedOnly = this.compacted && !policies.includes('delete')
    this.maxMessageBytes = this.#number('max.message.bytes')
    this.maxDecompressedMessageBytes = this.#number('max.decompressed.message.bytes')
    this.logAppendTime = this.get('message.timestamp.type') === 'LogAppendTime'
    this.timestampBeforeMaxMs = this.#number('message.timestamp.before.max.ms')
    this.timestampAfterMaxMs = this.#number('message.timestamp.after.max.ms')
    this.minInSyncReplicas = this.#number('min.insync.replicas')
    this.retentionBytes = policies.includes('delete') ? this.#number('retention.bytes') : -1
    this.segmentBytes = this.#number('segment.bytes')
  }

  /** The settings that were given for this topic. Creating it again needs them. */
  get given(): ReadonlyMap<string, string> {
    return this.#given
  }

  get(name: string): string {
    const setting = TOPIC_SETTINGS.get(name)
    if (setting === undefined) return ''
    const given = this.#given.get(name)
    if (given !== undefined) return canonicalValue(setting.rule, given)
    return setting.broker === null ? setting.default : this.#cluster.get(setting.broker)
  }

  shown(): ShownSetting[] {
    return [...TOPIC_SETTINGS].map(([name, { broker, rule }]) => ({
      name,
      value: this.get(name),
      type: rule.type,
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

/** Why a topic cannot have these settings; null if it can. */
export function topicConfigComplaint(
  cluster: ClusterConfig,
  given: ReadonlyMap<string, string | null>,
): string | null {
  const settings = new Map<string, string>()
  for (const [name, value] of given) {
    const complaint = settingComplaintOf(name, value)
    if (complaint !== null) return complaint
    if (value !== null) settings.set(name, value)
  }
  const config = new TopicConfig(cluster, settings)
  const [least, most] = [config.get('min.compaction.lag.ms'), config.get('max.compaction.lag.ms')]
  if (BigInt(least) > BigInt(most)) {
    return `conflict topic config setting min.compaction.lag.ms (${least}) > max.compaction.lag.ms (${most})`
  }
  if (config.get('remote.storage.enable') === 'true') {
    return 'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.'
  }
  return null
}

function settingComplaintOf(name: string, value: string | null): string | null {
  const setting = TOPIC_SETTINGS.get(name)
  if (setting === undefined) {
    return `Unknown topic config name: ${name}${hintFor(name, [...TOPIC_SETTINGS.keys()])}`
  }
  if (value === null) return `Null value not supported for topic configs: ${name}`
  const wrong = settingComplaint(setting.rule, value)
  return wrong === null ? null : `Invalid value ${value} for configuration ${name}: ${wrong}`
}
