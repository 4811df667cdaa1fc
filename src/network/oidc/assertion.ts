import { Buffer } from 'node:buffer'
import { type KeyObject, sign } from 'node:crypto'
import type { Clock } from '../../environment/clock.js'
import type { AssertionTemplate } from './assertion-template.js'

export type AssertionAlgorithm = 'RS256' | 'ES256'

/** The contents of an assertion. */
export interface AssertionClaims {
  readonly algorithm: AssertionAlgorithm
  readonly issuer: string | null
  readonly subject: string | null
  readonly audience: string | null
  readonly expSeconds: number
  readonly nbfSeconds: number
  readonly includeId: boolean
}

export interface AssertionEnvironment {
  readonly clock: Pick<Clock, 'wallTime'>
  readonly secureRandom: (size: number) => Uint8Array
}

const ID_BYTES = 16

/**
 * A signed assertion (RFC 7523, 3). The members of the template go before the claims of the settings. The
 * times are always those of this moment.
 */
export function makeAssertion(
  claims: AssertionClaims,
  key: KeyObject,
  template: AssertionTemplate,
  { clock, secureRandom }: AssertionEnvironment,
): string {
  const now = Math.floor(clock.wallTime() / 1_000)
  // In Maps, because the template names members as it likes: one may be named `__proto__`.
  const header = new Map<string, unknown>([...template.header, ['alg', claims.algorithm], ['typ', 'JWT']])
  const payload = new Map<string, unknown>()
  const fixed = { iss: claims.issuer, sub: claims.subject, aud: claims.audience }
  for (const [name, value] of Object.entries(fixed)) if (value !== null) payload.set(name, value)
  for (const [name, value] of template.payload) payload.set(name, value)
  payload
    .set('iat', now)
    .set('exp', now + claims.expSeconds)
    .set('nbf', now - claims.nbfSeconds)
  if (claims.includeId) payload.set('jti', Buffer.from(secureRandom(ID_BYTES)).toString('base64url'))
  const unsigned = `${encoded(header)}.${encoded(payload)}`
  const signature = sign('sha256', Buffer.from(unsigned), { key, dsaEncoding: 'ieee-p1363' })
  return `${unsigned}.${signature.toString('base64url')}`
}

/** Why a key cannot sign with an algorithm; null if it can. */
export function keyProblem(key: KeyObject, algorithm: AssertionAlgorithm): string | null {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const fits = algorithm === 'RS256' ? type === 'rsa' : type === 'ec' && details?.namedCurve === 'prime256v1'
  if (fits) return null
  const wanted = algorithm === 'RS256' ? 'an RSA key' : 'a key of the curve P-256'
  return `has a key of another kind than ${algorithm} needs, which is ${wanted}`
}

function encoded(members: ReadonlyMap<string, unknown>): string {
  return Buffer.from(JSON.stringify(Object.fromEntries(members)), 'utf8').toString('base64url')
}
