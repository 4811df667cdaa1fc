import { ConfigError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { jaasLogin } from './jaas-login.js'
import { MSK_IAM_ADVICE } from './msk-iam-login.js'
import { checkAllowed } from './oidc/allowed-resources.js'
import { javaOidc } from './oidc/java-oidc.js'
import { oidcSettingKeys } from './oidc/oidc-fields.js'
import type { ConfigDraft, ConfigRule } from './rules.js'
import { builtInMechanisms } from './sasl.js'
import { words } from './words.js'

/** The rule that makes one login out of `sasl` and of Java's settings. */
export const saslLogin: ConfigRule = {
  text: 'A `securityProtocol` with SASL needs a login: either `sasl`, or `saslMechanism` and `saslJaasConfig` as in Java. `sasl` needs a `securityProtocol` with SASL. What `saslOauthbearer...` and `saslJaasConfig` both say is taken from the former, with a warning. A URL or a file that tokens come from must be in `allowedTokenUrls` or `allowedTokenFiles`.',
  settings: [
    'securityProtocol',
    'sasl',
    'saslMechanism',
    'saslJaasConfig',
    'saslKerberosServiceName',
    'allowedTokenUrls',
    'allowedTokenFiles',
    ...oidcSettingKeys,
  ],
  apply(config, given) {
    const { securityProtocol, saslMechanism } = config
    if (!securityProtocol.startsWith('SASL_')) {
      withoutLogin(config, given)
      return
    }
    if (saslMechanism === '') return // another rule says so
    if (given.has('sasl')) {
      for (const key of ['saslMechanism', 'saslJaasConfig', ...oidcSettingKeys])
        if (given.has(key))
          throw new ConfigError(key, `${key} and sasl say the same thing: leave one of them out`)
    } else config.sasl = javaLogin(config, given)
    checkAllowed(config.sasl?.resources ?? [], config)
    warnOfPlaintext(config)
  },
}

function withoutLogin(config: ConfigDraft, given: ReadonlySet<string>): void {
  const { securityProtocol } = config
  if (given.has('sasl'))
    throw new ConfigError(
      'sasl',
      `sasl is given but securityProtocol is '${securityProtocol}': make it 'SASL_SSL', or 'SASL_PLAINTEXT' on a network that you trust`,
    )
  for (const key of ['saslJaasConfig', 'saslKerberosServiceName'])
    if (given.has(key))
      config.logger.warn(
        `${key} has no effect, because securityProtocol is '${securityProtocol}', which has no SASL`,
      )
}

function javaLogin(config: ConfigDraft, given: ReadonlySet<string>): ConfigDraft['sasl'] {
  const { saslMechanism, saslJaasConfig, securityProtocol } = config
  if (saslMechanism === 'AWS_MSK_IAM') throw new ConfigError('saslMechanism', MSK_IAM_ADVICE)
  if (!builtInMechanisms.includes(saslMechanism)) throw unknownMechanism(saslMechanism, given)
  const tokenSettings = oidcSettingKeys.filter((key) => given.has(key))
  const asksEndpoint = saslMechanism === 'OAUTHBEARER' && tokenSettings.length > 0
  if (saslMechanism !== 'OAUTHBEARER' && tokenSettings.length > 0)
    config.logger.warn(
      `${words(tokenSettings, 'and')} ${tokenSettings.length === 1 ? 'has' : 'have'} no effect: saslMechanism is '${saslMechanism}', which has no tokens`,
    )
  if (saslJaasConfig === null && asksEndpoint) return javaOidc(config, new Map())
  if (saslJaasConfig === null)
    throw new ConfigError(
      'saslJaasConfig',
      `saslJaasConfig is missing: securityProtocol '${securityProtocol}' with saslMechanism '${saslMechanism}' needs a login. Give saslJaasConfig, or sasl in place of both`,
    )
  const endpointLogin = asksEndpoint
    ? (options: ReadonlyMap<string, string>) => javaOidc(config, options)
    : null
  return jaasLogin('saslJaasConfig', saslMechanism, saslJaasConfig.reveal(), endpointLogin)
}

function unknownMechanism(name: string, given: ReadonlySet<string>): ConfigError {
  const known = words(builtInMechanisms, 'and')
  if (!given.has('saslMechanism'))
    return new ConfigError(
      'saslMechanism',
      `saslMechanism is missing: Kafka's default is '${name}', which is not built in. Built in are ${known}`,
    )
  const nearest = nearestName(name.toUpperCase(), builtInMechanisms)
  const hint = nearest === null ? '' : `. Did you mean '${nearest}'?`
  return new ConfigError(
    'saslMechanism',
    `saslMechanism '${name}' is not built in: give sasl: { mechanism } with an object or a token function of yours. Built in are ${known}, in this spelling${hint}`,
  )
}

/** The password, or the token, is worth as much as the account. */
function warnOfPlaintext({ securityProtocol, sasl, logger }: ConfigDraft): void {
  if (securityProtocol !== 'SASL_PLAINTEXT') return
  if (sasl?.mechanism !== 'PLAIN' && sasl?.mechanism !== 'OAUTHBEARER') return
  const what = sasl.mechanism === 'PLAIN' ? 'the password' : 'the token'
  logger.warn(
    `${sasl.mechanism} with securityProtocol 'SASL_PLAINTEXT' sends ${what} unencrypted: use 'SASL_SSL' outside of a network that you trust`,
  )
}

/** The rule between the two pauses of a token endpoint. */
export const loginBackoff: ConfigRule = {
  text: '`saslLoginRetryBackoffMs` must be from 0 to `saslLoginRetryBackoffMaxMs`. If it is not given, it is lowered to that.',
  settings: ['saslLoginRetryBackoffMs', 'saslLoginRetryBackoffMaxMs'],
  apply(config, given) {
    const { saslLoginRetryBackoffMs: backoff, saslLoginRetryBackoffMaxMs: max } = config
    if (backoff >= 0 && backoff <= max) return
    if (max < 0)
      throw new ConfigError(
        'saslLoginRetryBackoffMaxMs',
        `saslLoginRetryBackoffMaxMs is ${max} but must be at least 0`,
      )
    if (!given.has('saslLoginRetryBackoffMs')) {
      config.saslLoginRetryBackoffMs = max
      return
    }
    throw new ConfigError(
      'saslLoginRetryBackoffMs',
      `saslLoginRetryBackoffMs is ${backoff} but must be from 0 to saslLoginRetryBackoffMaxMs, ${max}`,
    )
  },
}
