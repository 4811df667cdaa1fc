import { Buffer } from 'node:buffer'
import { ownValue } from '../../own-value.js'

/** The claims of a JWT (RFC 7519) that explain why a broker refuses it. They are no secret; the token is. */
export interface TokenClaims {
  readonly issuer: string | null
  readonly audience: string | null
  readonly issuedAtMs: number | null
  readonly expiresAtMs: number | null
}

/** A longer token is not looked into. */
const MAX_TOKEN_LENGTH = 1_000_000
const SHOWN_LENGTH = 100

/**
 * Reads claims out of a token. Null if it is no JWT. The signature is not checked: that is the broker's work.
 */
export function claimsOf(token: string): TokenClaims | null {
  if (token.length > MAX_TOKEN_LENGTH) return null
  const parts = token.split('.', 4)
  const payload = parts[1]
  if (parts.length !== 3 || payload === undefined) return null
  const claims = jwtPart(payload)
  if (claims === null) return null
  const claim = (name: string): unknown => ownValue(claims, name)
  const audience = claim('aud')
  return {
    issuer: text(claim('iss')),
    audience: Array.isArray(audience) ? text(audience.map(text).join(', ')) : text(audience),
    issuedAtMs: seconds(claim('iat')),
    expiresAtMs: seconds(claim('exp')),
  }
}

/** The JSON object in the header or the payload of a JWT; null if it is none. */
export function jwtPart(encoded: string): object | null {
  if (encoded.length > MAX_TOKEN_LENGTH) return null
  try {
    const json: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8'))
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? json : null
  } catch {
    return null
  }
}

/** The claims of a refused token in a sentence, beside this machine's clock; empty if it is no JWT. */
export function describeClaims(token: string, wallTimeMs: number): string {
  const claims = claimsOf(token)
  if (claims === null) return ''
  const { issuer, audience, issuedAtMs, expiresAtMs } = claims
  const parts = [`issuer ${issuer ?? '(none)'}`, `audience ${audience ?? '(none)'}`]
  if (issuedAtMs !== null) parts.push(`issued ${instant(issuedAtMs)}`)
  if (expiresAtMs !== null) parts.push(`expires ${instant(expiresAtMs)}`)
  const verdicts: string[] = []
  if (expiresAtMs !== null && expiresAtMs <= wallTimeMs)
    verdicts.push(`so it expired ${span(wallTimeMs - expiresAtMs)} ago`)
  if (issuedAtMs !== null && issuedAtMs > wallTimeMs)
    verdicts.push(`so it was issued ${span(issuedAtMs - wallTimeMs)} in the future: compare the clocks`)
  const clock = [`this machine's clock says ${instant(wallTimeMs)}`, ...verdicts].join(', ')
  return `the token's own claims are ${parts.join(', ')}; ${clock}`
}

function text(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null
  // Text from outside: no control characters, no line breaks.
  const printable = value.replace(/[^\x20-\x7e]/g, '?')
  return printable.length > SHOWN_LENGTH ? `${printable.slice(0, SHOWN_LENGTH)}...` : printable
}

function seconds(value: unknown): number | null {
  if (typeof value !== 'number') return null
  const ms = value * 1_000
  // A Date holds no time outside of this.
  return Number.isFinite(ms) && ms >= 0 && ms <= 8.64e15 ? ms : null
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}

function span(ms: number): string {
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 1_000)} s`
}
