import type { oauthConfigs } from '../table-oauth.js'
import type { ConnectionSettings } from '../types.js'

/** The fields of `sasl.oidc`, each with the setting that says the same. */
export const oidcFields = {
  tokenEndpointUrl: 'saslOauthbearerTokenEndpointUrl',
  jwtRetriever: 'saslOauthbearerJwtRetrieverClass',
  jwtValidator: 'saslOauthbearerJwtValidatorClass',
  clientId: 'saslOauthbearerClientCredentialsClientId',
  clientSecret: 'saslOauthbearerClientCredentialsClientSecret',
  scope: 'saslOauthbearerScope',
  headerUrlencode: 'saslOauthbearerHeaderUrlencode',
  assertionAlgorithm: 'saslOauthbearerAssertionAlgorithm',
  assertionClaimAud: 'saslOauthbearerAssertionClaimAud',
  assertionClaimIss: 'saslOauthbearerAssertionClaimIss',
  assertionClaimSub: 'saslOauthbearerAssertionClaimSub',
  assertionClaimExpSeconds: 'saslOauthbearerAssertionClaimExpSeconds',
  assertionClaimNbfSeconds: 'saslOauthbearerAssertionClaimNbfSeconds',
  assertionClaimJtiInclude: 'saslOauthbearerAssertionClaimJtiInclude',
  assertionFile: 'saslOauthbearerAssertionFile',
  assertionPrivateKeyFile: 'saslOauthbearerAssertionPrivateKeyFile',
  assertionPrivateKeyPassphrase: 'saslOauthbearerAssertionPrivateKeyPassphrase',
  assertionTemplateFile: 'saslOauthbearerAssertionTemplateFile',
  scopeClaimName: 'saslOauthbearerScopeClaimName',
  subClaimName: 'saslOauthbearerSubClaimName',
} as const

oidcFields satisfies Readonly<Record<string, keyof typeof oauthConfigs>>

export type OidcField = keyof typeof oidcFields

/** The checked value of every field. What is not given has its default. */
export type OidcValues = { readonly [Field in OidcField]: ConnectionSettings[(typeof oidcFields)[Field]] }

/** The settings that one of the fields says too. */
export const oidcSettingKeys: readonly (typeof oidcFields)[OidcField][] = Object.values(oidcFields)

/** The values of all fields. */
export function oidcValues(valueIn: (field: OidcField) => unknown): OidcValues {
  const fields = Object.keys(oidcFields) as OidcField[]
  const values: Record<string, unknown> = Object.fromEntries(fields.map((field) => [field, valueIn(field)]))
  return values as Partial<OidcValues> as OidcValues
}
