import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fromProperties } from '../../../../src/config/config.js'
import type { OidcConfig } from '../../../../src/config/oidc/oidc-config.js'
import { CANARY, type Given, MODULE, refusal, resolved, URL_OF_TOKENS, withSecret } from './oidc-config.js'

const PACKAGE = 'org.apache.kafka.common.security.oauthbearer'
const keyFile = { saslOauthbearerAssertionPrivateKeyFile: '/key.pem', allowedTokenFiles: ['/key.pem'] }
const bare = { ...withSecret, saslJaasConfig: `${MODULE} required;` }

function oidc(given: Partial<OidcConfig>): Given {
  return {
    sasl: {
      mechanism: 'OAUTHBEARER',
      oidc: { tokenEndpointUrl: URL_OF_TOKENS, clientId: 'app', clientSecret: CANARY, ...given },
    },
    allowedTokenUrls: [URL_OF_TOKENS],
  }
}

function untyped(value: unknown): never {
  return value as never
}

describe('the settings of a token endpoint', () => {
  it.each([
    ['credentials among the options of the login module', withSecret],
    [
      'credentials in settings, and no login module',
      {
        saslMechanism: 'OAUTHBEARER',
        saslOauthbearerTokenEndpointUrl: URL_OF_TOKENS,
        saslOauthbearerClientCredentialsClientId: 'app',
        saslOauthbearerClientCredentialsClientSecret: CANARY,
        allowedTokenUrls: [URL_OF_TOKENS],
      },
    ],
    [
      'the class of client credentials',
      { ...withSecret, saslOauthbearerJwtRetrieverClass: `${PACKAGE}.ClientCredentialsJwtRetriever` },
    ],
    [
      'the check of a client',
      { ...withSecret, saslOauthbearerJwtValidatorClass: `${PACKAGE}.ClientJwtValidator` },
    ],
    [
      'an assertion in a file',
      { ...bare, saslOauthbearerAssertionFile: '/jwt', allowedTokenFiles: ['/jwt'] },
    ],
    ['an assertion that is made', { ...bare, ...keyFile, saslOauthbearerAssertionClaimIss: 'app' }],
    [
      'a JWT as the grant',
      { ...bare, ...keyFile, saslOauthbearerJwtRetrieverClass: `${PACKAGE}.JwtBearerJwtRetriever` },
    ],
    [
      'a file with a token',
      { ...bare, saslOauthbearerTokenEndpointUrl: 'file:///token', allowedTokenFiles: ['/token'] },
    ],
    ['sasl.oidc', oidc({})],
    [
      'sasl.oidc and the short name of a class',
      {
        ...oidc({ jwtRetriever: 'JwtBearerJwtRetriever', assertionFile: '/jwt' }),
        allowedTokenFiles: ['/jwt'],
      },
    ],
    ['a colon in an id that is encoded', oidc({ clientId: 'a:b', headerUrlencode: true })],
  ] satisfies [string, Given][])('may be %s', (_name, given) => {
    expect(resolved(given).config.sasl?.mechanism).toBe('OAUTHBEARER')
  })
})

