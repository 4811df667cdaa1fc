import { type ProducerConfig, resolveConfig } from '../../../../src/config/config.js'
import type { ResolvedProducerConfig } from '../../../../src/config/types.js'
import { ConfigError } from '../../../../src/errors.js'

export type Given = Partial<ProducerConfig>

export const MODULE = 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule'
export const URL_OF_TOKENS = 'https://idp.example/token'
/** A part of every secret in these tests. No error may show it. */
export const CANARY = 'marker-secret'

/** The settings of a client with a secret, as a `.properties` file has them. */
export const withSecret: Given = {
  saslMechanism: 'OAUTHBEARER',
  saslOauthbearerTokenEndpointUrl: URL_OF_TOKENS,
  saslJaasConfig: `${MODULE} required clientId="app" clientSecret="${CANARY}";`,
  allowedTokenUrls: [URL_OF_TOKENS],
}

export function resolved(given: Given): { config: ResolvedProducerConfig; warnings: string[] } {
  const warnings: string[] = []
  const nothing = (): void => {}
  const logger = {
    debug: nothing,
    info: nothing,
    warn: (message: string) => void warnings.push(message),
    error: nothing,
  }
  const securityProtocol = 'SASL_SSL'
  const config = resolveConfig({ bootstrapServers: 'a:1', securityProtocol, logger, ...given })
  return { config, warnings }
}

export function refusal(given: Given): ConfigError {
  try {
    resolved(given)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
