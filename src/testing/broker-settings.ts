import type { SettingRule } from './setting.js'
import { TOPIC_SETTINGS } from './topic-settings.js'

/** A broker setting. */
export interface BrokerSetting {
  readonly rule: SettingRule
  readonly default: string
  /** Its effect in the embedded cluster, for the documentation; null for the default of a topic setting. */
  readonly effect: string | null
}

type Row = readonly [
  name: string,
  type: SettingRule['type'],
  rule: Omit<SettingRule, 'type'>,
  byDefault: string,
  effect: string,
]

/**
 * The broker settings that have an effect in the embedded cluster, except the defaults of topic settings.
 *
 * https://kafka.apache.org/documentation/#brokerconfigs
 */
// biome-ignore format: a row a line reads as the table it is
const ROWS: readonly Row[] = [
  ['auto.create.topics.enable', 'boolean', {}, 'true', 'A Metadata request may create a topic.'],
  ['default.replication.factor', 'int', {}, '1', 'The replication factor of a topic that gives none. The default is the number of brokers, at most 3.'],
  ['delete.topic.enable', 'boolean', {}, 'true', 'With false, DeleteTopics is refused.'],
  ['fetch.max.bytes', 'int', { min: 1024 }, '57671680', 'The size of the largest Fetch response.'],
  ['num.partitions', 'int', { min: 1 }, '1', 'The number of partitions of a topic that gives none.'],
  ['producer.id.expiration.check.interval.ms', 'int', { min: 1 }, '600000', 'How often the brokers look for idle producers.'],
  ['producer.id.expiration.ms', 'int', { min: 1 }, '86400000', 'The brokers forget a producer that was idle for longer.'],
  ['socket.request.max.bytes', 'int', { min: 1 }, '104857600', 'A larger request closes its connection.'],
  ['transaction.max.timeout.ms', 'int', { min: 1 }, '900000', 'A larger `transaction.timeout.ms` is refused.'],
]

/** The settings above and the defaults of topic settings, by name. */
export const BROKER_SETTINGS: ReadonlyMap<string, BrokerSetting> = new Map([
  ...ROWS.map(([name, type, rule, byDefault, effect]): [string, BrokerSetting] => [
    name,
    { rule: { type, ...rule }, default: byDefault, effect },
  ]),
  ...[...TOPIC_SETTINGS.values()].flatMap(
    ({ broker, rule, default: byDefault }): [string, BrokerSetting][] =>
      broker === null ? [] : [[broker, { rule, default: byDefault, effect: null }]],
  ),
])
