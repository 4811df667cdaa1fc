import { AuthenticationError } from '../../errors.js'
import { ownValue } from '../../own-value.js'
import type { SaslContext, SaslRefusal } from './mechanism.js'

/** A user name and a password, or a delegation token. */
export interface SaslCredentials {
  /** The user's name, or the id of the delegation token. */
  readonly username: string
  /** The user's password, or the HMAC of the delegation token as Kafka's tools print it, in base64. */
  readonly password: string
  /** Whether this is a delegation token (KIP-48). Only SCRAM can carry one. The default is false. */
  readonly delegationToken?: boolean | undefined
}

/**
 * Gives credentials for one login. It is asked for each connection, so rotated credentials are used at once.
 */
export type SaslCredentialsFunction = (context: SaslContext) => SaslCredentials | Promise<SaslCredentials>

/** The reason for which a value is no credentials. It never contains the value. Null if it is. */
export function credentialsProblem(given: unknown): string | null {
  if (typeof given !== 'object' || given === null)
    return 'credentials are an object with username and password'
  for (const field of ['username', 'password']) {
    const value = ownValue(given, field)
    if (typeof value !== 'string') return `${field} must be a string`
    if (value === '') return `${field} must not be empty`
    if (value.includes('\0')) return `${field} must not contain the character NUL`
  }
  return null
}

/**
 * The credentials for one login.
 *
 * @throws AuthenticationError if the function gave none
 */
export async function credentialsFor(
  source: SaslCredentialsFunction,
  context: SaslContext,
): Promise<SaslCredentials> {
  const given = await source(context)
  const problem = credentialsProblem(given)
  if (problem !== null)
    throw new AuthenticationError(`the credentials function gave no usable credentials: ${problem}`)
  return given
}

/**
 * What may be wrong with credentials that a broker has refused: white space around them is seldom meant. Most
 * often it is the line break at the end of a file. The hint shows no value.
 */
export function explainRefusal({ username, password }: SaslCredentials): SaslRefusal {
  const found = [...spaceAround('user name', username), ...spaceAround('password', password)]
  return found.length === 0 ? {} : { hint: `${found.join(', ')}: remove what does not belong there` }
}

function spaceAround(name: string, value: string): string[] {
  const [begin = ''] = /^\s+/.exec(value) ?? []
  const end = value.slice(value.trimEnd().length)
  return [
    ...(begin === '' ? [] : [`the ${name} begins with ${nameOfSpace(begin)}`]),
    ...(end === '' ? [] : [`the ${name} ends with ${nameOfSpace(end)}`]),
  ]
}

function nameOfSpace(space: string): string {
  if (space.startsWith('\ufeff')) return 'a byte order mark'
  return /[\r\n]/.test(space) ? 'a line break' : 'white space'
}
