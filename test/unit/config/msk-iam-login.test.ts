import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../../src/config/config.js'
import { asksForMskIam } from '../../../src/config/msk-iam-login.js'
import type { SaslConfig } from '../../../src/config/sasl.js'
import { ConfigError } from '../../../src/errors.js'

const credentials = () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'marker-secret' })

function resolve(sasl: object): string | undefined {
  const config = resolveConfig({
    bootstrapServers: 'a:1',
    securityProtocol: 'SASL_SSL',
    sasl: sasl as SaslConfig,
    logger: false,
  })
  return config.sasl?.mechanism
}

describe('sasl for Amazon MSK', () => {
  it.each([
    [{ mechanism: 'AWS_MSK_IAM', credentials }],
    [{ mechanism: 'aws_msk_iam', credentials, region: 'us-gov-west-1', userAgent: 'my app/1' }],
  ])('is OAUTHBEARER on the wire: %o', (sasl) => {
    expect(resolve(sasl)).toBe('OAUTHBEARER')
  })

  it.each([
    [{ mechanism: 'AWS_MSK_IAM' }, 'sasl.credentials must be a function that gives accessKeyId'],
    [
      { mechanism: 'AWS_MSK_IAM', credentials: { secretAccessKey: 'marker-secret' } },
      'sasl.credentials must be a function',
    ],
    [
      { mechanism: 'AWS_MSK_IAM', credentials, region: 'eu/west' },
      'sasl.region must be the name of a region',
    ],
    [{ mechanism: 'AWS_MSK_IAM', credentials, region: '' }, 'sasl.region must be the name of a region'],
    [{ mechanism: 'AWS_MSK_IAM', credentials, userAgent: 'a\n' }, 'sasl.userAgent must be a string'],
    [
      { mechanism: 'AWS_MSK_IAM', credentials, password: 'marker-secret' },
      'sasl.password has no meaning with AWS_MSK_IAM',
    ],
    [
      { mechanism: 'PLAIN', username: 'a', password: 'b', region: 'x' },
      'sasl.region has no meaning with PLAIN',
    ],
  ])('cannot be %j', (sasl, problem) => {
    const attempt = () => resolve(sasl)
    expect(attempt).toThrow(ConfigError)
    expect(attempt).toThrow(problem)
    expect(attempt).not.toThrow('marker')
  })
})

describe('a setting of Java asks for Amazon MSK with IAM', () => {
  it.each([
    ['sasl.mechanism', ' AWS_MSK_IAM ', true],
    ['sasl.mechanism', 'OAUTHBEARER', false],
    ['sasl.jaas.config', 'software.amazon.msk.auth.iam.IAMLoginModule required;', true],
    ['sasl.client.callback.handler.class', 'software.amazon.msk.auth.iam.IAMClientCallbackHandler', true],
    [
      'sasl.login.callback.handler.class',
      'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
      true,
    ],
    ['client.id', 'AWS_MSK_IAM', false],
  ])('%s=%s: %s', (name, value, asks) => {
    expect(asksForMskIam(name, value)).toBe(asks)
  })
})
