import type { KafkaOptions } from '../../support/kafka/cluster.js'
import { defaultKafkaVersion } from '../../support/kafka/distribution.js'

export const chaosVersion: string = defaultKafkaVersion

/** A broker without a heartbeat for this long loses its partitions. */
export const sessionTimeoutMs = 2_500

/**
 * Settings for brokers that notice each other's failures soon and restart soon. The settings for safety keep
 * their defaults.
 */
export const brokerConfig: NonNullable<KafkaOptions['config']> = {
  // Otherwise a client's metadata request would create a topic again while it is being deleted.
  'auto.create.topics.enable': 'false',
  'unclean.leader.election.enable': 'false',
  'min.insync.replicas': '2',
  'broker.session.timeout.ms': String(sessionTimeoutMs),
  'broker.heartbeat.interval.ms': '300',
  'controller.quorum.fetch.timeout.ms': '1500',
  'controller.quorum.election.timeout.ms': '700',
  'controller.quorum.election.backoff.max.ms': '300',
  'replica.lag.time.max.ms': '4000',
  'replica.socket.timeout.ms': '3000',
  'replica.fetch.backoff.ms': '200',
  // The run itself elects preferred leaders.
  'auto.leader.rebalance.enable': 'false',
  // After kill -9 a broker reads the last segment of each partition again, so segments are small.
  'log.segment.bytes': String(16 * 1024 ** 2),
  'num.recovery.threads.per.data.dir': '2',
  'log.segment.delete.delay.ms': '5000',
  // Three brokers share two processors.
  'num.network.threads': '2',
  'num.io.threads': '4',
  'background.threads': '2',
}
