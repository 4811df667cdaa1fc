import type { KafkaOptions } from '../../support/kafka/cluster.js'
import { defaultKafkaVersion } from '../../support/kafka/distribution.js'

export const chaosVersion: string = defaultKafkaVersion

/** After so long without a sign of life a broker loses its partitions. */
export const sessionTimeoutMs = 2_500

/** Brokers that notice each other's failures soon, and come back soon. What is safe about them stays as it is by default. */
export const brokerConfig: NonNullable<KafkaOptions['config']> = {
  // By a client's question, a topic would come back while it is to be deleted.
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
  // Leaders go home when the run asks for it.
  'auto.leader.rebalance.enable': 'false',
  // After kill -9 the last segment of each partition is read again.
  'log.segment.bytes': String(16 * 1024 ** 2),
  'num.recovery.threads.per.data.dir': '2',
  'log.segment.delete.delay.ms': '5000',
  // Three brokers share two processors.
  'num.network.threads': '2',
  'num.io.threads': '4',
  'background.threads': '2',
}

/** For the brokers' JVMs: most of a restart is loading classes and compiling. */
export const jvmOptions = (classArchive: string): string =>
  `-XX:TieredStopAtLevel=1 "-XX:SharedArchiveFile=${classArchive}"`
