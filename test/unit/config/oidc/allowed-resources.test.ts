import { describe, expect, it } from 'vitest'
import { fromProperties, resolveConfig } from '../../../../src/config/config.js'
import { ConfigError } from '../../../../src/errors.js'
import { type Given, refusal, resolved, URL_OF_TOKENS, withSecret } from './oidc-config.js'

const { allowedTokenUrls: _, ...notAllowed } = withSecret

const withFiles: Given = {
  saslMechanism: 'OAUTHBEARER',
  saslOauthbearerTokenEndpointUrl: URL_OF_TOKENS,
  saslOauthbearerAssertionClaimIss: 'app',
  saslOauthbearerAssertionPrivateKeyFile: '/keys/app.pem',
  saslOauthbearerAssertionTemplateFile: '/keys/app.json',
}

describe('a URL that settings name', () => {
  it('is not asked unless code allows it, and the error says how', () => {
    const error = refusal(notAllowed)
    expect(error.key).toBe('saslOauthbearerTokenEndpointUrl')
    expect(error.message).toBe(
      "saslOauthbearerTokenEndpointUrl names 'https://idp.example/token', which is not asked unless code allows it: pass allowedTokenUrls: ['https://idp.example/token'] to the constructor, or --allow-token-url 'https://idp.example/token' on the command line",
    )
  })

  it('may have a secret in its query, which the error does not show', () => {
    const url = `${URL_OF_TOKENS}?code=marker-secret`
    const error = refusal({ ...notAllowed, saslOauthbearerTokenEndpointUrl: url })
    expect(error.message).toContain(
      "names 'https://idp.example/token?...', which is not asked unless code allows it",
    )
    expect(error.message).not.toContain('marker-secret')
    expect(() =>
      resolved({ ...notAllowed, saslOauthbearerTokenEndpointUrl: url, allowedTokenUrls: [url] }),
    ).not.toThrow()
  })

  it.each([
    'https://idp.example/token/',
    'https://idp.example/',
    'https://idp.example/token?',
    'http://idp.example/token',
    'https://IDP.example/token',
    'https://idp.example:443/token',
    ' https://idp.example/token',
    '*',
    'https://*',
    '',
  ])('is not allowed by %j, which is another', (url) => {
    expect(refusal({ ...notAllowed, allowedTokenUrls: [url] }).key).toBe('saslOauthbearerTokenEndpointUrl')
  })

  it('is allowed letter by letter, also with others', () => {
    expect(() => resolved({ ...notAllowed, allowedTokenUrls: ['http://a', URL_OF_TOKENS] })).not.toThrow()
  })

  it('is not allowed by the list of files', () => {
    expect(refusal({ ...notAllowed, allowedTokenFiles: [URL_OF_TOKENS] }).key).toBe(
      'saslOauthbearerTokenEndpointUrl',
    )
  })

  it('is not asked either if sasl.oidc names it', () => {
    const oidc = { tokenEndpointUrl: URL_OF_TOKENS, clientId: 'a', clientSecret: 'b' }
    const error = refusal({ sasl: { mechanism: 'OAUTHBEARER', oidc } })
    expect(error.key).toBe('sasl.oidc.tokenEndpointUrl')
    expect(error.message).toContain(`pass allowedTokenUrls: ['${URL_OF_TOKENS}'] to the constructor`)
  })
})

describe('a file that settings name', () => {
  it('is not read unless code allows it, and one error tells of all', () => {
    const error = refusal(withFiles)
    expect(error.problems.map(({ key }) => key)).toEqual([
      'saslOauthbearerTokenEndpointUrl',
      'saslOauthbearerAssertionPrivateKeyFile',
      'saslOauthbearerAssertionTemplateFile',
    ])
    expect(error.message).toContain(
      "saslOauthbearerAssertionPrivateKeyFile names '/keys/app.pem', which is not read unless code allows it: pass allowedTokenFiles: ['/keys/app.pem'] to the constructor, or --allow-token-file '/keys/app.pem'",
    )
  })

  it.each([
    ['file:///token', '/token'],
    ['file:///a%20b/token', '/a b/token'],
    ['file:///a/../token', '/token'],
  ])('is the path of %s', (url, path) => {
    const given = { saslMechanism: 'OAUTHBEARER', saslOauthbearerTokenEndpointUrl: url }
    const error = refusal({ ...given, allowedTokenUrls: [url] })
    expect(error.message).toContain(`names '${path}', which is not read unless code allows it`)
    expect(() => resolved({ ...given, allowedTokenFiles: [path] })).not.toThrow()
  })
})

describe('a .properties file', () => {
  it.each([
    'allowedTokenUrls',
    'allowed.token.urls',
    'allowed.token.files',
    'ALLOWED_TOKEN_URLS',
    'org.apache.kafka.sasl.oauthbearer.allowed.urls',
    'org.apache.kafka.sasl.oauthbearer.allowed.files',
  ])('cannot allow what it names, by %s', (name) => {
    const text = `bootstrap.servers=a:1\nsasl.oauthbearer.token.endpoint.url=${URL_OF_TOKENS}\n${name}=${URL_OF_TOKENS}\n`
    for (const source of [text, { 'bootstrap.servers': 'a:1', [name]: URL_OF_TOKENS }]) {
      expect(() => fromProperties(source, { logger: false })).toThrow(ConfigError)
      expect(() => fromProperties(source, { logger: false })).toThrow(
        'settings cannot allow what settings name. Only code can: pass allowedTokenUrls and allowedTokenFiles',
      )
    }
  })

  it('is used with the lists of the program', () => {
    const config = fromProperties(
      {
        'bootstrap.servers': 'a:1',
        'security.protocol': 'SASL_SSL',
        'sasl.mechanism': 'OAUTHBEARER',
        'sasl.oauthbearer.token.endpoint.url': URL_OF_TOKENS,
        'sasl.oauthbearer.client.credentials.client.id': 'app',
        'sasl.oauthbearer.client.credentials.client.secret': 'secret',
      },
      { logger: false },
    )
    expect(() => resolveConfig(config)).toThrow('which is not asked unless code allows it')
    expect(() => resolveConfig({ ...config, allowedTokenUrls: [URL_OF_TOKENS] })).not.toThrow()
  })
})
