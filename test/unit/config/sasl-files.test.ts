import { describe, expect, it } from 'vitest'
import { resolveAdminConfig } from '../../../src/admin/admin-config.js'
import { fromProperties, resolveConfig } from '../../../src/config/config.js'
import { networkOptions } from '../../../src/config/to-network-options.js'
import type { HttpRequest } from '../../../src/environment/http.js'
import { nodeEnvironment } from '../../../src/environment/node-environment.js'
import { loginClient, loginEnvironment } from '../../support/login-client.js'
import { saslFiles } from '../../support/properties-files/sasl.js'
import { firstLogin, text } from '../network/sasl/login-context.js'

describe('the published file of', () => {
  it.each(saslFiles)('$name is used as it is', async ({ text: file, mechanism, says }) => {
    const config = fromProperties(file, { logger: false })
    const producer = networkOptions(resolveConfig(config), nodeEnvironment)
    const { network: admin } = resolveAdminConfig(
      {
        bootstrapServers: config.bootstrapServers,
        securityProtocol: config.securityProtocol,
        saslMechanism: config.saslMechanism,
        saslJaasConfig: config.saslJaasConfig,
        logger: false,
      },
      nodeEnvironment,
    )
    for (const { sasl } of [producer, admin]) {
      const made = sasl?.(nodeEnvironment)
      expect(made?.name).toBe(mechanism)
      const login = await made?.start(firstLogin)
      expect(text((await login?.next(null)) ?? null)).toContain(says)
    }
  })
})

it.each(['oauthbearer', 'oauthbearer.secured'])(
  'the published file of Confluent Cloud with OAuth is used as it is, with the class of %s',
  async (folder) => {
    const url = 'https://idp.example.com/oauth2/default/v1/token'
    const file = `
# Required connection configs for Kafka producer, consumer, and admin
bootstrap.servers=pkc-xxxxx.eu-central-1.aws.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.oauthbearer.token.endpoint.url=${url}
sasl.login.callback.handler.class=org.apache.kafka.common.security.${folder}.OAuthBearerLoginCallbackHandler
sasl.mechanism=OAUTHBEARER
sasl.jaas.config= \\
  org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required \\
    clientId='0oa5u3z4q' \\
    scope='kafka' \\
    clientSecret='client-secret' \\
    extension_logicalCluster='lkc-abc123' \\
    extension_identityPoolId='pool-xyz';
# Required for correctness in Apache Kafka clients prior to 2.6
client.dns.lookup=use_all_dns_ips
session.timeout.ms=45000
acks=all
`
    const config = fromProperties(file, { logger: false })
    expect(() => resolveConfig(config)).toThrow(`allowedTokenUrls: ['${url}']`)
    const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
    const token = `${encoded({ alg: 'RS256' })}.${encoded({ sub: 'app', exp: 9_000_000_000 })}.c2ln`
    const requests: HttpRequest[] = []
    const environment = loginEnvironment({
      postHttp: async (request) => {
        requests.push(request)
        return { status: 200, body: Buffer.from(JSON.stringify({ access_token: token })) }
      },
    })
    const { sasl } = resolveConfig({ ...config, allowedTokenUrls: [url] })
    const login = await sasl?.make(environment, loginClient).start(firstLogin)
    expect(text((await login?.next(null)) ?? null)).toBe(
      `n,,\x01auth=Bearer ${token}\x01logicalCluster=lkc-abc123\x01identityPoolId=pool-xyz\x01\x01`,
    )
    expect(requests).toMatchObject([{ url, body: 'grant_type=client_credentials&scope=kafka' }])
  },
)

describe("Java's classes that get tokens", () => {
  it.each([
    [
      'sasl.client.callback.handler.class',
      'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
      'Amazon MSK with IAM needs a function that gives credentials of AWS',
    ],
    [
      'sasl.login.callback.handler.class',
      'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
      'Amazon MSK with IAM needs a function that gives credentials of AWS',
    ],
    [
      'sasl.login.callback.handler.class',
      'com.google.cloud.hosted.kafka.auth.GcpLoginCallbackHandler',
      'gets a token of Google Cloud',
    ],
    [
      'sasl.login.callback.handler.class',
      'io.strimzi.kafka.oauth.client.JaasClientOauthLoginCallbackHandler',
      'gets a token',
    ],
    ['sasl.login.class', 'com.example.Login', 'pass a function or a mechanism object'],
  ])('%s=%s is refused with what takes its place', (key, className, advice) => {
    const attempt = (): unknown => fromProperties({ 'bootstrap.servers': 'a:1', [key]: className })
    expect(attempt).toThrow(expect.objectContaining({ name: 'ConfigError', key }))
    expect(attempt).toThrow(`${key} is the name of a Java class: `)
    expect(attempt).toThrow(advice)
  })
})
