import { ConfigError } from '../errors.js'
import { credentialsProblem, type SaslCredentialsFunction } from '../network/sasl/credentials.js'
import type { SaslMechanism } from '../network/sasl/mechanism.js'
import type { AwsCredentialsFunction } from '../network/sasl/msk-iam.js'
import type { OAuthTokenFunction } from '../network/sasl/oauth-token.js'
import { plain } from '../network/sasl/plain.js'
import { scram } from '../network/sasl/scram.js'
import { ownValue } from '../own-value.js'
import { checkFields } from './check-fields.js'
import { mskIamLogin } from './msk-iam-login.js'
import type { OidcConfig } from './oidc/oidc-config.js'
import { type CheckValue, readOidc } from './oidc/read-oidc.js'
import { type SaslLogin, tokenMechanism } from './sasl-login.js'
import { Secret } from './secret.js'

/** The mechanisms that take a user name and a password. */
export type PasswordMechanism = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** A user name and a password, or a delegation token, that never change. */
export interface SaslPasswordConfig {
  readonly mechanism: PasswordMechanism
  /** The user's name, or the id of the delegation token. */
  readonly username: string
  /** The user's password, or the HMAC of the delegation token. */
  readonly password: string | Secret
  /** Whether this is a delegation token (KIP-48). Only SCRAM can carry one. The default is false. */
  readonly delegationToken?: boolean | undefined
}

/** A function that gives a user name and a password for each connection. */
export interface SaslCredentialsConfig {
  readonly mechanism: PasswordMechanism
  readonly credentials: SaslCredentialsFunction
}

/** A function that gives OAuth tokens. It is called when a new token is needed, not for each connection. */
export interface SaslTokenConfig {
  readonly mechanism: 'OAUTHBEARER'
  readonly token: OAuthTokenFunction
}

/** Tokens of a token endpoint, or of a file. */
export interface SaslOidcConfig {
  readonly mechanism: 'OAUTHBEARER'
  readonly oidc: OidcConfig
}

/** Amazon MSK with IAM: tokens are signed with credentials of AWS. On the wire this is OAUTHBEARER. */
export interface SaslMskIamConfig {
  readonly mechanism: 'AWS_MSK_IAM'
  /** Gives credentials of AWS, such as a provider of the AWS SDK. It is called anew for each token. */
  readonly credentials: AwsCredentialsFunction
  /** The region of the cluster, such as `eu-west-1`. If it is left out, the broker's name tells it. */
  readonly region?: string | undefined
  /** Shown in AWS's logs. The default is this client's name and version. */
  readonly userAgent?: string | undefined
}

/** A mechanism of your own, such as GSSAPI with a Kerberos library. */
export interface SaslMechanismConfig {
  readonly mechanism: SaslMechanism
}

/** How the client logs in. */
export type SaslConfig =
  | SaslPasswordConfig
  | SaslCredentialsConfig
  | SaslTokenConfig
  | SaslOidcConfig
  | SaslMskIamConfig
  | SaslMechanismConfig

const FIELDS = [
  ...(['mechanism', 'username', 'password', 'delegationToken', 'credentials', 'token', 'oidc'] as const),
  ...(['region', 'userAgent'] as const),
] as const

