import type { Environment } from '../environment/environment.js'
import type { Logger } from '../logger.js'
import type { EndpointTiming } from '../network/oidc/token-endpoint.js'
import type { SaslMechanism } from '../network/sasl/mechanism.js'
import { type ExplainToken, oauthBearer } from '../network/sasl/oauth-bearer.js'
import type { OAuthTokenFunction } from '../network/sasl/oauth-token.js'
import { TokenCache, type TokenRefresh } from '../network/sasl/token-cache.js'
import type { NamedResource } from './oidc/oidc-source.js'

/** What mechanisms need of the outside world. */
export type MechanismEnvironment = Pick<
  Environment,
  'clock' | 'random' | 'secureRandom' | 'deriveKey' | 'files' | 'postHttp'
>

/** What mechanisms need of a client's settings. */
export interface LoginClient {
  readonly refresh: TokenRefresh
  /** The times of a token endpoint. */
  readonly endpoint: EndpointTiming
  readonly logger: Logger
}

/**
 * A login, ready to be used: the checked form of `sasl` and of Java's settings. The secrets are in closures,
 * which nothing prints.
 */
export interface SaslLogin {
  readonly mechanism: string
  /** The URLs and files that the login uses only if code allows them. */
  readonly resources?: readonly NamedResource[]
  /** @throws ConfigError if a file of the login cannot be used */
  make(environment: MechanismEnvironment, client: LoginClient): SaslMechanism
}

/**
 * A login with tokens.
 *
 * @param startTimeoutMs how long a token may take, if that is more than other credentials may take
 */
export function tokenMechanism(
  token: OAuthTokenFunction,
  environment: MechanismEnvironment,
  { refresh, logger }: LoginClient,
  startTimeoutMs?: number,
  explain?: ExplainToken,
): SaslMechanism {
  const tokens = new TokenCache(token, refresh, environment, (warning) => logger.warn(warning))
  return { ...oauthBearer(tokens, environment.clock, explain), startTimeoutMs }
}
