import { fromProperties, type KafkaError, Producer, type ProducerConfig } from '../../../src/index.js'
import { EmbeddedCluster } from '../../../src/testing/index.js'
import { TokenServer, type TokenServerOptions } from './token-server.js'

const PACKAGE = 'org.apache.kafka.common.security.oauthbearer'

/** The options of a login module that the server knows. */
export const knownClient = 'clientId="app" clientSecret="app-secret"'

/** Settings of a client that gives up soon. A slow machine may make it give up what would have succeeded. */
export const impatient = { 'max.block.ms': '500', 'sasl.login.read.timeout.ms': '50' }

/** A cluster that takes the tokens of a token server, and a producer between them. */
export class OidcScene {
  readonly server: TokenServer
  readonly cluster: EmbeddedCluster
  #producer: Producer | undefined

  private constructor(server: TokenServer, cluster: EmbeddedCluster) {
    this.server = server
    this.cluster = cluster
  }

  static async start(options: TokenServerOptions = {}): Promise<OidcScene> {
    const server = await TokenServer.start(options)
    const cluster = await EmbeddedCluster.start({
      brokers: 3,
      topics: [{ topic: 'orders', numPartitions: 3 }],
      sasl: { mechanisms: ['OAUTHBEARER'], tokenHolder: server.holderOf },
    })
    return new OidcScene(server, cluster)
  }

  /** A file of settings as Java's client takes it. */
  properties(more: Readonly<Record<string, string>> = {}, jaasOptions: string = knownClient): ProducerConfig {
    const text = {
      'bootstrap.servers': this.cluster.bootstrapServers,
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.login.callback.handler.class': `${PACKAGE}.OAuthBearerLoginCallbackHandler`,
      'sasl.oauthbearer.token.endpoint.url': this.server.url,
      'sasl.jaas.config': `${PACKAGE}.OAuthBearerLoginModule required ${jaasOptions};`,
      'max.block.ms': '10000',
      'sasl.login.read.timeout.ms': '5000',
      'sasl.login.retry.backoff.ms': '1',
      'sasl.login.retry.backoff.max.ms': '20',
      ...more,
    }
    return fromProperties(text, { logger: false })
  }

  /** Sends a record to each partition, and so to each broker. */
  async send(config: ProducerConfig): Promise<Producer> {
    const producer = new Producer({ allowedTokenUrls: [this.server.url], ...config })
    this.#producer = producer
    await Promise.all([0, 1, 2].map((partition) => producer.send({ topic: 'orders', partition, value: 'v' })))
    return producer
  }

  /** The error of a send that must fail. */
  async failure(config: ProducerConfig): Promise<KafkaError> {
    return this.send(config).then(
      () => {
        throw new Error('the records were sent')
      },
      (error) => error,
    )
  }

  async close(): Promise<void> {
    await this.#producer?.close({ timeoutMs: 0 })
    await this.cluster.close()
    await this.server.close()
  }
}
