import type { SettingRule } from './setting.js'

/** A topic setting. */
export interface TopicSetting {
  readonly rule: SettingRule
  readonly default: string
  /** The broker setting with the default for all topics; null if Kafka has none. */
  readonly broker: string | null
  /** Its effect in the embedded cluster, for the documentation. Null: it is only checked and shown. */
  readonly effect: string | null
}

type Row = readonly [
  name: string,
  broker: string | null,
  type: SettingRule['type'],
  rule: Omit<SettingRule, 'type'>,
  byDefault: string,
  effect?: string,
]

const INT64_MAX = '9223372036854775807'
/** The largest array that Java makes. */
const MAX_ARRAY = 2 ** 31 - 9
const CODECS = ['uncompressed', 'zstd', 'lz4', 'snappy', 'gzip', 'producer']
const REPLICAS = /^(\d+:\d+)?$/

/**
 * Every topic setting of Kafka 4.4 (LogConfig).
 *
 * https://kafka.apache.org/documentation/#topicconfigs
 */
// biome-ignore format: a row a line reads as the table it is
const ROWS: readonly Row[] = [
  ['cleanup.policy', 'log.cleanup.policy', 'list', { words: ['compact', 'delete'] }, 'delete', 'With `compact`, records without a key are refused; nothing is compacted. Without `delete`, `retention.bytes` has no effect.'],
  ['compression.gzip.level', 'compression.gzip.level', 'int', { min: 1, max: 9, orElse: -1 }, '-1'],
  ['compression.lz4.level', 'compression.lz4.level', 'int', { min: 1, max: 17 }, '9'],
  ['compression.type', 'compression.type', 'string', { words: CODECS }, 'producer'],
  ['compression.zstd.level', 'compression.zstd.level', 'int', { min: -131072, max: 22 }, '3'],
  ['delete.retention.ms', 'log.cleaner.delete.retention.ms', 'long', { min: 0 }, '86400000'],
  ['errors.deadletterqueue.group.enable', null, 'boolean', {}, 'false'],
  ['file.delete.delay.ms', 'log.segment.delete.delay.ms', 'long', { min: 0 }, '60000'],
  ['flush.messages', 'log.flush.interval.messages', 'long', { min: 1 }, INT64_MAX],
  ['flush.ms', 'log.flush.interval.ms', 'long', { min: 0 }, INT64_MAX],
  ['follower.replication.throttled.replicas', null, 'list', { items: REPLICAS }, ''],
  ['index.interval.bytes', 'log.index.interval.bytes', 'int', { min: 0 }, '4096'],
  ['leader.replication.throttled.replicas', null, 'list', { items: REPLICAS }, ''],
  ['local.retention.bytes', 'log.local.retention.bytes', 'long', { min: -2 }, '-2'],
  ['local.retention.ms', 'log.local.retention.ms', 'long', { min: -2 }, '-2'],
  ['max.compaction.lag.ms', 'log.cleaner.max.compaction.lag.ms', 'long', { min: 1 }, INT64_MAX],
  ['max.decompressed.message.bytes', 'max.decompressed.message.bytes', 'int', { min: 1, max: MAX_ARRAY }, String(MAX_ARRAY), 'A gzip batch with a larger record is refused.'],
  ['max.message.bytes', 'message.max.bytes', 'int', { min: 0 }, '1048588', 'A larger batch is refused.'],
  ['message.timestamp.after.max.ms', 'log.message.timestamp.after.max.ms', 'long', { min: 0 }, '3600000', 'A record with a later timestamp is refused.'],
  ['message.timestamp.before.max.ms', 'log.message.timestamp.before.max.ms', 'long', { min: 0 }, INT64_MAX, 'A record with an earlier timestamp is refused.'],
  ['message.timestamp.type', 'log.message.timestamp.type', 'string', { words: ['CreateTime', 'LogAppendTime'] }, 'CreateTime', 'With `LogAppendTime`, records get the time of their append.'],
  ['min.cleanable.dirty.ratio', 'log.cleaner.min.cleanable.ratio', 'double', { min: 0, max: 1 }, '0.5'],
  ['min.compaction.lag.ms', 'log.cleaner.min.compaction.lag.ms', 'long', { min: 0 }, '0'],
  ['min.insync.replicas', 'min.insync.replicas', 'int', { min: 1 }, '1', 'With fewer in-sync replicas, requests with `acks=all` are refused.'],
  ['preallocate', 'log.preallocate', 'boolean', {}, 'false'],
  ['remote.copy.lag.bytes', 'log.remote.copy.lag.bytes', 'long', { min: -1 }, '-1'],
  ['remote.copy.lag.ms', 'log.remote.copy.lag.ms', 'long', { min: -1 }, '0'],
  ['remote.log.copy.disable', null, 'boolean', {}, 'false'],
  ['remote.log.delete.on.disable', null, 'boolean', {}, 'false'],
  ['remote.storage.enable', null, 'boolean', {}, 'false', 'True is refused, as by brokers without tiered storage.'],
  ['retention.bytes', 'log.retention.bytes', 'long', {}, '-1', 'A larger partition loses its oldest batches at the next append.'],
  ['retention.ms', 'log.retention.ms', 'long', { min: -1 }, '604800000'],
  ['segment.bytes', 'log.segment.bytes', 'int', { min: 1048576 }, '1073741824', 'A larger batch is refused.'],
  ['segment.index.bytes', 'log.index.size.max.bytes', 'int', { min: 4 }, '10485760'],
  ['segment.jitter.ms', 'log.roll.jitter.ms', 'long', { min: 0 }, '0'],
  ['segment.ms', 'log.roll.ms', 'long', { min: 1 }, '604800000'],
  ['unclean.leader.election.enable', 'unclean.leader.election.enable', 'boolean', {}, 'false'],
]

/** By name, in alphabetical order. */
export const TOPIC_SETTINGS: ReadonlyMap<string, TopicSetting> = new Map(
  ROWS.map(([name, broker, type, rule, byDefault, effect = null]) => [
    name,
    { rule: { type, ...rule }, default: byDefault, broker, effect },
  ]),
)
