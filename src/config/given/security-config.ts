import type { SaslConfig } from '../sasl.js'
import type { Secret } from '../secret.js'
import type { TlsOptions, TlsOptionsFunction } from '../tls/tls-options.js'

// Made from ../table-security.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** Encryption and authentication. Producers and admins have these settings. */
export interface SecurityConfig {
  /**
   * Whether connections are encrypted (SSL) and whether the client authenticates itself (SASL).
   *
   * 'PLAINTEXT', 'SSL', 'SASL_PLAINTEXT' or 'SASL_SSL'. Java: `security.protocol`.
   *
   * @default 'PLAINTEXT'
   */
  readonly securityProtocol?: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL' | undefined

  /**
   * Options for TLS connections, named as in Node's `tls.connect`, or a function that gives them anew for
   * each connection.
   *
   * An object or a function, or null.
   *
   * @default null
   */
  readonly tls?: TlsOptions | TlsOptionsFunction | null | undefined

  /**
   * How the client logs in: a mechanism with a user name and a password, with a function that gives
   * credentials or tokens, or a mechanism of your own. It takes the place of `saslMechanism` and
   * `saslJaasConfig`.
   *
   * An object, or null.
   *
   * @default null
   */
  readonly sasl?: SaslConfig | null | undefined

  /**
   * The newest version of TLS that the client offers. `TLS` sets no limit.
   *
   * A string. Java: `ssl.protocol`.
   *
   * @default 'TLSv1.3'
   */
  readonly sslProtocol?: string | undefined

  /**
   * The versions of TLS that the client offers. An empty list: TLSv1.2 and TLSv1.3.
   *
   * A list of strings. Java: `ssl.enabled.protocols`.
   *
   * @default ['TLSv1.2', 'TLSv1.3']
   */
  readonly sslEnabledProtocols?: readonly string[] | undefined

  /**
   * The cipher suites that the client offers, by the names of Java and IANA. Null or an empty list: those of
   * the runtime.
   *
   * A list of strings, or null. Java: `ssl.cipher.suites`.
   *
   * @default null
   */
  readonly sslCipherSuites?: readonly string[] | null | undefined

  /**
   * `https`: the broker's name must be the one in its certificate. An empty string: the name is not checked.
   *
   * A string. Java: `ssl.endpoint.identification.algorithm`.
   *
   * @default 'https'
   */
  readonly sslEndpointIdentificationAlgorithm?: string | undefined

  /**
   * The format of the store with the client's key: JKS, PKCS12 or PEM. JKS and PKCS12 are told apart by the
   * content of the file.
   *
   * A string. Java: `ssl.keystore.type`.
   *
   * @default 'JKS'
   */
  readonly sslKeystoreType?: string | undefined

  /**
   * The file with the client's key and certificates. A changed file is used by the next connection.
   *
   * A string, or null. Java: `ssl.keystore.location`.
   *
   * @default null
   */
  readonly sslKeystoreLocation?: string | null | undefined

  /**
   * The password of the key store.
   *
   * A string, or null. Java: `ssl.keystore.password`.
   *
   * @default null
   */
  readonly sslKeystorePassword?: string | Secret | null | undefined

  /**
   * The password of the client's key, if it is encrypted. Default: that of the key store.
   *
   * A string, or null. Java: `ssl.key.password`.
   *
   * @default null
   */
  readonly sslKeyPassword?: string | Secret | null | undefined

  /**
   * The client's key itself, as PEM.
   *
   * A string, or null. Java: `ssl.keystore.key`.
   *
   * @default null
   */
  readonly sslKeystoreKey?: string | Secret | null | undefined

  /**
   * The client's certificates, as PEM.
   *
   * A string, or null. Java: `ssl.keystore.certificate.chain`.
   *
   * @default null
   */
  readonly sslKeystoreCertificateChain?: string | Secret | null | undefined

  /**
   * The format of the store with the certificates to trust: JKS, PKCS12 or PEM. JKS and PKCS12 are told apart
   * by the content of the file.
   *
   * A string. Java: `ssl.truststore.type`.
   *
   * @default 'JKS'
   */
  readonly sslTruststoreType?: string | undefined

  /**
   * The file with the certificates to trust. A changed file is used by the next connection. Without a trust
   * store, the authorities of the runtime are trusted.
   *
   * A string, or null. Java: `ssl.truststore.location`.
   *
   * @default null
   */
  readonly sslTruststoreLocation?: string | null | undefined

  /**
   * The password of the trust store.
   *
   * A string, or null. Java: `ssl.truststore.password`.
   *
   * @default null
   */
  readonly sslTruststorePassword?: string | Secret | null | undefined

  /**
   * The certificates to trust, as PEM.
   *
   * A string, or null. Java: `ssl.truststore.certificates`.
   *
   * @default null
   */
  readonly sslTruststoreCertificates?: string | Secret | null | undefined

  /**
   * The SASL mechanism of the login: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 or OAUTHBEARER, in this spelling.
   * For AWS_MSK_IAM and any other mechanism give `sasl`.
   *
   * A string. Java: `sasl.mechanism`.
   *
   * @default 'GSSAPI'
   */
  readonly saslMechanism?: string | undefined

  /**
   * The login module and its options, which include the credentials, in the grammar of Java:
   * `org.apache.kafka.common.security.plain.PlainLoginModule required username="..." password="...";`.
   *
   * A string, or null. Java: `sasl.jaas.config`.
   *
   * @default null
   */
  readonly saslJaasConfig?: string | Secret | null | undefined

  /**
   * The first part of the brokers' Kerberos principals, usually `kafka`. A mechanism of your own gets it as
   * `serviceName`.
   *
   * A string, or null. Java: `sasl.kerberos.service.name`.
   *
   * @default null
   */
  readonly saslKerberosServiceName?: string | null | undefined

  /**
   * The part of a token's lifetime after which the client asks for a new token.
   *
   * A number from 0.5 to 1. Java: `sasl.login.refresh.window.factor`.
   *
   * @default 0.8
   */
  readonly saslLoginRefreshWindowFactor?: number | undefined

  /**
   * How much the time of the refresh varies, as a part of the token's lifetime.
   *
   * A number from 0 to 0.25. Java: `sasl.login.refresh.window.jitter`.
   *
   * @default 0.05
   */
  readonly saslLoginRefreshWindowJitter?: number | undefined

  /**
   * The least time between two requests for a token.
   *
   * Seconds: a whole number from 0 to 900. Java: `sasl.login.refresh.min.period.seconds`.
   *
   * @default 60
   */
  readonly saslLoginRefreshMinPeriodSeconds?: number | undefined

  /**
   * The client replaces a token at least this long before its lifetime ends.
   *
   * Seconds: a whole number from 0 to 3600. Java: `sasl.login.refresh.buffer.seconds`.
   *
   * @default 300
   */
  readonly saslLoginRefreshBufferSeconds?: number | undefined
}
