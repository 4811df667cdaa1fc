import { describe, expect, it } from 'vitest'
import { checkTokenShape } from '../../../../src/network/oidc/token-shape.js'

const names = { scope: 'scope', subject: 'sub' }
const clock = { wallTime: () => Date.parse('2026-01-02T03:04:05Z') }

function jwt(claims: unknown, header: unknown = { alg: 'RS256' }): string {
  const encoded = (json: unknown): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${encoded(header)}.${encoded(claims)}.c2ln`
}

function check(token: string, claimNames = names): void {
  checkTokenShape(token, 'the endpoint', claimNames, clock)
}

describe('a token of the right form', () => {
  it.each([
    [{ exp: 1, sub: 'a' }],
    [{ exp: 1.5, sub: 'a', iat: 0.5, scope: 'a b' }],
    [{ exp: 0, sub: 'a', scope: ['a', 'b'] }],
    [{ exp: 1, sub: 'a', scope: null }],
  ])('has the claims %o', (claims) => {
    expect(() => check(jwt(claims))).not.toThrow()
  })

  it('may have claims of other names', () => {
    const token = jwt({ exp: 1, client: 'a', scp: 'x', sub: 7, scope: 7 })
    expect(() => check(token, { scope: 'scp', subject: 'client' })).not.toThrow()
  })
})

describe('a token of another form', () => {
  it.each([
    ['opaque', 'three parts'],
    ['a.b', 'three parts'],
    ['a.b.c.d', 'three parts'],
    ['..', 'three parts'],
    [`${jwt({ exp: 1, sub: 'a' }).split('.').slice(0, 2).join('.')}.`, 'three parts'],
    ['a.b.c', 'no JSON object'],
    [jwt([1]), 'no JSON object'],
    [jwt({ exp: 1, sub: 'a' }, 'x'), 'no JSON object'],
    [jwt({ sub: 'a' }), "no expiry, the claim 'exp'"],
    [jwt({ exp: '1', sub: 'a' }), "no expiry, the claim 'exp'"],
    [jwt({ exp: -1, sub: 'a' }), "no expiry, the claim 'exp'"],
    [jwt({ exp: 1 }), "no subject, the claim 'sub'"],
    [jwt({ exp: 1, sub: ' ' }), "no subject, the claim 'sub'"],
    [jwt({ exp: 1, sub: 'a', scope: { a: 1 } }), "its scope, the claim 'scope'"],
    [jwt({ exp: 1, sub: 'a', scope: [1] }), "its scope, the claim 'scope'"],
    [jwt({ exp: 1, sub: 'a', iat: 'now' }), "its time of issue, the claim 'iat'"],
    [jwt(JSON.parse('{"__proto__":{"exp":1,"sub":"a"}}')), "no expiry, the claim 'exp'"],
  ])('%s is refused', (token, message) => {
    expect(() => check(token)).toThrow(`the endpoint gave no usable token: `)
    expect(() => check(token)).toThrow(message)
  })

  it('is told with its claims and without the token', () => {
    const token = jwt({ exp: 1, iss: 'me' })
    expect(() => check(token)).toThrow(
      "The token's own claims are issuer me, audience (none), expires 1970-01-01T00:00:01.000Z; this machine's clock says 2026-01-02T03:04:05.000Z",
    )
    expect(() => check(token)).not.toThrow(token.slice(0, 10))
  })

  it.each(['.', 'a.', '"', '\\', '='])('is refused in a moment, however long: %s', (text) => {
    expect(() => check(text.repeat(1_048_576))).toThrow('the endpoint gave no usable token')
  })

  it('has claims with the names of properties of every object, and changes none', () => {
    expect(() => check(jwt({ exp: 1, sub: 'a' }), { scope: 'constructor', subject: 'toString' })).toThrow(
      "no subject, the claim 'toString'",
    )
  })
})
