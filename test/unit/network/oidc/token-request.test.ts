import { describe, expect, it } from 'vitest'
import {
  clientAssertionRequest,
  clientSecretRequest,
  jwtBearerRequest,
  type TokenRequest,
} from '../../../../src/network/oidc/token-request.js'

const simple = { clientId: 'app', clientSecret: 'app-secret', headerUrlencode: false, scope: null }

/** What stands behind `Basic` in the header. */
function basic({ headers }: TokenRequest): string {
  const { Authorization = '' } = headers
  const [scheme, encoded = ''] = Authorization.split(' ')
  expect(scheme).toBe('Basic')
  return Buffer.from(encoded, 'base64').toString('utf8')
}

describe('a request with a secret', () => {
  it("has Java's headers", () => {
    expect(clientSecretRequest(simple)).toEqual({
      headers: {
        Accept: 'application/json',
        Authorization: 'Basic YXBwOmFwcC1zZWNyZXQ=',
        'Cache-Control': 'no-cache',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: 'grant_type=client_credentials',
      secrets: ['app-secret', 'app-secret', 'YXBwOmFwcC1zZWNyZXQ='],
    })
  })

  it('encodes id and secret only if it shall, and the scope always', () => {
    const given = { clientId: 'app id', clientSecret: 's+e/c:ret é', scope: 'a b/c+d' }
    const plain = clientSecretRequest({ ...given, headerUrlencode: false })
    expect(basic(plain)).toBe('app id:s+e/c:ret é')
    const encoded = clientSecretRequest({ ...given, headerUrlencode: true })
    expect(basic(encoded)).toBe('app+id:s%2Be%2Fc%3Aret+%C3%A9')
    for (const { body } of [plain, encoded])
      expect(body).toBe('grant_type=client_credentials&scope=a+b%2Fc%2Bd')
  })

  it('has the standard alphabet of base64, however long it is', () => {
    const secret = `${'?>'.repeat(3)}~~~${'x'.repeat(4_000)}`
    const request = clientSecretRequest({ ...simple, clientSecret: secret, scope: 's'.repeat(4_000) })
    const { Authorization } = request.headers
    expect(Authorization).toMatch(/^Basic [A-Za-z0-9+/]+=*$/)
    expect(Authorization).toMatch(/[+/]/)
    expect(basic(request)).toBe(`app:${secret}`)
    expect(request.body).toContain('s'.repeat(4_000))
  })

  it('leaves out the white space around the values', () => {
    const request = clientSecretRequest({ ...simple, clientId: ' app ', clientSecret: 'a b\n', scope: '  ' })
    expect(basic(request)).toBe('app:a b')
    expect(request.body).toBe('grant_type=client_credentials')
  })

  it.each(['a\r\nX-Injected: yes', 'a&scope=admin', 'a\0b'])('lets %j inject nothing', (text) => {
    const request = clientSecretRequest({ ...simple, clientId: text, clientSecret: text, scope: text })
    for (const value of Object.values(request.headers)) expect(value).not.toMatch(/[\r\n\0]/)
    const form = new URLSearchParams(request.body)
    expect([...form.keys()]).toEqual(['grant_type', 'scope'])
    expect(form.get('scope')).toBe(text)
  })
})

describe('a request with an assertion', () => {
  it('proves the client without a header (RFC 7523, 2.2)', () => {
    const { headers, body, secrets } = clientAssertionRequest('a.b.c', { clientId: 'app', scope: 'k 1' })
    expect(headers).not.toHaveProperty('Authorization')
    expect(body).toBe(
      'client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=a.b.c&grant_type=client_credentials&client_id=app&scope=k+1',
    )
    expect(secrets).toEqual(['a.b.c'])
  })

  it('is the grant itself (RFC 7523, 2.1)', () => {
    const { headers, body } = jwtBearerRequest('a.b.c', null)
    expect(headers).not.toHaveProperty('Authorization')
    expect(body).toBe('grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=a.b.c')
  })
})
