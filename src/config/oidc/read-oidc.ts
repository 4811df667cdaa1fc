import { ConfigError } from '../../errors.js'
import { extensionProblem } from '../../network/sasl/oauth-token.js'
import { ownValue } from '../../own-value.js'
import { checkFields } from '../check-fields.js'
import type { ConfigEntry } from '../entry.js'
import type { SaslLogin } from '../sasl-login.js'
import { oauthConfigs } from '../table-oauth.js'
import type { TlsOptions, TlsOptionsFunction } from '../tls/tls-options.js'
import { type OidcField, oidcFields, oidcValues } from './oidc-fields.js'
import { oidcLogin } from './oidc-login.js'

/** The check of one value against its row of a table. */
export type CheckValue = (key: string, entry: ConfigEntry, value: unknown) => unknown

/**
 * Reads the object `sasl.oidc`.
 *
 * @throws ConfigError that names the field and shows no secret
 */
export function readOidc(key: string, given: unknown, check: CheckValue): SaslLogin {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ConfigError(key, `${key} must be an object with tokenEndpointUrl`)
  checkFields(key, given, [...Object.keys(oidcFields), 'extensions', 'tls'])
  const own = (name: string): unknown => ownValue(given, name)
  const nameOf = (field: OidcField): string => `${key}.${field}`
  const values = oidcValues((field) => {
    const entry = oauthConfigs[oidcFields[field]]
    return check(nameOf(field), entry, own(field) ?? entry.default)
  })
  return oidcLogin({
    values,
    nameOf,
    extensions: extensionsOf(`${key}.extensions`, own('extensions') ?? {}),
    tls: { key, ssl: new Map(), tls: tlsOf(`${key}.tls`, own('tls') ?? null) },
  })
}

function extensionsOf(key: string, given: unknown): Readonly<Record<string, string>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ConfigError(key, `${key} must be an object of strings`)
  for (const [name, value] of Object.entries(given)) {
    const problem = extensionProblem(name, value)
    if (problem !== null) throw new ConfigError(key, `${key}: ${problem}`)
  }
  return { ...(given as Record<string, string>) }
}

function tlsOf(key: string, given: unknown): TlsOptions | TlsOptionsFunction | null {
  const isGiven = typeof given === 'object' || typeof given === 'function'
  if (!isGiven || Array.isArray(given)) throw new ConfigError(key, `${key} must be an object or a function`)
  return given as TlsOptions | TlsOptionsFunction | null
}
