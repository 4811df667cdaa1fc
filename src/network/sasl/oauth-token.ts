import { AuthenticationError } from '../../errors.js'
import { ownValue } from '../../own-value.js'
import type { SaslContext } from './mechanism.js'
import { claimsOf } from './token-claims.js'

/** An OAuth access token for one or more logins. */
export interface OAuthToken {
  /** The token itself. It need not be a JWT. */
  readonly value: string
  /**
   * When it expires, in milliseconds since 1970. If it is left out, the claim `exp` of a JWT counts. A token
   * without either is used for one login.
   */
  readonly expiresAtMs?: number | undefined
  /** When it was issued, in milliseconds since 1970. If it is left out, the claim `iat` of a JWT counts. */
  readonly issuedAtMs?: number | undefined
  /** SASL extensions (KIP-342), such as `logicalCluster`. Names are letters. */
  readonly extensions?: Readonly<Record<string, string>> | undefined
}

/** Gives a token for logins. A string is a token without anything else. */
export type OAuthTokenFunction = (context: SaslContext) => OAuthToken | string | Promise<OAuthToken | string>

/** A token as logins use it. */
export interface UsableToken {
  readonly value: string
  /** Infinity if it is not known. */
  readonly expiresAtMs: number
  /** Null if it is not known. */
  readonly issuedAtMs: number | null
  readonly extensions: ReadonlyMap<string, string>
}

/** What RFC 6750 allows in a token. */
const TOKEN = /^[-_~+/.A-Za-z0-9]+=*$/
const EXTENSION_NAME = /^[A-Za-z]+$/
/** Printable ASCII, blank, tab and line breaks (RFC 7628). */
const EXTENSION_VALUE = /^[\t\n\r\x20-\x7e]*$/

/**
 * Checks what a token function gave, and completes it. A broker answers nearly every mistake with the same
 * words, so mistakes are found here.
 *
 * @throws AuthenticationError that says what is wrong, without the token
 */
export function usableToken(given: unknown): UsableToken {
  const token: unknown = typeof given === 'string' ? { value: given } : given
  if (typeof token !== 'object' || token === null)
    throw wrong('a token is a string, or an object with the string value')
  const value = own(token, 'value')
  if (typeof value !== 'string') throw wrong('the value of the token must be a string')
  if (value === '') throw wrong('the token is empty')
  if (!TOKEN.test(value)) throw wrong('the token has characters that no token may have (RFC 6750)')
  const claims = claimsOf(value)
  const expiresAtMs = time(token, 'expiresAtMs') ?? claims?.expiresAtMs ?? Number.POSITIVE_INFINITY
  const issuedAtMs = time(token, 'issuedAtMs') ?? claims?.issuedAtMs ?? null
  return { value, expiresAtMs, issuedAtMs, extensions: extensionsOf(own(token, 'extensions')) }
}

function extensionsOf(given: unknown): ReadonlyMap<string, string> {
  const extensions = new Map<string, string>()
  if (given === undefined) return extensions
  if (typeof given !== 'object' || given === null) throw wrong('the extensions must be an object of strings')
  for (const [name, value] of Object.entries(given)) {
    const problem = extensionProblem(name, value)
    if (problem !== null) throw wrong(problem)
    extensions.set(name, String(value))
  }
  return extensions
}

/** The reason for which a SASL extension cannot be sent; null if it can be. It never contains the value. */
export function extensionProblem(name: string, value: unknown): string | null {
  if (!EXTENSION_NAME.test(name)) return 'the name of a SASL extension may have letters only'
  if (name.toLowerCase() === 'auth') return "a SASL extension may not be named 'auth'"
  if (typeof value !== 'string' || !EXTENSION_VALUE.test(value))
    return `the SASL extension ${name} must be a string of printable ASCII characters`
  return null
}

function time(token: object, field: string): number | undefined {
  const value = own(token, field)
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw wrong(`${field} must be milliseconds since 1970`)
  return value
}

/** Own properties only: the object may come from JSON. */
function own(object: object, field: string): unknown {
  return isPlain(object) ? ownValue(object, field) : Reflect.get(object, field)
}

/** An object of a class may have its fields as getters of the class. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object)
  return prototype === Object.prototype || prototype === null
}

function wrong(what: string): AuthenticationError {
  return new AuthenticationError(`the token function gave no usable token: ${what}`)
}
