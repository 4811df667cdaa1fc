import { afterEach, describe, expect, it } from 'vitest'
import { Admin, Producer } from '../../src/index.js'
import { OidcScene } from '../support/token-server/oidc-scene.js'

let scene: OidcScene
afterEach(() => scene.close())

describe('a token endpoint', () => {
  it('gives a token for the credentials of a .properties file', async () => {
    scene = await OidcScene.start()
    await scene.send(scene.properties({}, `clientId='app' clientSecret='app-secret' scope='kafka all'`))
    expect(scene.server.requests).toEqual([
      {
        method: 'POST',
        path: '/token',
        authorization: 'Basic YXBwOmFwcC1zZWNyZXQ=',
        form: { grant_type: 'client_credentials', scope: 'kafka all' },
        body: 'grant_type=client_credentials&scope=kafka+all',
      },
    ])
  })

  it('gives a token for sasl.oidc', async () => {
    scene = await OidcScene.start()
    await scene.send({
      bootstrapServers: scene.cluster.bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: {
        mechanism: 'OAUTHBEARER',
        oidc: { tokenEndpointUrl: scene.server.url, clientId: 'app', clientSecret: 'app-secret' },
      },
      logger: false,
    })
    expect(scene.server.requests).toHaveLength(1)
  })

  it('hears a long request whole', async () => {
    const clientSecret = `?>~${'secret+/='.repeat(500)}`
    const scope = Array.from({ length: 20_000 }, (_, i) => `scope:${i}`).join(' ')
    scene = await OidcScene.start({ clientSecret })
    scene.server.claims = { scope: 'kafka' }
    const oidc = { tokenEndpointUrl: scene.server.url, clientId: 'app', clientSecret, scope }
    await scene.send({
      bootstrapServers: scene.cluster.bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'OAUTHBEARER', oidc },
      logger: false,
    })
    expect(scene.server.requests[0]?.form.scope).toBe(scope)
  })

  it('gives a token for an admin', async () => {
    scene = await OidcScene.start()
    const { bootstrapServers } = scene.cluster
    const oidc = { tokenEndpointUrl: scene.server.url, clientId: 'app', clientSecret: 'app-secret' }
    const admin = new Admin({
      bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'OAUTHBEARER', oidc },
      allowedTokenUrls: [scene.server.url],
      logger: false,
    })
    expect((await admin.describeCluster()).brokers).toHaveLength(3)
    await admin.close()
    expect(scene.server.requests).toHaveLength(1)
  })

  it('is left alone when the producer is closed, and the connection to it ends', async () => {
    scene = await OidcScene.start()
    scene.server.fault = 'silent'
    const settings = scene.properties({ 'sasl.login.read.timeout.ms': '600000' })
    const producer = new Producer({ ...settings, allowedTokenUrls: [scene.server.url] })
    const outcome = producer.send({ topic: 'orders', value: 'v' }).catch((error) => error)
    await scene.server.requested()
    await producer.close({ timeoutMs: 0 })
    expect(await outcome).toMatchObject({ code: 'PRODUCER_CLOSED' })
    await scene.server.deserted()
    expect(scene.server.requests).toHaveLength(1)
  })

  it('is asked once for the connections to all brokers', async () => {
    scene = await OidcScene.start()
    await scene.send(scene.properties())
    const logins = scene.cluster.requests().filter(({ api }) => api === 'SaslAuthenticate')
    expect(logins.length).toBeGreaterThanOrEqual(3)
    expect(scene.server.requests).toHaveLength(1)
  })

  it('is asked again as long as another answer may come', async () => {
    scene = await OidcScene.start()
    scene.server.fault = 'flaky'
    await scene.send(scene.properties())
    expect(scene.server.requests).toHaveLength(3)
  })

  it('is asked for another token before the session ends with the old one', async () => {
    scene = await OidcScene.start()
    const { server } = scene
    server.lifetimeSeconds = 2
    const settings = { 'sasl.login.refresh.min.period.seconds': '0', 'max.block.ms': '5000' }
    const producer = await scene.send(scene.properties(settings))
    const first = server.token
    while (server.token === first) await producer.send({ topic: 'orders', value: 'more' })
    expect(server.requests).toHaveLength(2)
  })
})

describe('a token', () => {
  it('for another audience is refused by the broker, with its claims in the error', async () => {
    scene = await OidcScene.start()
    scene.server.claims = { aud: 'elsewhere' }
    const error = await scene.failure(scene.properties())
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true })
    expect(error.message).toContain('the broker refused the OAUTHBEARER login: {"status":"invalid_token"}')
    expect(error.message).toContain(
      "The token's own claims are issuer http://127.0.0.1/test, audience elsewhere",
    )
  })

  it('that has expired is not sent', async () => {
    scene = await OidcScene.start()
    scene.server.lifetimeSeconds = -60
    const error = await scene.failure(scene.properties())
    expect(error).toMatchObject({ fatal: true })
    expect(error.message).toContain('gave a token that expired at ')
    expect(error.message).toContain('compare the clocks')
  })

  it.each([
    [{ exp: undefined }, "it has no expiry, the claim 'exp'"],
    [{ sub: undefined }, "it has no subject, the claim 'sub' (sasl.oauthbearer.sub.claim.name)"],
    [{ scope: 7 }, "its scope, the claim 'scope', is neither a string nor a list of strings"],
  ])('with the claims %o is not sent', async (claims, message) => {
    scene = await OidcScene.start()
    scene.server.claims = claims
    const error = await scene.failure(scene.properties())
    expect(error.message).toContain(
      `the token endpoint ${scene.server.host} gave no usable token: ${message}`,
    )
    expect(error.message).toContain("The token's own claims are issuer http://127.0.0.1/test")
  })
})
