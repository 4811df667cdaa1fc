import type { EmbeddedCluster } from '../../src/testing/index.js'
import type { KafkaCluster } from '../support/kafka/cluster.js'
import type { ComparedCluster } from './cluster-under-comparison.js'

/**
 * How long the embedded cluster would take to miss a broker that was killed: longer than it takes to start
 * again.
 */
const FAILOVER_MS = 600_000

/** One node of Apache Kafka. */
export function comparedKafka({
  version,
  bootstrapServers,
  brokers,
  waitUntilInSync,
}: KafkaCluster): ComparedCluster {
  return {
    name: `Kafka ${version}`,
    version,
    bootstrapServers: bootstrapServers.join(','),
    async restart(how) {
      for (const broker of brokers) {
        broker.kill(how === 'killed' ? 'SIGKILL' : 'SIGTERM')
        await broker.waitForExit()
        await broker.start()
      }
      await waitUntilInSync()
    },
  }
}

/** An embedded cluster of one broker. */
export function comparedEmbedded(cluster: EmbeddedCluster): ComparedCluster {
  return {
    name: 'the embedded cluster',
    version: null,
    bootstrapServers: cluster.bootstrapServers,
    async restart(how) {
      await cluster.stopBroker(1, { failoverMs: how === 'killed' ? FAILOVER_MS : 0 })
      await cluster.startBroker(1)
    },
  }
}