describe('the settings of a token endpoint that do not fit', () => {
  it.each([
    [{ ...bare }, 'saslOauthbearerClientCredentialsClientId', 'is missing: the token endpoint wants'],
    [
      { ...bare, saslOauthbearerClientCredentialsClientId: 'app' },
      'saslOauthbearerClientCredentialsClientSecret',
      'is missing: the client proves itself by it, or by saslOauthbearerAssertionFile or',
    ],
    [
      { ...bare, ...keyFile },
      'saslOauthbearerAssertionClaimIss',
      'is missing: saslOauthbearerAssertionPrivateKeyFile',
    ],
    [
      { ...bare, saslOauthbearerAssertionClaimIss: 'app' },
      'saslOauthbearerAssertionPrivateKeyFile',
      'is missing: it signs the assertions, unless saslOauthbearerAssertionFile has one',
    ],
    [
      { ...withSecret, saslOauthbearerJwtRetrieverClass: 'JwtBearerJwtRetriever' },
      'saslOauthbearerAssertionPrivateKeyFile',
      'is missing',
    ],
    [
      { ...withSecret, saslOauthbearerJwtRetrieverClass: 'com.example.Own' },
      'saslOauthbearerJwtRetrieverClass',
      "must be DefaultJwtRetriever, ClientCredentialsJwtRetriever, FileJwtRetriever, JwtBearerJwtRetriever, got 'com.example.Own'",
    ],
    [
      { ...withSecret, saslOauthbearerJwtValidatorClass: `${PACKAGE}.BrokerJwtValidator` },
      'saslOauthbearerJwtValidatorClass',
      'must be DefaultJwtValidator, ClientJwtValidator, got',
    ],
    [
      { ...withSecret, saslOauthbearerJwtRetrieverClass: 'FileJwtRetriever' },
      'saslOauthbearerTokenEndpointUrl',
      'must be a URL of file with FileJwtRetriever',
    ],
    [
      {
        ...withSecret,
        saslOauthbearerTokenEndpointUrl: 'file:///token',
        saslOauthbearerJwtRetrieverClass: 'ClientCredentialsJwtRetriever',
      },
      'saslOauthbearerTokenEndpointUrl',
      'must be a URL of https or http with ClientCredentialsJwtRetriever',
    ],
    [
      { ...withSecret, saslOauthbearerTokenEndpointUrl: 'file://elsewhere/token' },
      'saslOauthbearerTokenEndpointUrl',
      'names no file of this machine',
    ],
    [
      { ...withSecret, saslOauthbearerTokenEndpointUrl: 'idp/token' },
      'saslOauthbearerTokenEndpointUrl',
      'is no complete URL',
    ],
    [
      { ...withSecret, saslOauthbearerTokenEndpointUrl: 'ftp://idp' },
      'saslOauthbearerTokenEndpointUrl',
      'must begin with https',
    ],
    [
      { ...withSecret, saslOauthbearerTokenEndpointUrl: `https://a:${CANARY}@idp` },
      'saslOauthbearerTokenEndpointUrl',
      'must have no user name and no password',
    ],
    [
      {
        saslMechanism: 'OAUTHBEARER',
        saslJaasConfig: `${MODULE} required clientId="a" clientSecret="${CANARY}";`,
      },
      'saslOauthbearerTokenEndpointUrl',
      'is missing: saslJaasConfig has credentials for a token endpoint',
    ],
    [
      { ...bare, saslOauthbearerTokenEndpointUrl: undefined, saslOauthbearerScope: 'a' },
      'saslOauthbearerTokenEndpointUrl',
      'is missing: it is the URL that tokens come from',
    ],
    [
      { ...withSecret, saslJaasConfig: `${MODULE} required clientId="a:b" clientSecret="${CANARY}";` },
      'saslOauthbearerClientCredentialsClientId',
      'has a colon: set saslOauthbearerHeaderUrlencode to true',
    ],
    [
      { ...withSecret, saslJaasConfig: `${MODULE} required extension_a1="${CANARY}";` },
      'saslJaasConfig',
      'the name of a SASL extension may have letters only',
    ],
    [
      { ...withSecret, saslJaasConfig: `${MODULE} required extension_auth="${CANARY}";` },
      'saslJaasConfig',
      "a SASL extension may not be named 'auth'",
    ],
    [
      { ...withSecret, saslLoginRetryBackoffMs: 20_000 },
      'saslLoginRetryBackoffMs',
      'must be from 0 to saslLoginRetryBackoffMaxMs, 10000',
    ],
    [{ ...withSecret, saslLoginRetryBackoffMs: -1 }, 'saslLoginRetryBackoffMs', 'must be from 0'],
    [
      { ...withSecret, saslJaasConfig: `${MODULE} required extension___proto__="${CANARY}";` },
      'saslJaasConfig',
      'the name of a SASL extension may have letters only',
    ],
    [
      oidc(JSON.parse('{"__proto__":{"clientId":"a"}}')),
      '__proto__',
      "unknown field '__proto__' of sasl.oidc",
    ],
    [
      oidc({ extensions: JSON.parse('{"__proto__":"a"}') }),
      'sasl.oidc.extensions',
      'the name of a SASL extension may have letters only',
    ],
    [{ ...withSecret, saslLoginReadTimeoutMs: 0 }, 'saslLoginReadTimeoutMs', 'a whole number from 1'],
    [
      { ...oidc({}), saslOauthbearerScope: 'a' },
      'saslOauthbearerScope',
      'saslOauthbearerScope and sasl say the same thing',
    ],
    [oidc({ clientId: untyped(undefined) }), 'sasl.oidc.clientId', 'sasl.oidc.clientId is missing'],
    [oidc({ clientSecret: '' }), 'sasl.oidc.clientSecret', 'is missing'],
    [
      oidc({ clientSecret: untyped([CANARY]) }),
      'sasl.oidc.clientSecret',
      'must be a string, or null, got a hidden value',
    ],
    [oidc({ assertionClaimExpSeconds: 86_401 }), 'sasl.oidc.assertionClaimExpSeconds', 'from 0 to 86400'],
    [
      oidc({ assertionAlgorithm: untyped('none') }),
      'sasl.oidc.assertionAlgorithm',
      "must be 'ES256' or 'RS256'",
    ],
    [
      oidc(untyped({ clientID: 'a' })),
      'clientID',
      "unknown field 'clientID' of sasl.oidc: did you mean clientId?",
    ],
    [oidc({ extensions: { a1: CANARY } }), 'sasl.oidc.extensions', 'letters only'],
    [oidc({ extensions: untyped(CANARY) }), 'sasl.oidc.extensions', 'must be an object of strings'],
    [oidc({ tls: untyped(CANARY) }), 'sasl.oidc.tls', 'must be an object or a function'],
    [
      { sasl: untyped({ mechanism: 'OAUTHBEARER', oidc: CANARY }) },
      'sasl.oidc',
      'must be an object with tokenEndpointUrl',
    ],
    [
      { sasl: untyped({ mechanism: 'OAUTHBEARER', oidc: {}, token: () => CANARY }) },
      'sasl',
      'sasl.token has no meaning with sasl.oidc',
    ],
    [
      { sasl: untyped({ mechanism: 'PLAIN', username: 'a', password: CANARY, oidc: {} }) },
      'sasl',
      'sasl.oidc has no meaning with PLAIN',
    ],
  ] satisfies [Given, string, string][])('are refused: %o', (given, key, message) => {
    const error = refusal(given)
    expect(error.key).toBe(key)
    expect(error.message).toContain(message)
    expect(inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)).not.toContain(CANARY)
  })
})

