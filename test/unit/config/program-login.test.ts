import { describe, expect, it } from 'vitest'
import { fromProperties, resolveConfig } from '../../../src/config/config.js'
import type { SaslConfig } from '../../../src/config/sasl.js'
import { ConfigError } from '../../../src/errors.js'

const credentials = async () => ({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' })
const mskIam: SaslConfig = { mechanism: 'AWS_MSK_IAM', credentials }
const token: SaslConfig = { mechanism: 'OAUTHBEARER', token: () => 'abc' }
const kerberos: SaslConfig = {
  mechanism: { name: 'GSSAPI', start: () => ({ next: () => new Uint8Array() }) },
}

const secure = 'bootstrap.servers=a:1\nsecurity.protocol=SASL_SSL\n'
const mskFile = `${secure}sasl.mechanism = AWS_MSK_IAM
sasl.jaas.config = software.amazon.msk.auth.iam.IAMLoginModule required awsProfileName="dev";
sasl.client.callback.handler.class = software.amazon.msk.auth.iam.IAMClientCallbackHandler
`
const mskTokenFile = `${secure}sasl.mechanism=OAUTHBEARER
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
sasl.login.callback.handler.class=software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler
`
const azureFile = `${secure}sasl.mechanism=OAUTHBEARER
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required;
sasl.login.callback.handler.class=com.example.CustomAuthenticateCallbackHandler
`
const kerberosFile = `${secure}sasl.mechanism=GSSAPI
sasl.kerberos.service.name=kafka
sasl.jaas.config=com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true keyTab="/etc/kafka.keytab" principal="me@EXAMPLE.COM";
`

function refusal(attempt: () => unknown): ConfigError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a file that names a class of Java is used with a login of the program:', () => {
  it.each([
    ['Amazon MSK, by its own mechanism', mskFile, mskIam, 'OAUTHBEARER'],
    ['Amazon MSK, by its own mechanism, with a token function', mskFile, token, 'OAUTHBEARER'],
    ['Amazon MSK, by OAUTHBEARER', mskTokenFile, mskIam, 'OAUTHBEARER'],
    ['a class of somebody', azureFile, token, 'OAUTHBEARER'],
    ['Kerberos', kerberosFile, kerberos, 'GSSAPI'],
  ])('%s', (_name, file, sasl, mechanism) => {
    const config = resolveConfig(fromProperties(file, { sasl, logger: false, strict: true }))
    expect(config.sasl?.mechanism).toBe(mechanism)
    expect(config.securityProtocol).toBe('SASL_SSL')
  })
})

describe('without a login of the program', () => {
  it.each([
    ['in the class', mskFile],
    ['in the class for OAUTHBEARER', mskTokenFile],
    ['in the mechanism', mskFile.replace(/^sasl\.client.*\n/m, '')],
    ['in the login module', mskFile.replace(/^sasl\.client.*\n/m, '').replace('AWS_MSK_IAM', 'PLAIN')],
  ])('a file for Amazon MSK is refused with the line of code that is missing: %s', (_name, file) => {
    const { message } = refusal(() => resolveConfig(fromProperties(file, { logger: false })))
    expect(message).toContain('Amazon MSK with IAM needs a function that gives credentials of AWS')
    expect(message).toContain(
      "fromProperties(text, { sasl: { mechanism: 'AWS_MSK_IAM', credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) } })",
    )
  })
})

describe('a login of the program', () => {
  it('has to be for the mechanism of the file', () => {
    const { key, message } = refusal(() => fromProperties(mskFile, { sasl: kerberos, logger: false }))
    expect(key).toBe('sasl.mechanism')
    expect(message).toContain("sasl.mechanism is 'AWS_MSK_IAM' and the option sasl of fromProperties has")
    expect(message).toContain("the mechanism 'GSSAPI'")
  })

  it('has to be an object', () => {
    const attempt = () => fromProperties(mskFile, { sasl: 'AWS_MSK_IAM' as never })
    expect(refusal(attempt).message).toContain("sasl of fromProperties is the string 'AWS_MSK_IAM'")
  })

  it('leaves the other settings of security as they are refused', () => {
    const { key } = refusal(() => fromProperties(`${mskFile}sasl.oops=1\n`, { sasl: mskIam, logger: false }))
    expect(key).toBe('sasl.oops')
  })
})

describe("the brokers' service name", () => {
  it.each([
    ['of its own setting', kerberosFile],
    [
      'of the login module',
      kerberosFile
        .replace('sasl.kerberos.service.name=kafka\n', '')
        .replace('useKeyTab', 'serviceName="kafka" useKeyTab'),
    ],
  ])('is taken %s', (_name, file) => {
    const config = resolveConfig(fromProperties(file, { sasl: kerberos, logger: false }))
    expect(config.saslKerberosServiceName).toBe('kafka')
  })

  it('cannot be two', () => {
    const file = kerberosFile.replace('useKeyTab', 'serviceName="other" useKeyTab')
    const { key, message } = refusal(() => fromProperties(file, { sasl: kerberos, logger: false }))
    expect(key).toBe('sasl.kerberos.service.name')
    expect(message).toContain("is 'kafka' and serviceName in sasl.jaas.config is 'other'")
  })
})
