import type { Clock } from '../../environment/clock.js'
import { AuthenticationError } from '../../errors.js'
import { ownValue } from '../../own-value.js'
import { nextSentence } from '../sasl/next-sentence.js'
import { describeClaims, jwtPart } from '../sasl/token-claims.js'

/** The names of two claims that a token server may have named in its own way. */
export interface ClaimNames {
  readonly scope: string
  readonly subject: string
}

/**
 * Checks the form of a JWT as Java's ClientJwtValidator does: three parts, an expiry, a subject, and a scope
 * and a time of issue that are right if there are any. The signature is for the broker to check.
 *
 * @throws AuthenticationError that says what is wrong and shows the claims, without the token
 */
export function checkTokenShape(
  token: string,
  source: string,
  names: ClaimNames,
  clock: Pick<Clock, 'wallTime'>,
): void {
  const problem = shapeProblem(token, names)
  if (problem === null) return
  const claims = describeClaims(token, clock.wallTime())
  throw new AuthenticationError(`${source} gave no usable token: ${problem}${nextSentence(claims)}`)
}

function shapeProblem(token: string, names: ClaimNames): string | null {
  const parts = token.split('.', 4)
  if (parts.length !== 3 || parts.includes('')) return 'a JWT has three parts, and this one has not'
  const [header = '', payload = ''] = parts
  const claims = jwtPart(payload)
  if (jwtPart(header) === null || claims === null) return 'a part of the JWT is no JSON object in base64url'
  const claim = (name: string): unknown => ownValue(claims, name)
  if (!isTime(claim('exp'))) return "it has no expiry, the claim 'exp', in seconds"
  const subject = claim(names.subject)
  if (typeof subject !== 'string' || subject.trim() === '')
    return `it has no subject, the claim '${names.subject}' (sasl.oauthbearer.sub.claim.name)`
  const scope = claim(names.scope) ?? ''
  const isScope = typeof scope === 'string' || (Array.isArray(scope) && scope.every(isText))
  if (!isScope)
    return `its scope, the claim '${names.scope}', is neither a string nor a list of strings (sasl.oauthbearer.scope.claim.name)`
  const issuedAt = claim('iat') ?? 0
  return isTime(issuedAt) ? null : "its time of issue, the claim 'iat', is not in seconds"
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isText(value: unknown): boolean {
  return typeof value === 'string'
}
