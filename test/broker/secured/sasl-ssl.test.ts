import { expect, it } from 'vitest'
import {
  AuthenticationError,
  fromProperties,
  type KafkaError,
  type ProducerConfig,
} from '../../../src/index.js'
import { certificateFile, certificateText } from '../../support/certificates/certificates.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { kcat } from '../../support/kafka/kcat.js'
import { hasScram, saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { tlsListener } from '../../support/kafka/tls-listener.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'

type Mechanism = 'SCRAM-SHA-512' | 'PLAIN'
const mechanisms: readonly Mechanism[] = hasScram ? ['SCRAM-SHA-512', 'PLAIN'] : ['PLAIN']
const modules = { 'SCRAM-SHA-512': 'scram.ScramLoginModule', PLAIN: 'plain.PlainLoginModule' } as const

await describeWithOwnKafka(
  'a listener with TLS and SASL',
  saslKafka(tlsListener('secure', 'broker'), 'SASL_SSL'),
  (kafka) => {
    const config = (mechanism: Mechanism, password: string, ca = 'root.pem'): ProducerConfig => ({
      bootstrapServers: kafka().secureBootstrapServers,
      securityProtocol: 'SASL_SSL',
      tls: { ca: certificateText(ca) },
      sasl: { mechanism, username: 'alice', password },
      logger: false,
    })

    const properties = (mechanism: Mechanism, password: string, trusted = 'root.pem') =>
      [
        `bootstrap.servers=${kafka().secureBootstrapServers.join(',')}`,
        'security.protocol=SASL_SSL',
        `sasl.mechanism=${mechanism}`,
        `sasl.jaas.config=org.apache.kafka.common.security.${modules[mechanism]} required \\`,
        `  username="alice" password="${password}";`,
        'ssl.truststore.type=PEM',
        `ssl.truststore.location=${certificateFile(trusted)}`,
      ].join('\n')

    /**
     * The values of a topic, as kcat reads them over the same listener. It logs in with PLAIN: the SCRAM of
     * librdkafka 2.0, with which kcat is often packaged, sends its nonce twice, and Kafka refuses that.
     */
    async function readBack(topic: string): Promise<string[]> {
      const options = [
        'security.protocol=sasl_ssl',
        `ssl.ca.location=${certificateFile('root.pem')}`,
        'sasl.mechanism=PLAIN',
        'sasl.username=alice',
        `sasl.password=${saslUsers.alice}`,
      ].flatMap((option) => ['-X', option])
      const reading = ['-C', '-e', '-q', '-t', topic, '-o', 'beginning', ...options]
      const { stdout } = await kcat(kafka().secureBootstrapServers, reading)
      return stdout.toString().trim().split('\n').sort()
    }

    const failure = (given: ProducerConfig): Promise<KafkaError> =>
      withProducer(given, (producer) =>
        producer.send({ topic: 'refused', value: 'v' }).then(
          () => {
            throw new Error('the record was sent')
          },
          (error) => error,
        ),
      )

    it.each(mechanisms)('takes records of a producer with %s', async (mechanism) => {
      const topic = uniqueTopic('sasl-ssl')
      await withProducer(config(mechanism, saslUsers.alice), (producer) =>
        producer.send({ topic, value: `over TLS with ${mechanism}` }),
      )
      expect(await readBack(topic)).toEqual([`over TLS with ${mechanism}`])
    })

    it.each(mechanisms)('refuses a wrong password with %s', async (mechanism) => {
      const fromFile = fromProperties(properties(mechanism, 'wrong'), { logger: false })
      for (const given of [config(mechanism, 'wrong'), fromFile]) {
        const error = await failure(given)
        expect(error).toBeInstanceOf(AuthenticationError)
        expect(error).toMatchObject({
          code: 'SASL_AUTHENTICATION_FAILED',
          fatal: true,
          possiblyPersisted: false,
        })
        expect(error.message).toContain(`SaslAuthenticate: the broker refused the ${mechanism} login`)
      }
    })

    it.each(mechanisms)('of an unknown authority gets no login with %s', async (mechanism) => {
      const fromFile = fromProperties(properties(mechanism, saslUsers.alice, 'other-root.pem'), {
        logger: false,
      })
      for (const given of [config(mechanism, saslUsers.alice, 'other-root.pem'), fromFile]) {
        const error = await failure(given)
        expect(error).toBeInstanceOf(AuthenticationError)
        expect(error).toMatchObject({ code: 'TLS_AUTHORITY_UNKNOWN', fatal: true, possiblyPersisted: false })
        expect(error.message).toContain("TLS: the broker's certificate comes from the authority CN=root")
      }
    })

    it('tells a client without a login that it may have to log in', async () => {
      const { sasl: _, ...given } = config('PLAIN', 'unused')
      // The guess needs two connections that the broker has ended, and it ends each after a while.
      const quick = { maxBlockMs: 4_000, reconnectBackoffMs: 10, reconnectBackoffMaxMs: 10 }
      const error = await failure({ ...given, securityProtocol: 'SSL', ...quick })
      expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true })
      expect(error.message).toContain('the listener may require SASL. Set security.protocol to SASL_SSL')
    })
  },
)
