import { expect, it } from 'vitest'
import {
  AuthenticationError,
  type KafkaError,
  type Producer,
  type ProducerConfig,
  type TlsOptions,
} from '../../../src/index.js'
import { certificateFile, certificateText } from '../../support/certificates/certificates.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { kcat } from '../../support/kafka/kcat.js'
import { tlsListener } from '../../support/kafka/tls-listener.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'

const pair = (name: string) => ({ key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) })
const root = certificateText('root.pem')
const trusting = (tls: TlsOptions = {}): Partial<ProducerConfig> => ({
  securityProtocol: 'SSL',
  tls: { ca: root, ...tls },
})

/** Kafka's client tools and kcat need files. */
const kcatOptions = (...more: string[]) =>
  ['security.protocol=ssl', `ssl.ca.location=${certificateFile('root.pem')}`, ...more].flatMap((option) => [
    '-X',
    option,
  ])

await describeWithOwnKafka(
  'brokers with TLS',
  {
    brokers: 1,
    listeners: { TLS: 'SSL', MUTUAL: 'SSL', OTHERHOST: 'SSL', OLD: 'SSL' },
    config: {
      ...tlsListener('tls', 'broker'),
      ...tlsListener('mutual', 'broker'),
      'listener.name.mutual.ssl.client.auth': 'required',
      ...tlsListener('otherhost', 'other-host'),
      ...tlsListener('old', 'broker'),
      'listener.name.old.ssl.enabled.protocols': 'TLSv1.2',
      'listener.name.old.ssl.cipher.suites': 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
    },
  },
  (kafka) => {
    const serversOf = (listener: string) => {
      const [broker] = kafka().brokers
      if (broker === undefined) throw new Error('there is no broker')
      return `127.0.0.1:${listener === 'PLAINTEXT' ? broker.port : broker.portOf(listener)}`
    }

    const using = <T>(
      listener: string,
      config: Partial<ProducerConfig>,
      use: (producer: Producer) => Promise<T>,
    ) => withProducer({ bootstrapServers: serversOf(listener), logger: false, ...config }, use)

    async function sendAndReadBack(listener: string, config: Partial<ProducerConfig>, ...options: string[]) {
      const topic = uniqueTopic('tls')
      await using(listener, config, (producer) => producer.send({ topic, value: `over ${listener}` }))
      const { stdout } = await kcat(
        [serversOf(listener)],
        [...['-C', '-e', '-q', '-t', topic, '-o', 'beginning'], ...kcatOptions(...options)],
      )
      expect(stdout.toString()).toBe(`over ${listener}\n`)
    }

    const clientOptions = [
      `ssl.certificate.location=${certificateFile('client.pem')}`,
      `ssl.key.location=${certificateFile('client.key')}`,
    ]

    it.each<[string, Partial<ProducerConfig>]>([
      ['tls', trusting()],
      [
        'a trust store in JKS',
        { sslTruststoreLocation: certificateFile('trust.jks'), sslTruststorePassword: 'changeit' },
      ],
      [
        'a trust store in PKCS #12',
        {
          sslTruststoreType: 'PKCS12',
          sslTruststoreLocation: certificateFile('trust.java.p12'),
          sslTruststorePassword: 'changeit',
        },
      ],
      [
        'a trust store in PEM',
        { sslTruststoreType: 'PEM', sslTruststoreLocation: certificateFile('root.pem') },
      ],
      [
        'a trust store in the text itself, TLS 1.2 and one cipher suite',
        {
          sslTruststoreType: 'PEM',
          sslTruststoreCertificates: root.replaceAll('\n', ' '),
          sslProtocol: 'TLSv1.2',
          sslCipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
        },
      ],
    ])('take records from a client that trusts them by %s', async (_, config) => {
      await sendAndReadBack('TLS', { securityProtocol: 'SSL', ...config })
    })

    it.each<[string, Partial<ProducerConfig>]>([
      ['tls', { tls: { ca: root, ...pair('client') } }],
      [
        'tls, under an intermediate authority',
        {
          tls: {
            ca: root,
            key: certificateText('chained-client.key'),
            cert: certificateText('chained-client.chain.pem'),
          },
        },
      ],
      ['JKS', { sslKeystoreLocation: certificateFile('client.jks'), sslKeystorePassword: 'changeit' }],
      [
        'PKCS #12',
        { sslKeystoreLocation: certificateFile('client.java.p12'), sslKeystorePassword: 'changeit' },
      ],
      ['PEM', { sslKeystoreType: 'PEM', sslKeystoreLocation: certificateFile('client.both.pem') }],
      [
        'the text itself',
        {
          sslKeystoreType: 'PEM',
          sslKeystoreKey: certificateText('client.encrypted.key'),
          sslKeystoreCertificateChain: certificateText('client.pem'),
          sslKeyPassword: 'changeit',
        },
      ],
    ])('take records from a client with a certificate in %s', async (_, config) => {
      const trust = 'tls' in config ? {} : { sslTruststoreType: 'PEM', sslTruststoreCertificates: root }
      await sendAndReadBack('MUTUAL', { securityProtocol: 'SSL', ...trust, ...config }, ...clientOptions)
    })

    it('take records by TLS 1.2 alone', () => sendAndReadBack('OLD', trusting()))

    it("are believed under another name only by the user's own word", async () => {
      const off = { ...trusting(), tls: null, sslEndpointIdentificationAlgorithm: '' }
      const trust = { sslTruststoreType: 'PEM', sslTruststoreCertificates: root }
      await sendAndReadBack('OTHERHOST', { ...off, ...trust }, 'ssl.endpoint.identification.algorithm=none')
    })

    const failure = (listener: string, config: Partial<ProducerConfig>): Promise<KafkaError> =>
      using(listener, config, (producer) =>
        producer.send({ topic: 'refused', value: 'v' }).then(
          () => {
            throw new Error('the record was sent')
          },
          (error) => error,
        ),
      )

    const missing =
      'the broker wants a certificate of the client, and none is set (ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE): set ssl.keystore.location, or tls.cert and tls.key'
    const refused =
      "the broker refuses the client's certificate (ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN): the broker does not know its authority, it has expired, or an intermediate certificate is missing behind it"

    it.each<[string, string, Partial<ProducerConfig>, string, string]>([
      [
        'an unknown authority',
        'TLS',
        { securityProtocol: 'SSL' },
        'TLS_AUTHORITY_UNKNOWN',
        "TLS: the broker's certificate comes from the authority CN=root, which is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): add",
      ],
      [
        'no certificate of the client, TLS 1.3',
        'MUTUAL',
        trusting({ minVersion: 'TLSv1.3' }),
        'TLS_CLIENT_CERTIFICATE',
        `TLS: ${missing}`,
      ],
      [
        'no certificate of the client, TLS 1.2',
        'MUTUAL',
        trusting({ maxVersion: 'TLSv1.2' }),
        'TLS_CLIENT_CERTIFICATE',
        `TLS: ${missing}`,
      ],
      [
        'a client of an unknown authority',
        'MUTUAL',
        trusting(pair('stranger')),
        'TLS_CLIENT_CERTIFICATE',
        `TLS: ${refused}`,
      ],
      [
        'an expired client',
        'MUTUAL',
        trusting(pair('expired-client')),
        'TLS_CLIENT_CERTIFICATE',
        `TLS: ${refused}`,
      ],
      [
        'a client without its intermediate certificate',
        'MUTUAL',
        trusting(pair('chained-client')),
        'TLS_CLIENT_CERTIFICATE',
        `TLS: ${refused}`,
      ],
      [
        'no common version',
        'OLD',
        trusting({ minVersion: 'TLSv1.3' }),
        'TLS_NOT_NEGOTIATED',
        'TLS: the broker takes none of the versions of TLS that the client offers, TLSv1.3 (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION): see',
      ],
      [
        'no common cipher suite',
        'OLD',
        trusting({ ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' }),
        'TLS_NOT_NEGOTIATED',
        'TLS: the broker found no cipher suite among those that the client offers with TLSv1.2 (ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE): see',
      ],
      [
        'a client without TLS',
        'TLS',
        {},
        'TLS_REQUIRED',
        'ApiVersions: the port speaks TLS: it answered with a TLS alert, and this connection has no TLS. Set security.protocol to SSL',
      ],
    ])('tell a client what is wrong: %s', async (_, listener, config, code, message) => {
      const error = await failure(listener, config)
      expect(error).toBeInstanceOf(AuthenticationError)
      expect(error).toMatchObject({ code, fatal: true, possiblyPersisted: false })
      // Versions of OpenSSL have different prefixes for the names of alerts.
      expect(error.message.replace('SSL/TLS_ALERT', 'SSLV3_ALERT')).toContain(message)
    })

    it('tell a client with TLS at a plaintext port what may be wrong', async () => {
      const error = await failure('PLAINTEXT', { ...trusting(), maxBlockMs: 1_000 })
      expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true })
      expect(error.message).toContain(
        'TLS: the other side closed the connection during the TLS handshake (ECONNRESET): a broker does so while it restarts. If this goes on, the port may not speak TLS: check security.protocol',
      )
    })
  },
)