/** The mechanisms that are built in. */
export const builtInMechanisms: readonly string[] = [
  ...['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'OAUTHBEARER', 'AWS_MSK_IAM'],
]

/**
 * Checks the setting `sasl`.
 *
 * @throws ConfigError that names the field and shows no value
 */
export function checkSasl(key: string, given: object, check: CheckValue): SaslLogin {
  checkFields(key, given, FIELDS)
  const field = (name: (typeof FIELDS)[number]): unknown => ownValue(given, name)
  const mechanism = field('mechanism')
  if (isMechanism(mechanism)) {
    refuseOthers(key, field, ['mechanism'], 'a mechanism object')
    return { mechanism: mechanism.name, make: () => mechanism }
  }
  // Other clients write the names in lower case.
  const name = typeof mechanism === 'string' ? mechanism.toUpperCase() : ''
  if (!builtInMechanisms.includes(name))
    throw new ConfigError(
      key,
      `${key}.mechanism must be ${builtInMechanisms.join(', ')}, or an object with name and start for any other mechanism`,
    )
  if (name === 'OAUTHBEARER') {
    const [token, oidc] = [field('token'), field('oidc')]
    if (oidc !== undefined) {
      refuseOthers(key, field, ['mechanism', 'oidc'], `${key}.oidc`)
      return readOidc(`${key}.oidc`, oidc, check)
    }
    refuseOthers(key, field, ['mechanism', 'token'], name)
    if (!isFunction<OAuthTokenFunction>(token))
      throw new ConfigError(
        key,
        `${key}.token must be a function that gives a token, for OAUTHBEARER; or give ${key}.oidc for a token endpoint`,
      )
    return tokenLogin(token)
  }
  if (name === 'AWS_MSK_IAM') {
    refuseOthers(key, field, ['mechanism', 'credentials', 'region', 'userAgent'], name)
    return mskIamLogin(key, field)
  }
  const credentials = field('credentials')
  if (credentials === undefined) {
    refuseOthers(key, field, ['mechanism', 'username', 'password', 'delegationToken'], name)
    const { password, ...rest } = { ...given, username: field('username'), password: field('password') }
    const revealed = { ...rest, password: password instanceof Secret ? password.reveal() : password }
    return passwordLogin(key, name, revealed)
  }
  refuseOthers(key, field, ['mechanism', 'credentials'], `${key}.credentials`)
  if (!isFunction<SaslCredentialsFunction>(credentials))
    throw new ConfigError(key, `${key}.credentials must be a function that gives username and password`)
  return credentialsLogin(name, credentials)
}

/**
 * A login with a user name and a password that never change.
 *
 * @throws ConfigError if one of them is missing
 */
export function passwordLogin(key: string, mechanism: string, given: object): SaslLogin {
  const problem = credentialsProblem(given)
  if (problem !== null) throw new ConfigError(key, `${key}: ${problem}`)
  const { username, password, delegationToken = false } = given as SaslPasswordConfig
  if (typeof delegationToken !== 'boolean')
    throw new ConfigError(key, `${key}: delegationToken must be true or false`)
  if (delegationToken && mechanism === 'PLAIN')
    throw new ConfigError(key, `${key}: a delegation token needs SCRAM, and the mechanism is PLAIN`)
  const credentials = { username, password: String(password), delegationToken }
  return credentialsLogin(mechanism, () => credentials)
}

export function tokenLogin(token: OAuthTokenFunction): SaslLogin {
  return {
    mechanism: 'OAUTHBEARER',
    make: (environment, client) => tokenMechanism(token, environment, client),
  }
}

function credentialsLogin(mechanism: string, credentials: SaslCredentialsFunction): SaslLogin {
  return {
    mechanism,
    make: (environment) =>
      mechanism === 'SCRAM-SHA-256' || mechanism === 'SCRAM-SHA-512'
        ? scram(mechanism, credentials, environment)
        : plain(credentials),
  }
}

function refuseOthers(
  key: string,
  field: (name: (typeof FIELDS)[number]) => unknown,
  allowed: readonly (typeof FIELDS)[number][],
  what: string,
): void {
  for (const name of FIELDS)
    if (!allowed.includes(name) && field(name) !== undefined)
      throw new ConfigError(key, `${key}.${name} has no meaning with ${what}: leave it out`)
}

function isMechanism(given: unknown): given is SaslMechanism {
  if (typeof given !== 'object' || given === null) return false
  return 'name' in given && typeof given.name === 'string' && 'start' in given && isFunction(given.start)
}

function isFunction<Wanted>(given: unknown): given is Wanted {
  return typeof given === 'function'
}
