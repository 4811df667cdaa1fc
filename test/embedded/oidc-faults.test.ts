import { afterEach, describe, expect, it } from 'vitest'
import { AuthenticationError } from '../../src/index.js'
import { impatient, OidcScene } from '../support/token-server/oidc-scene.js'
import { TokenServer } from '../support/token-server/token-server.js'

let scene: OidcScene
afterEach(() => scene.close())

describe('a token endpoint without a token', () => {
  it.each([
    ['refused', 'refused the request with status 401: invalid_client: no such client'],
    ['okta', 'refused the request with status 403: E0000022: not here'],
    ['garbage', 'answered with status 200 and no JSON object'],
    ['no token', 'answered with status 200 and neither an access_token nor an id_token'],
    ['huge', 'gave no token: the answer has more than 1048576 bytes'],
  ] as const)('fails the send at once: %s', async (fault, message) => {
    scene = await OidcScene.start()
    scene.server.fault = fault
    const error = await scene.failure(scene.properties())
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ fatal: true, retriable: false, possiblyPersisted: false })
    expect(error.message).toContain(`credentials: the token endpoint ${scene.server.host} ${message}`)
    // Once for each broker, and not again.
    expect(scene.server.requests).toHaveLength(3)
  })

  it.each([
    ['unavailable', 'answered with status 503: temporarily_unavailable ('],
    ['broken', 'answered with status 500 ('],
    ['silent', 'gave no token: nothing came (sasl.login.read.timeout.ms) within 50 ms'],
    ['half an answer', 'gave no token: nothing came (sasl.login.read.timeout.ms) within 50 ms'],
    ['cut off', 'gave no token: socket hang up (ECONNRESET)'],
  ] as const)('keeps the send waiting until max.block.ms: %s', async (fault, message) => {
    scene = await OidcScene.start()
    scene.server.fault = fault
    const error = await scene.failure(scene.properties(impatient))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true })
    expect(error.message).toContain(`the token endpoint ${scene.server.host} ${message}`)
  })

  it.each([302, 307])('is not followed elsewhere: status %d', async (status) => {
    scene = await OidcScene.start()
    const other = await TokenServer.start()
    try {
      scene.server.fault = { status, location: other.url }
      const error = await scene.failure(scene.properties())
      expect(error).toMatchObject({ fatal: true })
      expect(error.message).toContain(
        `${scene.server.host} answered with status ${status}, a redirect, and redirects are not followed`,
      )
      expect(error.message).not.toContain(other.host)
      expect(other.requests).toEqual([])
    } finally {
      await other.close()
    }
  })

  it('is told when nothing listens there', async () => {
    scene = await OidcScene.start()
    const gone = await TokenServer.start()
    const { url, host } = gone
    await gone.close()
    const config = scene.properties({ ...impatient, 'sasl.oauthbearer.token.endpoint.url': url })
    const error = await scene.failure({ ...config, allowedTokenUrls: [url] })
    expect(error.message).toContain(`the token endpoint ${host} gave no token: connect ECONNREFUSED`)
  })

  it('that fails a refresh leaves the old token in use', async () => {
    scene = await OidcScene.start()
    const { server } = scene
    server.lifetimeSeconds = 3_600
    const warnings: string[] = []
    const nothing = (): void => {}
    const logger = {
      debug: nothing,
      info: nothing,
      warn: (text: string) => warnings.push(text),
      error: nothing,
    }
    // A window of 0.5 of a token that was issued long ago asks for a new token at each login.
    server.claims = { iat: 0 }
    const settings = {
      'sasl.login.refresh.min.period.seconds': '0',
      'sasl.login.refresh.window.factor': '0.5',
    }
    const producer = await scene.send({ ...scene.properties(settings), logger })
    server.fault = 'refused'
    const later = scene.cluster.requests().length
    for (const nodeId of [1, 2, 3]) {
      await scene.cluster.stopBroker(nodeId)
      await scene.cluster.startBroker(nodeId)
    }
    await producer.send({ topic: 'orders', value: 'v' })
    const logins = scene.cluster
      .requests()
      .slice(later)
      .filter(({ api }) => api === 'SaslAuthenticate')
    expect(logins).not.toEqual([])
    expect(warnings.join()).toContain('there is no new token yet, and the old one stays in use until')
    expect(warnings.join()).toContain('refused the request with status 401')
  })
})
