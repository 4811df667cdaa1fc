import type { ConfigEntries } from './entry.js'

/** Encryption and authentication. */
export const securityConfigs = {
  securityProtocol: {
    javaName: 'security.protocol',
    type: 'choice',
    values: ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'],
    anyCaseInProperties: true,
    default: 'PLAINTEXT',
    importance: 'medium',
    description:
      'Whether connections are encrypted (SSL) and whether the client authenticates itself (SASL).',
  },
  tls: {
    javaName: null,
    type: 'tls',
    default: null,
    importance: 'high',
    description:
      "Options for TLS connections, named as in Node's `tls.connect`, or a function that gives them anew for each connection.",
  },
  sasl: {
    javaName: null,
    type: 'sasl',
    default: null,
    importance: 'high',
    description:
      'How the client logs in: a mechanism with a user name and a password, with a function that gives credentials or tokens, or a mechanism of your own. It takes the place of `saslMechanism` and `saslJaasConfig`.',
  },
  sslProtocol: {
    javaName: 'ssl.protocol',
    type: 'string',
    default: 'TLSv1.3',
    importance: 'medium',
    description: 'The newest version of TLS that the client offers. `TLS` sets no limit.',
  },
  sslEnabledProtocols: {
    javaName: 'ssl.enabled.protocols',
    type: 'list',
    default: ['TLSv1.2', 'TLSv1.3'],
    importance: 'medium',
    description: 'The versions of TLS that the client offers. An empty list: TLSv1.2 and TLSv1.3.',
  },
  sslCipherSuites: {
    javaName: 'ssl.cipher.suites',
    type: 'list',
    default: null,
    importance: 'low',
    description:
      'The cipher suites that the client offers, by the names of Java and IANA. Null or an empty list: those of the runtime.',
  },
  sslEndpointIdentificationAlgorithm: {
    javaName: 'ssl.endpoint.identification.algorithm',
    type: 'string',
    default: 'https',
    importance: 'low',
    description:
      "`https`: the broker's name must be the one in its certificate. An empty string: the name is not checked.",
  },
  sslKeystoreType: {
    javaName: 'ssl.keystore.type',
    type: 'string',
    default: 'JKS',
    importance: 'medium',
    description:
      "The format of the store with the client's key: JKS, PKCS12 or PEM. JKS and PKCS12 are told apart by the content of the file.",
  },
  sslKeystoreLocation: {
    javaName: 'ssl.keystore.location',
    type: 'string',
    default: null,
    importance: 'high',
    description:
      "The file with the client's key and certificates. A changed file is used by the next connection.",
  },
  sslKeystorePassword: {
    javaName: 'ssl.keystore.password',
    type: 'password',
    default: null,
    importance: 'high',
    description: 'The password of the key store.',
  },
  sslKeyPassword: {
    javaName: 'ssl.key.password',
    type: 'password',
    default: null,
    importance: 'high',
    description: "The password of the client's key, if it is encrypted. Default: that of the key store.",
  },
  sslKeystoreKey: {
    javaName: 'ssl.keystore.key',
    type: 'password',
    default: null,
    importance: 'high',
    description: "The client's key itself, as PEM.",
  },
  sslKeystoreCertificateChain: {
    javaName: 'ssl.keystore.certificate.chain',
    type: 'password',
    default: null,
    importance: 'high',
    description: "The client's certificates, as PEM.",
  },
  sslTruststoreType: {
    javaName: 'ssl.truststore.type',
    type: 'string',
    default: 'JKS',
    importance: 'medium',
    description:
      'The format of the store with the certificates to trust: JKS, PKCS12 or PEM. JKS and PKCS12 are told apart by the content of the file.',
  },
  sslTruststoreLocation: {
    javaName: 'ssl.truststore.location',
    type: 'string',
    default: null,
    importance: 'high',
    description:
      'The file with the certificates to trust. A changed file is used by the next connection. Without a trust store, the authorities of the runtime are trusted.',
  },
  sslTruststorePassword: {
    javaName: 'ssl.truststore.password',
    type: 'password',
    default: null,
    importance: 'high',
    description: 'The password of the trust store.',
  },
  sslTruststoreCertificates: {
    javaName: 'ssl.truststore.certificates',
    type: 'password',
    default: null,
    importance: 'high',
    description: 'The certificates to trust, as PEM.',
  },
  saslMechanism: {
    javaName: 'sasl.mechanism',
    type: 'string',
    default: 'GSSAPI',
    importance: 'medium',
    description:
      'The SASL mechanism of the login: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER, in this spelling. For AWS_MSK_IAM and any other mechanism give `sasl`.',
  },
  saslJaasConfig: {
    javaName: 'sasl.jaas.config',
    type: 'password',
    default: null,
    importance: 'medium',
    description:
      'The login module and its options, which include the credentials, in the grammar of Java: `org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";`.',
  },
  saslKerberosServiceName: {
    javaName: 'sasl.kerberos.service.name',
    type: 'string',
    default: null,
    importance: 'medium',
    description:
      "The first part of the brokers' Kerberos principals, usually `kafka`. A mechanism of your own gets it as `serviceName`.",
  },
  saslLoginRefreshWindowFactor: {
    javaName: 'sasl.login.refresh.window.factor',
    type: 'double',
    default: 0.8,
    min: 0.5,
    max: 1,
    importance: 'low',
    description: "The part of a token's lifetime after which the client asks for a new token.",
  },
  saslLoginRefreshWindowJitter: {
    javaName: 'sasl.login.refresh.window.jitter',
    type: 'double',
    default: 0.05,
    min: 0,
    max: 0.25,
    importance: 'low',
    description: "How much the time of the refresh varies, as a part of the token's lifetime.",
  },
  saslLoginRefreshMinPeriodSeconds: {
    javaName: 'sasl.login.refresh.min.period.seconds',
    type: 'int',
    default: 60,
    min: 0,
    max: 900,
    importance: 'low',
    description: 'The least time between two requests for a token.',
  },
  saslLoginRefreshBufferSeconds: {
    javaName: 'sasl.login.refresh.buffer.seconds',
    type: 'int',
    default: 300,
    min: 0,
    max: 3600,
    importance: 'low',
    description: 'The client replaces a token at least this long before its lifetime ends.',
  },
} as const

securityConfigs satisfies ConfigEntries
