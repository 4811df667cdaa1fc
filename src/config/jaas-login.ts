import type { Clock } from '../environment/clock.js'
import { ConfigError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import type { OAuthTokenFunction } from '../network/sasl/oauth-token.js'
import { type UnsecuredClaims, unsecuredTokens } from '../network/sasl/unsecured-token.js'
import { type JaasModule, jaasExtensions, parseJaas } from './jaas.js'
import { MSK_IAM_ADVICE } from './msk-iam-login.js'
import { passwordLogin, tokenLogin } from './sasl.js'
import type { SaslLogin } from './sasl-login.js'
import { quoted, words } from './words.js'

const OWN_FUNCTION =
  "pass a function of yours: sasl: { mechanism: 'OAUTHBEARER', token } in place of saslMechanism and saslJaasConfig"

/** Login modules whose credentials are a user name and a password. Java does not tie them to a mechanism. */
const PASSWORD_MODULES: ReadonlySet<string> = new Set([
  'org.apache.kafka.common.security.plain.PlainLoginModule',
  'org.apache.kafka.common.security.scram.ScramLoginModule',
])
const PASSWORD_OPTIONS: ReadonlySet<string> = new Set(['username', 'password', 'tokenauth'])
const OAUTH_MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'

/** Login modules that need something else than their options, with advice. */
const OTHER_MODULES: ReadonlyMap<string, string> = new Map([
  ['com.sun.security.auth.module.Krb5LoginModule', 'Kerberos needs a mechanism object: sasl: { mechanism }'],
  ['software.amazon.msk.auth.iam.IAMLoginModule', MSK_IAM_ADVICE],
  ['com.sun.security.auth.module.JndiLoginModule', 'Kafka does not allow it'],
  ['com.sun.security.auth.module.LdapLoginModule', 'Kafka does not allow it'],
])

/**
 * The login that `sasl.jaas.config` describes.
 *
 * @param endpointLogin the login with tokens of an endpoint, which takes some options; null if no setting
 *   asks for one
 * @throws ConfigError that names the option and shows no value
 */
export function jaasLogin(
  key: string,
  mechanism: string,
  text: string,
  endpointLogin: ((options: ReadonlyMap<string, string>) => SaslLogin) | null,
): SaslLogin {
  const jaas = parseJaas(key, text)
  const advice = OTHER_MODULES.get(jaas.module)
  if (advice !== undefined)
    throw new ConfigError(key, `${key}: ${jaas.module} cannot be used here: ${advice}`)
  if (mechanism === 'OAUTHBEARER') {
    if (jaas.module !== OAUTH_MODULE)
      throw new ConfigError(key, `${key}: OAUTHBEARER needs the login module ${OAUTH_MODULE}`)
    return endpointLogin === null ? unsecuredLogin(key, jaas) : endpointLogin(jaas.options)
  }
  if (!PASSWORD_MODULES.has(jaas.module))
    throw new ConfigError(
      key,
      `${key}: ${mechanism} needs the login module ${[...PASSWORD_MODULES].join(' or ')}`,
    )
  const { options } = jaas
  // Java reads a boolean like this: anything but `true` is false.
  const delegationToken = options.get('tokenauth')?.toLowerCase() === 'true' && mechanism !== 'PLAIN'
  const credentials = { username: options.get('username'), password: options.get('password') }
  const missing = Object.entries(credentials).flatMap(([name, value]) => (value === undefined ? [name] : []))
  if (missing.length > 0) throw missingOptions(key, options, missing)
  return passwordLogin(key, mechanism, { ...credentials, delegationToken })
}

/**
 * The error for a module without its credentials. It shows the name of another option only if the name is
 * like that of a missing one: any other name could be a part of a password.
 */
function missingOptions(
  key: string,
  options: ReadonlyMap<string, string>,
  missing: readonly string[],
): ConfigError {
  const hints = [...options.keys()].flatMap((name) => {
    const nearest = PASSWORD_OPTIONS.has(name) ? null : nearestName(name, missing)
    return nearest === null ? [] : [` The option '${name}' has no meaning: did you mean '${nearest}'?`]
  })
  const names = words(missing.map(quoted), 'and')
  const absent = missing.length === 1 ? `the option ${names} is missing` : `the options ${names} are missing`
  return new ConfigError(key, `${key}: ${absent}${hints.length === 0 ? '' : '.'}${hints.join('')}`)
}

/**
 * Java's default for OAUTHBEARER: tokens that nobody signs, made of the options of the module. Options of a
 * token server ask for something else, and get advice.
 */
function unsecuredLogin(key: string, { options }: JaasModule): SaslLogin {
  if (options.has('clientId') || options.has('clientSecret'))
    throw new ConfigError(
      'saslOauthbearerTokenEndpointUrl',
      `saslOauthbearerTokenEndpointUrl is missing: ${key} has credentials for a token endpoint`,
    )
  const claims = readClaims(key, options)
  const principal = options.get('unsecuredLoginPrincipalClaimName') ?? 'sub'
  if (typeof claims.get(principal) !== 'string')
    throw new ConfigError(
      key,
      `${key}: there is no source of tokens. For a token without a signature give unsecuredLoginStringClaim_${principal === 'sub' ? 'sub' : '<the principal>'}; for a token of an endpoint or a file give saslOauthbearerTokenEndpointUrl; otherwise ${OWN_FUNCTION}`,
    )
  const unsecured: UnsecuredClaims = {
    claims,
    lifetimeMs:
      readNumber(
        key,
        'unsecuredLoginLifetimeSeconds',
        options.get('unsecuredLoginLifetimeSeconds') ?? '3600',
      ) * 1_000,
    extensions: jaasExtensions(key, options, 'unsecuredLoginExtension_'),
  }
  // The clock is known when the client is made, and not before.
  return {
    mechanism: 'OAUTHBEARER',
    make: (environment, client) =>
      tokenLogin(tokensOf(unsecured, environment.clock)).make(environment, client),
  }
}

function tokensOf(unsecured: UnsecuredClaims, clock: Clock): OAuthTokenFunction {
  return unsecuredTokens(unsecured, clock)
}

function readClaims(key: string, options: ReadonlyMap<string, string>): UnsecuredClaims['claims'] {
  const claims = new Map<string, string | number | readonly string[]>()
  for (const [option, value] of options) {
    const [, type, name] = /^unsecuredLogin(String|Number|List)Claim_(.+)$/.exec(option) ?? []
    if (type === undefined || name === undefined) continue
    if (type === 'String') claims.set(name, value)
    else if (type === 'Number') claims.set(name, readNumber(key, 'an unsecuredLoginNumberClaim', value))
    // The first character of a list separates its items.
    else claims.set(name, value === '' ? [] : value.slice(1).split(value.charAt(0)))
  }
  return claims
}

function readNumber(key: string, option: string, text: string): number {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(number)) throw new ConfigError(key, `${key}: ${option} must be a number`)
  return number
}