describe('the pause before the endpoint is asked again', () => {
  it('is lowered to the bound of all attempts, unless it is given', () => {
    const { config } = resolved({ ...withSecret, saslLoginRetryBackoffMaxMs: 50 })
    expect(config.saslLoginRetryBackoffMs).toBe(50)
    const error = refusal({ ...withSecret, saslLoginRetryBackoffMs: 100, saslLoginRetryBackoffMaxMs: 50 })
    expect(error.key).toBe('saslLoginRetryBackoffMs')
    expect(refusal({ ...withSecret, saslLoginRetryBackoffMaxMs: -1 }).key).toBe('saslLoginRetryBackoffMaxMs')
  })
})

it.each([
  'sasl.oauthbearer.jwks.endpoint.url',
  'sasl.oauthbearer.expected.audience',
  'sasl.oauthbearer.clock.skew.seconds',
])('%s is for brokers, and is ignored with a warning', (name) => {
  const warnings: string[] = []
  const nothing = (): void => {}
  const warn = (message: string): void => void warnings.push(message)
  const logger = { debug: nothing, info: nothing, warn, error: nothing }
  fromProperties({ 'bootstrap.servers': 'a:1', [name]: 'http://elsewhere' }, { logger })
  expect(warnings).toEqual([
    `config key '${name}' is ignored: it says how brokers check tokens, which a client leaves to them`,
  ])
})

it('options of a login module named like properties of every object change none', () => {
  const options = '__proto__="a" constructor="b" toString="c" clientId="app" clientSecret="s"'
  const { config } = resolved({ ...withSecret, saslJaasConfig: `${MODULE} required ${options};` })
  expect(config.sasl?.mechanism).toBe('OAUTHBEARER')
  expect(Object.prototype.toString.call({})).toBe('[object Object]')
  expect(Object.keys(Object.prototype)).toEqual([])
})

describe('a warning', () => {
  it('says that a setting counts more than an option of the login module', () => {
    const { warnings } = resolved({
      ...withSecret,
      saslJaasConfig: `${MODULE} required clientId="a" clientSecret="${CANARY}" scope="s";`,
      saslOauthbearerClientCredentialsClientId: 'app',
      saslOauthbearerClientCredentialsClientSecret: CANARY,
      saslOauthbearerScope: 'kafka',
    })
    expect(warnings.sort()).toEqual([
      'saslOauthbearerClientCredentialsClientId counts, and the option clientId of saslJaasConfig does not',
      'saslOauthbearerClientCredentialsClientSecret counts, and the option clientSecret of saslJaasConfig does not',
      'saslOauthbearerScope counts, and the option scope of saslJaasConfig does not',
    ])
  })

  it('says that settings of tokens have no effect with another mechanism', () => {
    const { warnings } = resolved({
      saslMechanism: 'PLAIN',
      saslJaasConfig:
        'org.apache.kafka.common.security.plain.PlainLoginModule required username="a" password="b";',
      saslOauthbearerScope: 'kafka',
    })
    expect(warnings).toEqual([
      "saslOauthbearerScope has no effect: saslMechanism is 'PLAIN', which has no tokens",
    ])
  })

  it('is not needed for a file that gives everything once', () => {
    expect(resolved(withSecret).warnings).toEqual([])
  })
})

it('a checked config shows no secret', () => {
  const configs = [resolved(withSecret).config, resolved(oidc({})).config]
  expect(inspect(configs, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(CANARY)
  expect(JSON.stringify(configs)).not.toContain(CANARY)
})
