import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig, Secret } from '../../../src/config/config.js'
import type { SaslConfig } from '../../../src/config/sasl.js'
import { ConfigError } from '../../../src/errors.js'

import { loginClient, loginEnvironment } from '../../support/login-client.js'
import { firstLogin, text } from '../network/sasl/login-context.js'

const canary = 'marker-password'
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule'
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule'
const OAUTH = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'

type Given = Partial<ProducerConfig>

function resolve(given: Given) {
  const warnings: string[] = []
  const nothing = () => {}
  const warn = (message: string) => void warnings.push(message)
  const logger = { debug: nothing, info: nothing, warn, error: nothing }
  const config = resolveConfig({
    bootstrapServers: 'a:1',
    securityProtocol: 'SASL_PLAINTEXT',
    logger,
    ...given,
  })
  return { config, warnings }
}

function refusal(given: Given): ConfigError {
  try {
    resolve(given)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** The first message of a login that the config makes, and the name of its mechanism. */
async function firstMessage(given: Given): Promise<[name: string, message: string | null]> {
  const { sasl } = resolve(given).config
  const mechanism = sasl?.make(loginEnvironment(), loginClient)
  const login = await mechanism?.start(firstLogin)
  return [mechanism?.name ?? 'none', text((await login?.next(null)) ?? null)]
}

/** As it comes from a program without types. */
function untyped(sasl: unknown): SaslConfig {
  return sasl as SaslConfig
}

describe('a login', () => {
  it.each([
    [{ mechanism: 'PLAIN', username: 'a', password: 'b' }, 'PLAIN', '\0a\0b'],
    [untyped({ mechanism: 'plain', username: 'a', password: 'b' }), 'PLAIN', '\0a\0b'],
    [{ mechanism: 'PLAIN', username: 'a', password: new Secret('b') }, 'PLAIN', '\0a\0b'],
    [{ mechanism: 'PLAIN', credentials: async () => ({ username: 'a', password: 'b' }) }, 'PLAIN', '\0a\0b'],
    [{ mechanism: 'SCRAM-SHA-256', username: 'a', password: 'b' }, 'SCRAM-SHA-256', 'n,,n=a,r='],
    [
      { mechanism: 'SCRAM-SHA-512', username: 'id', password: 'mac', delegationToken: true },
      'SCRAM-SHA-512',
      ',tokenauth=true',
    ],
    [{ mechanism: 'OAUTHBEARER', token: () => 'abc' }, 'OAUTHBEARER', 'n,,\x01auth=Bearer abc\x01\x01'],
    [{ mechanism: { name: 'X-OWN', start: () => ({ next: () => Buffer.from('hello') }) } }, 'X-OWN', 'hello'],
  ] satisfies [SaslConfig, string, string][])('from sasl %o', async (sasl, name, message) => {
    const [made, said] = await firstMessage({ sasl })
    expect(made).toBe(name)
    expect(said).toContain(message)
  })

  it.each([
    ['PLAIN', `${PLAIN} required username="a" password="b";`, '\0a\0b'],
    // Java does not tie the login module to the mechanism.
    ['PLAIN', `${SCRAM} required username="a" password="b";`, '\0a\0b'],
    ['SCRAM-SHA-256', `${PLAIN} required username="a" password="b";`, 'n,,n=a,r='],
    ['SCRAM-SHA-512', `${SCRAM} required username="id" password="mac" tokenauth="true";`, ',tokenauth=true'],
    ['OAUTHBEARER', `${OAUTH} required unsecuredLoginStringClaim_sub="alice";`, 'n,,\x01auth=Bearer '],
    [
      'OAUTHBEARER',
      `${OAUTH} required unsecuredLoginStringClaim_sub="a" unsecuredLoginExtension_pool="p 1";`,
      '\x01pool=p 1\x01\x01',
    ],
  ])('from the settings of Java: %s, %s', async (saslMechanism, saslJaasConfig, message) => {
    const [made, said] = await firstMessage({ saslMechanism, saslJaasConfig })
    expect(made).toBe(saslMechanism)
    expect(said).toContain(message)
  })

  it('without a signature has the claims of its options', async () => {
    const saslJaasConfig = `${OAUTH} required unsecuredLoginStringClaim_sub="alice" unsecuredLoginNumberClaim_n="7" unsecuredLoginListClaim_scope="|a|b" unsecuredLoginLifetimeSeconds="60";`
    const [, said] = await firstMessage({ saslMechanism: 'OAUTHBEARER', saslJaasConfig })
    const payload = said?.split('.')[1] ?? ''
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    expect(claims).toMatchObject({ sub: 'alice', n: 7, scope: ['a', 'b'] })
    expect(claims.exp - claims.iat).toBe(60)
  })
})

describe('a config without a usable login', () => {
  it.each([
    [{}, 'saslMechanism', "saslMechanism is missing: Kafka's default is 'GSSAPI', which is not built in"],
    [{ saslMechanism: 'PLAIN' }, 'saslJaasConfig', 'saslJaasConfig is missing'],
    [{ saslMechanism: 'plain' }, 'saslMechanism', "Did you mean 'PLAIN'?"],
    [{ saslMechanism: 'AWS_MSK_IAM', saslJaasConfig: 'x' }, 'saslMechanism', 'needs a function that gives'],
    [{ saslMechanism: '' }, 'saslMechanism', 'saslMechanism must not be empty'],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${PLAIN} required username="${canary}";` },
      'saslJaasConfig',
      "saslJaasConfig: the option 'password' is missing",
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${PLAIN} required username="a" passwrod="${canary}";` },
      'saslJaasConfig',
      "saslJaasConfig: the option 'password' is missing. The option 'passwrod' has no meaning: did you mean 'password'?",
    ],
    [
      { saslMechanism: 'SCRAM-SHA-256', saslJaasConfig: `${SCRAM} required user="a" password="${canary}";` },
      'saslJaasConfig',
      "saslJaasConfig: the option 'username' is missing. The option 'user' has no meaning: did you mean 'username'?",
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${PLAIN} required user="a" pass="${canary}";` },
      'saslJaasConfig',
      "saslJaasConfig: the options 'username' and 'password' are missing. The option 'user' has no meaning: did you mean 'username'? The option 'pass' has no meaning: did you mean 'password'?",
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${PLAIN} required username="a" ${canary.repeat(2)}="b";` },
      'saslJaasConfig',
      "saslJaasConfig: the option 'password' is missing",
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${PLAIN} required username="" password="${canary}";` },
      'saslJaasConfig',
      'username must not be empty',
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `x.${canary} required username="a" password="b";` },
      'saslJaasConfig',
      `PLAIN needs the login module ${PLAIN} or ${SCRAM}`,
    ],
    [
      { saslMechanism: 'PLAIN', saslJaasConfig: `${OAUTH} required;` },
      'saslJaasConfig',
      'PLAIN needs the login module',
    ],
    [
      { saslMechanism: 'OAUTHBEARER', saslJaasConfig: `${PLAIN} required username="a" password="b";` },
      'saslJaasConfig',
      `OAUTHBEARER needs the login module ${OAUTH}`,
    ],
    [
      { saslMechanism: 'OAUTHBEARER', saslJaasConfig: `${OAUTH} required;` },
      'saslJaasConfig',
      'there is no source of tokens',
    ],
    [
      {
        saslMechanism: 'OAUTHBEARER',
        saslJaasConfig: `${OAUTH} required clientId="a" clientSecret="${canary}";`,
      },
      'saslOauthbearerTokenEndpointUrl',
      'saslOauthbearerTokenEndpointUrl is missing: saslJaasConfig has credentials for a token endpoint',
    ],
    [
      {
        saslMechanism: 'OAUTHBEARER',
        saslJaasConfig: `${OAUTH} required unsecuredLoginStringClaim_sub="a" unsecuredLoginExtension_a1="${canary}";`,
      },
      'saslJaasConfig',
      'the name of a SASL extension may have letters only',
    ],
    [
      {
        saslMechanism: 'PLAIN',
        saslJaasConfig: 'com.sun.security.auth.module.JndiLoginModule required;',
      },
      'saslJaasConfig',
      'Kafka does not allow it',
    ],
    [
      {
        saslMechanism: 'PLAIN',
        saslJaasConfig: 'software.amazon.msk.auth.iam.IAMLoginModule required;',
      },
      'saslJaasConfig',
      'Amazon MSK with IAM needs a function',
    ],
    [
      {
        saslMechanism: 'PLAIN',
        saslJaasConfig: 'com.sun.security.auth.module.Krb5LoginModule required;',
      },
      'saslJaasConfig',
      'Kerberos needs a mechanism object',
    ],
    [
      { sasl: { mechanism: 'PLAIN', username: 'a', password: canary }, saslMechanism: 'PLAIN' },
      'saslMechanism',
      'saslMechanism and sasl say the same thing',
    ],
    [
      { sasl: { mechanism: 'PLAIN', username: 'a', password: canary }, saslJaasConfig: canary },
      'saslJaasConfig',
      'saslJaasConfig and sasl say the same thing',
    ],
    [
      { sasl: { mechanism: 'PLAIN', username: 'a', password: canary }, securityProtocol: 'PLAINTEXT' },
      'sasl',
      "sasl is given but securityProtocol is 'PLAINTEXT'",
    ],
    [{ sasl: untyped({}) }, 'sasl', 'sasl.mechanism must be PLAIN, SCRAM-SHA-256'],
    [{ sasl: untyped({ mechanism: canary }) }, 'sasl', 'sasl.mechanism must be'],
    [{ sasl: untyped({ mechanism: { name: 'X' } }) }, 'sasl', 'an object with name and start'],
    [{ sasl: untyped({ mechanism: 'PLAIN', user: canary }) }, 'user', "unknown field 'user' of sasl"],
    [{ sasl: untyped({ mechanism: 'PLAIN', username: 'a' }) }, 'sasl', 'sasl: password must be a string'],
    [
      { sasl: untyped({ mechanism: 'PLAIN', username: 'a', password: [canary] }) },
      'sasl',
      'password must be a string',
    ],
    [{ sasl: { mechanism: 'PLAIN', username: 'a\0', password: canary } }, 'sasl', 'character NUL'],
    [
      { sasl: { mechanism: 'PLAIN', username: 'a', password: canary, delegationToken: true } },
      'sasl',
      'a delegation token needs SCRAM',
    ],
    [
      { sasl: untyped({ mechanism: 'PLAIN', username: 'a', password: canary, token: canary }) },
      'sasl',
      'sasl.token has no meaning with PLAIN',
    ],
    [
      { sasl: untyped({ mechanism: 'PLAIN', credentials: () => canary, password: canary }) },
      'sasl',
      'sasl.password has no meaning with sasl.credentials',
    ],
    [
      { sasl: untyped({ mechanism: 'PLAIN', credentials: canary }) },
      'sasl',
      'credentials must be a function',
    ],
    [{ sasl: untyped({ mechanism: 'OAUTHBEARER' }) }, 'sasl', 'sasl.token must be a function'],
    [{ sasl: untyped({ mechanism: 'OAUTHBEARER', token: canary }) }, 'sasl', 'sasl.token must be a function'],
  ] satisfies [Given, string, string][])('is refused: %o', (given, key, message) => {
    const error = refusal(given)
    expect(error.key).toBe(key)
    expect(error.message).toContain(message)
    const printed = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error)
    expect(printed).not.toContain(canary)
  })
})

describe('a warning', () => {
  it.each([
    [{ sasl: { mechanism: 'PLAIN', username: 'a', password: 'b' } }, ['sends the password unencrypted']],
    [{ sasl: { mechanism: 'OAUTHBEARER', token: () => 'a' } }, ['sends the token unencrypted']],
    [{ sasl: { mechanism: 'SCRAM-SHA-256', username: 'a', password: 'b' } }, []],
    [
      { securityProtocol: 'PLAINTEXT', saslMechanism: 'PLAIN', saslJaasConfig: 'whatever' },
      ['saslJaasConfig has no effect'],
    ],
  ] satisfies [Given, string[]][])('for %o: %j', (given, messages) => {
    const { warnings } = resolve(given)
    expect(warnings).toEqual(messages.map((message) => expect.stringContaining(message)))
  })
})

it('a checked config shows no secret', () => {
  const saslJaasConfig = `${PLAIN} required username="a" password="${canary}";`
  const configs = [
    resolve({ sasl: { mechanism: 'SCRAM-SHA-256', username: 'a', password: canary } }).config,
    resolve({ saslMechanism: 'PLAIN', saslJaasConfig }).config,
  ]
  expect(inspect(configs, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain(canary)
  expect(JSON.stringify(configs)).not.toContain(canary)
})
