import type { Secret } from '../secret.js'

// Made from ../table-oauth.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** Tokens from a token endpoint or a file. Producers and admins have these settings. */
export interface OAuthConfig {
  /**
   * The URLs from which tokens may be fetched, each exactly as the setting that names it. No other URL is
   * asked. Only code can give this list: a `.properties` file that names a URL cannot allow it. It takes the
   * place of Java's system property `org.apache.kafka.sasl.oauthbearer.allowed.urls`.
   *
   * A list of strings.
   *
   * @default []
   */
  readonly allowedTokenUrls?: readonly string[] | undefined

  /**
   * The files that settings of tokens may name, each exactly as the setting that names it: a token, an
   * assertion, a template or a private key. No other file is read. Only code can give this list. It takes the
   * place of Java's system property `org.apache.kafka.sasl.oauthbearer.allowed.files`.
   *
   * A list of strings.
   *
   * @default []
   */
  readonly allowedTokenFiles?: readonly string[] | undefined

  /**
   * The URL of the token endpoint (https, or http), or a `file:` URL of a file with a token. It must be in
   * `allowedTokenUrls`, or its file in `allowedTokenFiles`.
   *
   * A string, or null. Java: `sasl.oauthbearer.token.endpoint.url`.
   *
   * @default null
   */
  readonly saslOauthbearerTokenEndpointUrl?: string | null | undefined

  /**
   * The way to a token, by the name of Java's class: DefaultJwtRetriever (a file for a `file:` URL, otherwise
   * client credentials), ClientCredentialsJwtRetriever, FileJwtRetriever or JwtBearerJwtRetriever (KIP-1139).
   * The package may be left out.
   *
   * A string. Java: `sasl.oauthbearer.jwt.retriever.class`.
   *
   * @default 'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever'
   */
  readonly saslOauthbearerJwtRetrieverClass?: string | undefined

  /**
   * DefaultJwtValidator or ClientJwtValidator. Both check the form of a token, and leave its signature to the
   * broker.
   *
   * A string. Java: `sasl.oauthbearer.jwt.validator.class`.
   *
   * @default 'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator'
   */
  readonly saslOauthbearerJwtValidatorClass?: string | undefined

  /**
   * The scope to ask for. It goes before the option `scope` of `saslJaasConfig`.
   *
   * A string, or null. Java: `sasl.oauthbearer.scope`.
   *
   * @default null
   */
  readonly saslOauthbearerScope?: string | null | undefined

  /**
   * The client id. It goes before the option `clientId` of `saslJaasConfig`.
   *
   * A string, or null. Java: `sasl.oauthbearer.client.credentials.client.id`.
   *
   * @default null
   */
  readonly saslOauthbearerClientCredentialsClientId?: string | null | undefined

  /**
   * The client's secret. It goes before the option `clientSecret` of `saslJaasConfig`.
   *
   * A string, or null. Java: `sasl.oauthbearer.client.credentials.client.secret`.
   *
   * @default null
   */
  readonly saslOauthbearerClientCredentialsClientSecret?: string | Secret | null | undefined

  /**
   * Whether the client id and the secret are form-encoded before they go into the header (RFC 6749, 2.3.1).
   * The scope always is, unlike with Java.
   *
   * True or false. Java: `sasl.oauthbearer.header.urlencode`.
   *
   * @default false
   */
  readonly saslOauthbearerHeaderUrlencode?: boolean | undefined

  /**
   * The algorithm that signs an assertion. It must fit the private key.
   *
   * 'ES256' or 'RS256'. Java: `sasl.oauthbearer.assertion.algorithm`.
   *
   * @default 'RS256'
   */
  readonly saslOauthbearerAssertionAlgorithm?: 'ES256' | 'RS256' | undefined

  /**
   * The claim `aud` of an assertion: mostly the URL of the token endpoint.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.claim.aud`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionClaimAud?: string | null | undefined

  /**
   * The claim `iss` of an assertion: mostly the client id. If it is given, an assertion takes the place of
   * the secret.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.claim.iss`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionClaimIss?: string | null | undefined

  /**
   * The claim `sub` of an assertion: mostly the client id.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.claim.sub`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionClaimSub?: string | null | undefined

  /**
   * How long an assertion is valid.
   *
   * Seconds: a whole number from 0 to 86400. Java: `sasl.oauthbearer.assertion.claim.exp.seconds`.
   *
   * @default 300
   */
  readonly saslOauthbearerAssertionClaimExpSeconds?: number | undefined

  /**
   * How long before its making an assertion is valid already, for clocks that are behind.
   *
   * Seconds: a whole number from 0 to 3600. Java: `sasl.oauthbearer.assertion.claim.nbf.seconds`.
   *
   * @default 60
   */
  readonly saslOauthbearerAssertionClaimNbfSeconds?: number | undefined

  /**
   * Whether an assertion has a random id, the claim `jti`.
   *
   * True or false. Java: `sasl.oauthbearer.assertion.claim.jti.include`.
   *
   * @default false
   */
  readonly saslOauthbearerAssertionClaimJtiInclude?: boolean | undefined

  /**
   * A file with an assertion that is signed already, read for each token. It goes before a private key and
   * before a secret.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.file`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionFile?: string | null | undefined

  /**
   * The file with the private key (PEM) that signs assertions. It is read for each token.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.private.key.file`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionPrivateKeyFile?: string | null | undefined

  /**
   * The passphrase of the private key, if it is encrypted.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.private.key.passphrase`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionPrivateKeyPassphrase?: string | Secret | null | undefined

  /**
   * A file of JSON with the objects `header` and `payload`, whose members an assertion gets: the header
   * `kid`, for example. They go before the claims of the settings.
   *
   * A string, or null. Java: `sasl.oauthbearer.assertion.template.file`.
   *
   * @default null
   */
  readonly saslOauthbearerAssertionTemplateFile?: string | null | undefined

  /**
   * The claim of a token with its scope. A token need not have it.
   *
   * A string. Java: `sasl.oauthbearer.scope.claim.name`.
   *
   * @default 'scope'
   */
  readonly saslOauthbearerScopeClaimName?: string | undefined

  /**
   * The claim of a token with its subject. A token must have it.
   *
   * A string. Java: `sasl.oauthbearer.sub.claim.name`.
   *
   * @default 'sub'
   */
  readonly saslOauthbearerSubClaimName?: string | undefined

  /**
   * How long a connection to the token endpoint may take. Java has no default, and waits for ever.
   *
   * Milliseconds: a whole number from 1 to 2147483647. Java: `sasl.login.connect.timeout.ms`.
   *
   * @default 10000
   */
  readonly saslLoginConnectTimeoutMs?: number | undefined

  /**
   * How long the token endpoint may be silent before its answer is complete. Java has no default, and waits
   * for ever.
   *
   * Milliseconds: a whole number from 1 to 2147483647. Java: `sasl.login.read.timeout.ms`.
   *
   * @default 10000
   */
  readonly saslLoginReadTimeoutMs?: number | undefined

  /**
   * The pause before the token endpoint is asked again. It doubles each time. Less than 10 ms counts as 10
   * ms.
   *
   * Milliseconds: a whole number. Java: `sasl.login.retry.backoff.ms`.
   *
   * @default 100
   */
  readonly saslLoginRetryBackoffMs?: number | undefined

  /**
   * The bound of all attempts to get one token together.
   *
   * Milliseconds: a whole number. Java: `sasl.login.retry.backoff.max.ms`.
   *
   * @default 10000
   */
  readonly saslLoginRetryBackoffMaxMs?: number | undefined
}
