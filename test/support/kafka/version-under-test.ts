import { defaultKafkaVersion } from './distribution.js'

export type BrokerCount = 1 | 3

/** The Apache Kafka the broker tests run against: `ODRADEK_KAFKA_VERSION`, as the test matrix sets it. */
export function kafkaVersionUnderTest(): string {
  const { ODRADEK_KAFKA_VERSION: version } = process.env
  return version || defaultKafkaVersion
}

/** How many nodes that Kafka has: `ODRADEK_KAFKA_BROKERS`, one unless it says three. */
export function brokerCountUnderTest(): BrokerCount {
  const { ODRADEK_KAFKA_BROKERS: count } = process.env
  if (!count || count === '1') return 1
  if (count === '3') return 3
  throw new Error(`ODRADEK_KAFKA_BROKERS is ${JSON.stringify(count)}; it can be 1 or 3`)
}
