import { afterEach, describe, expect, it } from 'vitest'
import { certificateFile, certificateText } from '../support/certificates/certificates.js'
import { knownClient, OidcScene } from '../support/token-server/oidc-scene.js'

let scene: OidcScene
afterEach(() => scene.close())

const TRUST = `ssl.truststore.type="PEM" ssl.truststore.location="${certificateFile('root.pem')}"`

describe('TLS to the token endpoint', () => {
  it('is verified with the options of the login module', async () => {
    scene = await OidcScene.start({ certificate: 'broker' })
    await scene.send(scene.properties({}, `${knownClient} ${TRUST}`))
    expect(scene.server.requests).toHaveLength(1)
  })

  it('is verified with oidc.tls', async () => {
    scene = await OidcScene.start({ certificate: 'broker' })
    await scene.send({
      bootstrapServers: scene.cluster.bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: {
        mechanism: 'OAUTHBEARER',
        oidc: {
          tokenEndpointUrl: scene.server.url,
          clientId: 'app',
          clientSecret: 'app-secret',
          tls: { ca: certificateText('root.pem') },
        },
      },
      logger: false,
    })
    expect(scene.server.requests).toHaveLength(1)
  })

  it.each([
    ['an unknown authority', 'broker', '', /UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED/],
    ['another host', 'other-host', TRUST, /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['a certificate that has expired', 'expired', TRUST, /CERT_HAS_EXPIRED/],
  ])('refuses %s, and the secret is not sent', async (_name, certificate, options, code) => {
    scene = await OidcScene.start({ certificate })
    const error = await scene.failure(scene.properties({}, `${knownClient} ${options}`))
    expect(error).toMatchObject({ fatal: true, retriable: false })
    expect(error.message).toMatch(code)
    expect(error.message).toContain('give the ssl.truststore options of sasl.jaas.config, or oidc.tls')
    expect(scene.server.requests).toEqual([])
  })

  it('uses no setting of TLS for brokers', async () => {
    scene = await OidcScene.start({ certificate: 'broker' })
    const settings = {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': certificateFile('root.pem'),
    }
    const error = await scene.failure(scene.properties(settings))
    expect(error).toMatchObject({ fatal: true })
    expect(scene.server.requests).toEqual([])
  })
})
