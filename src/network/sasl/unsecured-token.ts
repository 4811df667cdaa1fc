import { Buffer } from 'node:buffer'
import type { Clock } from '../../environment/clock.js'
import type { OAuthTokenFunction } from './oauth-token.js'

/** The contents of an unsecured token. */
export interface UnsecuredClaims {
  /** The claims beside the times. */
  readonly claims: ReadonlyMap<string, string | number | readonly string[]>
  readonly lifetimeMs: number
  readonly extensions: Readonly<Record<string, string>>
}

/**
 * Tokens that nobody has signed (RFC 7515, appendix A.5), for development. A broker takes them only with its
 * default handler, which believes every client.
 */
export function unsecuredTokens(
  { claims, lifetimeMs, extensions }: UnsecuredClaims,
  clock: Pick<Clock, 'wallTime'>,
): OAuthTokenFunction {
  return () => {
    const issuedAtMs = clock.wallTime()
    const expiresAtMs = issuedAtMs + lifetimeMs
    const payload = new Map<string, unknown>(claims)
    payload.set('iat', issuedAtMs / 1_000).set('exp', expiresAtMs / 1_000)
    const value = `${encoded({ alg: 'none' })}.${encoded(Object.fromEntries(payload))}.`
    return { value, issuedAtMs, expiresAtMs, extensions }
  }
}

function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json), 'utf8').toString('base64url')
}
