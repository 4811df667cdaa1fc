import { jaasExtensions } from '../jaas.js'
import type { ConfigDraft } from '../rules.js'
import type { SaslLogin } from '../sasl-login.js'
import { Secret } from '../secret.js'
import { type OidcValues, oidcFields, oidcValues } from './oidc-fields.js'
import { oidcLogin } from './oidc-login.js'

const JAAS = 'saslJaasConfig'
const SSL_PREFIX = 'ssl.'

/**
 * The login of Java's settings `sasl.oauthbearer.*`, together with the options of the login module.
 *
 * @param options those of the login module; none without a `saslJaasConfig`
 * @throws ConfigError for settings that are missing or contradict each other
 */
export function javaOidc(config: ConfigDraft, options: ReadonlyMap<string, string>): SaslLogin {
  const settings = oidcValues((field) => config[oidcFields[field]])
  return oidcLogin({
    values: withOptions(settings, options, config),
    nameOf: (field) => oidcFields[field],
    extensions: jaasExtensions(JAAS, options, 'extension_'),
    tls: {
      key: JAAS,
      ssl: new Map([...options].filter(([name]) => name.startsWith(SSL_PREFIX))),
      tls: null,
    },
  })
}

/** Three options of a login module say the same as settings. Where both are given, the setting counts. */
function withOptions(
  settings: OidcValues,
  options: ReadonlyMap<string, string>,
  { logger }: ConfigDraft,
): OidcValues {
  const option = (name: 'clientId' | 'clientSecret' | 'scope'): string | null => {
    const value = options.get(name) ?? null
    if (value === null || settings[name] === null) return value
    logger.warn(`${oidcFields[name]} counts, and the option ${name} of saslJaasConfig does not`)
    return null
  }
  const secret = option('clientSecret')
  return {
    ...settings,
    clientId: option('clientId') ?? settings.clientId,
    clientSecret: secret === null ? settings.clientSecret : new Secret(secret),
    scope: option('scope') ?? settings.scope,
  }
}
