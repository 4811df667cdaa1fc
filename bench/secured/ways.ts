import type { ProducerConfig } from '../../src/index.js'
import { certificateText } from '../../test/support/certificates/certificates.js'
import type { KafkaCluster, KafkaOptions } from '../../test/support/kafka/cluster.js'
import { saslUsers } from '../../test/support/kafka/sasl-listener.js'
import { securedKafka } from '../../test/support/kafka/secured-kafka.js'
import type { Way } from './messages.js'

/** A Kafka with a listener for each way, at which everybody may do everything. */
export const openKafka: KafkaOptions = {
  ...securedKafka,
  config: { ...securedKafka.config, 'allow.everyone.if.no.acl.found': 'true' },
}

const ca = certificateText('root.pem')
const identity = { key: certificateText('client.key'), cert: certificateText('client.pem') }

const ways: Readonly<Record<Way, { readonly listener: string; readonly config: Partial<ProducerConfig> }>> = {
  PLAINTEXT: { listener: 'PLAINTEXT', config: {} },
  SSL: { listener: 'SSL', config: { securityProtocol: 'SSL', tls: { ca } } },
  mTLS: { listener: 'MTLS', config: { securityProtocol: 'SSL', tls: { ca, ...identity } } },
  'SASL_SSL, SCRAM-SHA-512': {
    listener: 'SASL_SSL',
    config: {
      securityProtocol: 'SASL_SSL',
      tls: { ca },
      sasl: { mechanism: 'SCRAM-SHA-512', username: 'alice', password: saslUsers.alice },
    },
  },
}

export const allWays: readonly Way[] = Object.keys(ways) as Way[]

export function configOf(way: Way, { brokers: [broker] }: KafkaCluster): ProducerConfig {
  if (broker === undefined) throw new Error('there is no broker')
  const { listener, config } = ways[way]
  const port = listener === 'PLAINTEXT' ? broker.port : broker.portOf(listener)
  return { bootstrapServers: `127.0.0.1:${port}`, ...config }
}
