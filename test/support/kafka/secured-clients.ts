import type { ProducerConfig } from '../../../src/index.js'
import { certificateFile, certificateText, password } from '../certificates/certificates.js'
import { hasScram, saslUsers } from './sasl-listener.js'

/** One way to get into one listener of `securedKafka`, as a program says it and as a file of Java says it. */
export interface SecuredClient {
  readonly listener: string
  /** What the way has that no other way to this listener has. */
  readonly by: string
  readonly config: Partial<ProducerConfig>
  readonly properties: Readonly<Record<string, string>>
  /** Whether the records are read back by Java, with the same file and by the same listener. */
  readonly readByJava?: true
}

const MODULES = 'org.apache.kafka.common.security'
const alice = { username: 'alice', password: saslUsers.alice }
const jaas = (module: string) =>
  `${MODULES}.${module} required username="alice" password="${saslUsers.alice}";`

export const trustingConfig: Partial<ProducerConfig> = {
  securityProtocol: 'SSL',
  tls: { ca: certificateText('root.pem') },
}
const trustInPem = {
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': certificateFile('root.pem'),
} as const
export const trustingProperties: Readonly<Record<string, string>> = {
  'security.protocol': 'SSL',
  ...trustInPem,
}

const clients: readonly SecuredClient[] = [
  { listener: 'PLAINTEXT', by: 'nothing', config: {}, properties: {} },
  { listener: 'SSL', by: 'trust in PEM', config: trustingConfig, properties: trustingProperties },
  {
    listener: 'MTLS',
    by: 'a certificate in PKCS #12',
    config: {
      securityProtocol: 'SSL',
      tls: {
        ca: certificateText('root.pem'),
        key: certificateText('client.key'),
        cert: certificateText('client.pem'),
      },
    },
    properties: {
      'security.protocol': 'SSL',
      'ssl.protocol': 'TLS',
      'ssl.key.password': password,
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': certificateFile('client.java.p12'),
      'ssl.keystore.password': password,
      'ssl.truststore.location': certificateFile('trust.jks'),
      'ssl.truststore.password': password,
    },
    readByJava: true,
  },
  {
    listener: 'SASL_PLAINTEXT',
    by: 'SCRAM-SHA-256',
    config: { securityProtocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'SCRAM-SHA-256', ...alice } },
    properties: {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'SCRAM-SHA-256',
      'sasl.jaas.config': jaas('scram.ScramLoginModule'),
    },
  },
  {
    listener: 'SASL_PLAINTEXT',
    by: 'OAUTHBEARER',
    config: {
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'OAUTHBEARER', token: () => unsecuredToken('alice', 3_600) },
    },
    properties: {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.jaas.config': `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="alice";`,
    },
  },
  {
    listener: 'SASL_SSL',
    by: 'SCRAM-SHA-512',
    config: {
      ...trustingConfig,
      securityProtocol: 'SASL_SSL',
      sasl: { mechanism: 'SCRAM-SHA-512', ...alice },
    },
    properties: {
      'security.protocol': 'SASL_SSL',
      ...trustInPem,
      'sasl.mechanism': 'SCRAM-SHA-512',
      'sasl.jaas.config': jaas('scram.ScramLoginModule'),
    },
    readByJava: true,
  },
  {
    listener: 'SASL_SSL',
    by: 'PLAIN',
    config: { ...trustingConfig, securityProtocol: 'SASL_SSL', sasl: { mechanism: 'PLAIN', ...alice } },
    properties: {
      'security.protocol': 'SASL_SSL',
      ...trustInPem,
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': jaas('plain.PlainLoginModule'),
    },
  },
  {
    listener: 'REAUTH',
    by: 'PLAIN',
    config: { securityProtocol: 'SASL_PLAINTEXT', sasl: { mechanism: 'PLAIN', ...alice } },
    properties: {
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'PLAIN',
      'sasl.jaas.config': jaas('plain.PlainLoginModule'),
    },
  },
]

/** The ways that the version under test knows. */
export const securedClients: readonly SecuredClient[] = clients.filter(
  ({ by }) => hasScram || !by.startsWith('SCRAM'),
)

/** A token without a signature, with these claims. */
export function tokenWith(claims: object): string {
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${encoded({ alg: 'none' })}.${encoded(claims)}.`
}

/** A token without a signature, which expires after so many seconds. */
export function unsecuredToken(subject: string, seconds: number): string {
  const now = Date.now() / 1_000
  return tokenWith({ sub: subject, iat: now, exp: now + seconds })
}

/** A .properties file, in which a value may be continued on the next line. */
export function propertiesFile(properties: Readonly<Record<string, string>>): string {
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value.replace(' required ', ' required \\\n  ')}\n`)
    .join('')
}
