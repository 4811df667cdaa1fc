import { generateKeyPairSync, type KeyObject, verify } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type AssertionClaims, keyProblem, makeAssertion } from '../../../../src/network/oidc/assertion.js'
import { noTemplate, readAssertionTemplate } from '../../../../src/network/oidc/assertion-template.js'

// A short key is made in a tenth of the time.
const rsa = generateKeyPairSync('rsa', { modulusLength: 1_024 })
const p256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const environment = {
  clock: { wallTime: () => 1_700_000_000_999 },
  secureRandom: (size: number) => Buffer.alloc(size, 7),
}
const claims: AssertionClaims = {
  algorithm: 'RS256',
  issuer: 'app',
  subject: 'app',
  audience: 'https://idp/token',
  expSeconds: 300,
  nbfSeconds: 60,
  includeId: false,
}

function parts(jwt: string): { header: object; payload: object; signed: Buffer; signature: Buffer } {
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const json = (part: string): object => JSON.parse(Buffer.from(part, 'base64url').toString())
  return {
    header: json(header),
    payload: json(payload),
    signed: Buffer.from(`${header}.${payload}`),
    signature: Buffer.from(signature, 'base64url'),
  }
}

describe('an assertion', () => {
  it('has its claims and its times', () => {
    const { header, payload } = parts(makeAssertion(claims, rsa.privateKey, noTemplate, environment))
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT' })
    expect(payload).toEqual({
      iss: 'app',
      sub: 'app',
      aud: 'https://idp/token',
      iat: 1_700_000_000,
      exp: 1_700_000_300,
      nbf: 1_699_999_940,
    })
  })

  it.each([
    ['RS256', rsa],
    ['ES256', p256],
  ] as const)('is signed with %s', (algorithm, { privateKey, publicKey }) => {
    const jwt = makeAssertion({ ...claims, algorithm }, privateKey, noTemplate, environment)
    const { signed, signature } = parts(jwt)
    // A JWT has the two numbers of an ECDSA signature side by side (RFC 7518, 3.4).
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
    if (algorithm === 'ES256') expect(signature).toHaveLength(64)
  })

  it('may have a random id', () => {
    const jwt = makeAssertion({ ...claims, includeId: true }, rsa.privateKey, noTemplate, environment)
    expect(parts(jwt).payload).toHaveProperty('jti', Buffer.alloc(16, 7).toString('base64url'))
  })

  it('has the members of a template before its own claims, but not before its times', () => {
    const template = readAssertionTemplate(
      '{"header":{"kid":"k1","alg":"none"},"payload":{"iss":"other","tenant":["a"],"exp":1}}',
    )
    const jwt = makeAssertion(claims, rsa.privateKey, template ?? noTemplate, environment)
    const { header, payload } = parts(jwt)
    expect(header).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' })
    expect(payload).toMatchObject({ iss: 'other', sub: 'app', tenant: ['a'], exp: 1_700_000_300 })
  })

  it('takes members named like properties of every object, and changes none', () => {
    const template = readAssertionTemplate('{"payload":{"__proto__":{"polluted":1},"constructor":2}}')
    const jwt = makeAssertion(claims, rsa.privateKey, template ?? noTemplate, environment)
    expect(Object.getOwnPropertyNames(parts(jwt).payload)).toContain('__proto__')
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })
})

describe('a template', () => {
  it.each([
    '',
    '[]',
    'null',
    '7',
    '{"header":7}',
    '{"payload":[]}',
    '{"header":null}',
    '['.repeat(1_000_000),
  ])('is not %.30s', (text) => {
    expect(readAssertionTemplate(text)).toBeNull()
  })

  it.each(['{}', '{"header":{}}', '{"payload":{},"more":1}'])('may be %s', (text) => {
    expect(readAssertionTemplate(text)).not.toBeNull()
  })
})

it.each([
  ['RS256', rsa.privateKey, null],
  ['ES256', p256.privateKey, null],
  ['RS256', p256.privateKey, 'an RSA key'],
  ['ES256', rsa.privateKey, 'the curve P-256'],
  ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey, 'the curve P-256'],
  ['RS256', generateKeyPairSync('ed25519').privateKey, 'an RSA key'],
] as const satisfies (readonly ['RS256' | 'ES256', KeyObject, string | null])[])(
  'a key fits %s or does not (%#)',
  (algorithm, key, problem) => {
    if (problem === null) expect(keyProblem(key, algorithm)).toBeNull()
    else expect(keyProblem(key, algorithm)).toContain(problem)
  },
)
