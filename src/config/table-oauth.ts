import type { ConfigEntries } from './entry.js'

/** The tokens of OAUTHBEARER that come from a token endpoint or a file (KIP-768, KIP-1139, KIP-1258). */
export const oauthConfigs = {
  allowedTokenUrls: {
    javaName: null,
    type: 'list',
    default: [],
    importance: 'medium',
    description:
      "The URLs from which tokens may be fetched, each exactly as the setting that names it. No other URL is asked. Only code can give this list: a `.properties` file that names a URL cannot allow it. It takes the place of Java's system property `org.apache.kafka.sasl.oauthbearer.allowed.urls`.",
  },
  allowedTokenFiles: {
    javaName: null,
    type: 'list',
    default: [],
    importance: 'medium',
    description:
      "The files that settings of tokens may name, each exactly as the setting that names it: a token, an assertion, a template or a private key. No other file is read. Only code can give this list. It takes the place of Java's system property `org.apache.kafka.sasl.oauthbearer.allowed.files`.",
  },
  saslOauthbearerTokenEndpointUrl: {
    javaName: 'sasl.oauthbearer.token.endpoint.url',
    type: 'string',
    default: null,
    importance: 'medium',
    description:
      'The URL of the token endpoint (https, or http), or a `file:` URL of a file with a token. It must be in `allowedTokenUrls`, or its file in `allowedTokenFiles`.',
  },
  saslOauthbearerJwtRetrieverClass: {
    javaName: 'sasl.oauthbearer.jwt.retriever.class',
    type: 'string',
    default: 'org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever',
    importance: 'medium',
    description:
      "The way to a token, by the name of Java's class: DefaultJwtRetriever (a file for a `file:` URL, otherwise client credentials), ClientCredentialsJwtRetriever, FileJwtRetriever or JwtBearerJwtRetriever (KIP-1139). The package may be left out.",
  },
  saslOauthbearerJwtValidatorClass: {
    javaName: 'sasl.oauthbearer.jwt.validator.class',
    type: 'string',
    default: 'org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator',
    importance: 'medium',
    description:
      'DefaultJwtValidator or ClientJwtValidator. Both check the form of a token, and leave its signature to the broker.',
  },
  saslOauthbearerScope: {
    javaName: 'sasl.oauthbearer.scope',
    type: 'string',
    default: null,
    importance: 'medium',
    description: 'The scope to ask for. It goes before the option `scope` of `saslJaasConfig`.',
  },
  saslOauthbearerClientCredentialsClientId: {
    javaName: 'sasl.oauthbearer.client.credentials.client.id',
    type: 'string',
    default: null,
    importance: 'medium',
    description: 'The client id. It goes before the option `clientId` of `saslJaasConfig`.',
  },
  saslOauthbearerClientCredentialsClientSecret: {
    javaName: 'sasl.oauthbearer.client.credentials.client.secret',
    type: 'password',
    default: null,
    importance: 'medium',
    description: "The client's secret. It goes before the option `clientSecret` of `saslJaasConfig`.",
  },
  saslOauthbearerHeaderUrlencode: {
    javaName: 'sasl.oauthbearer.header.urlencode',
    type: 'boolean',
    default: false,
    importance: 'low',
    description:
      'Whether the client id and the secret are form-encoded before they go into the header (RFC 6749, 2.3.1). The scope always is, unlike with Java.',
  },
  saslOauthbearerAssertionAlgorithm: {
    javaName: 'sasl.oauthbearer.assertion.algorithm',
    type: 'choice',
    values: ['ES256', 'RS256'],
    anyCaseInProperties: true,
    default: 'RS256',
    importance: 'medium',
    description: 'The algorithm that signs an assertion. It must fit the private key.',
  },
  saslOauthbearerAssertionClaimAud: {
    javaName: 'sasl.oauthbearer.assertion.claim.aud',
    type: 'string',
    default: null,
    importance: 'medium',
    description: 'The claim `aud` of an assertion: mostly the URL of the token endpoint.',
  },
  saslOauthbearerAssertionClaimIss: {
    javaName: 'sasl.oauthbearer.assertion.claim.iss',
    type: 'string',
    default: null,
    importance: 'medium',
    description:
      'The claim `iss` of an assertion: mostly the client id. If it is given, an assertion takes the place of the secret.',
  },
  saslOauthbearerAssertionClaimSub: {
    javaName: 'sasl.oauthbearer.assertion.claim.sub',
    type: 'string',
    default: null,
    importance: 'medium',
    description: 'The claim `sub` of an assertion: mostly the client id.',
  },
  saslOauthbearerAssertionClaimExpSeconds: {
    javaName: 'sasl.oauthbearer.assertion.claim.exp.seconds',
    type: 'int',
    default: 300,
    min: 0,
    max: 86400,
    importance: 'low',
    description: 'How long an assertion is valid.',
  },
  saslOauthbearerAssertionClaimNbfSeconds: {
    javaName: 'sasl.oauthbearer.assertion.claim.nbf.seconds',
    type: 'int',
    default: 60,
    min: 0,
    max: 3600,
    importance: 'low',
    description: 'How long before its making an assertion is valid already, for clocks that are behind.',
  },
  saslOauthbearerAssertionClaimJtiInclude: {
    javaName: 'sasl.oauthbearer.assertion.claim.jti.include',
    type: 'boolean',
    default: false,
    importance: 'medium',
    description: 'Whether an assertion has a random id, the claim `jti`.',
  },
  saslOauthbearerAssertionFile: {
    javaName: 'sasl.oauthbearer.assertion.file',
    type: 'string',
    default: null,
    importance: 'medium',
    description:
      'A file with an assertion that is signed already, read for each token. It goes before a private key and before a secret.',
  },
  saslOauthbearerAssertionPrivateKeyFile: {
    javaName: 'sasl.oauthbearer.assertion.private.key.file',
    type: 'string',
    default: null,
    importance: 'medium',
    description: 'The file with the private key (PEM) that signs assertions. It is read for each token.',
  },
  saslOauthbearerAssertionPrivateKeyPassphrase: {
    javaName: 'sasl.oauthbearer.assertion.private.key.passphrase',
    type: 'password',
    default: null,
    importance: 'medium',
    description: 'The passphrase of the private key, if it is encrypted.',
  },
  saslOauthbearerAssertionTemplateFile: {
    javaName: 'sasl.oauthbearer.assertion.template.file',
    type: 'string',
    default: null,
    importance: 'medium',
    description:
      'A file of JSON with the objects `header` and `payload`, whose members an assertion gets: the header `kid`, for example. They go before the claims of the settings.',
  },
  saslOauthbearerScopeClaimName: {
    javaName: 'sasl.oauthbearer.scope.claim.name',
    type: 'string',
    default: 'scope',
    importance: 'low',
    description: 'The claim of a token with its scope. A token need not have it.',
  },
  saslOauthbearerSubClaimName: {
    javaName: 'sasl.oauthbearer.sub.claim.name',
    type: 'string',
    default: 'sub',
    importance: 'low',
    description: 'The claim of a token with its subject. A token must have it.',
  },
  saslLoginConnectTimeoutMs: {
    javaName: 'sasl.login.connect.timeout.ms',
    type: 'int',
    default: 10000,
    min: 1,
    importance: 'low',
    description: 'How long a connection to the token endpoint may take.',
    difference: 'Java has no default, and waits for ever.',
  },
  saslLoginReadTimeoutMs: {
    javaName: 'sasl.login.read.timeout.ms',
    type: 'int',
    default: 10000,
    min: 1,
    importance: 'low',
    description: 'How long the token endpoint may be silent before its answer is complete.',
    difference: 'Java has no default, and waits for ever.',
  },
  saslLoginRetryBackoffMs: {
    javaName: 'sasl.login.retry.backoff.ms',
    type: 'long',
    default: 100,
    importance: 'low',
    description: 'The pause before the token endpoint is asked again. It doubles each time.',
    difference: 'Less than 10 ms counts as 10 ms.',
  },
  saslLoginRetryBackoffMaxMs: {
    javaName: 'sasl.login.retry.backoff.max.ms',
    type: 'long',
    default: 10000,
    importance: 'low',
    description: 'The bound of all attempts to get one token together.',
  },
} as const

oauthConfigs satisfies ConfigEntries
