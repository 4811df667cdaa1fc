import type { SecureSettings } from '../../environment/socket.js'
import type { Logger } from '../../logger.js'
import { fetchToken, longestFetchMs } from '../../network/oidc/token-endpoint.js'
import {
  clientAssertionRequest,
  clientSecretRequest,
  jwtBearerRequest,
  type MakeTokenRequest,
} from '../../network/oidc/token-request.js'
import { checkTokenShape } from '../../network/oidc/token-shape.js'
import type { OAuthTokenFunction } from '../../network/sasl/oauth-token.js'
import { type LoginClient, type MechanismEnvironment, type SaslLogin, tokenMechanism } from '../sasl-login.js'
import { assertions, textFile } from './assertion-source.js'
import { type EndpointTls, endpointTls } from './endpoint-tls.js'
import type { OidcValues } from './oidc-fields.js'
import { type NameOf, type OidcSource, oidcSource, resourcesOf } from './oidc-source.js'

/** Everything that is said about the tokens of a login, in either form. */
export interface GivenOidc {
  readonly values: OidcValues
  readonly nameOf: NameOf
  readonly extensions: Readonly<Record<string, string>>
  readonly tls: EndpointTls
}

type EndpointSource = Exclude<OidcSource, { kind: 'file' }>

/** Machines that no network lies before. */
const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/**
 * A login with tokens of a token endpoint, or of a file.
 *
 * @throws ConfigError for settings that are missing or contradict each other
 */
export function oidcLogin(given: GivenOidc): SaslLogin {
  const source = oidcSource(given.values, given.nameOf)
  return {
    mechanism: 'OAUTHBEARER',
    resources: resourcesOf(source, given.nameOf),
    make(environment, client) {
      if (source.kind === 'file')
        return tokenMechanism(tokensInFile(given, source.path, environment), environment, client)
      const tokens = tokensOfEndpoint(given, source, environment, client)
      return tokenMechanism(tokens, environment, client, longestFetchMs(client.endpoint))
    },
  }
}

function tokensInFile(
  { values, nameOf, extensions }: GivenOidc,
  path: string,
  { files, clock }: MechanismEnvironment,
): OAuthTokenFunction {
  const key = nameOf('tokenEndpointUrl')
  textFile(key, path, files)
  return () => {
    const value = textFile(key, path, files)
    checkTokenShape(value, `the file of ${key}`, claimNames(values), clock)
    return { value, extensions }
  }
}

function tokensOfEndpoint(
  { values, nameOf, extensions, tls }: GivenOidc,
  source: EndpointSource,
  environment: MechanismEnvironment,
  { endpoint: timing, logger }: LoginClient,
): OAuthTokenFunction {
  const { url } = source
  warnOfPlainHttp(nameOf('tokenEndpointUrl'), url, logger)
  const secure = endpointTls(tls, environment, logger)
  const endpoint = {
    ...timing,
    url,
    makeRequest: requests(source, { values, nameOf }, environment, logger),
    tls: (): Promise<SecureSettings> => secure.current(),
  }
  const name = `the token endpoint ${new URL(url).host}`
  return async ({ signal }) => {
    const value = await fetchToken(endpoint, signal, environment)
    checkTokenShape(value, name, claimNames(values), environment.clock)
    return { value, extensions }
  }
}

function requests(
  source: EndpointSource,
  { values, nameOf }: Pick<GivenOidc, 'values' | 'nameOf'>,
  environment: MechanismEnvironment,
  logger: Logger,
): MakeTokenRequest {
  const { clientId, scope, headerUrlencode } = values
  if (source.kind === 'client-secret') {
    const { clientSecret } = source
    return () =>
      clientSecretRequest({
        clientId: source.clientId,
        clientSecret: clientSecret.reveal(),
        headerUrlencode,
        scope,
      })
  }
  const assertion = assertions(source.assertion, values, nameOf, environment, logger)
  return source.kind === 'client-assertion'
    ? () => clientAssertionRequest(assertion(), { clientId, scope })
    : () => jwtBearerRequest(assertion(), scope)
}

function claimNames({ scopeClaimName, subClaimName }: OidcValues): { scope: string; subject: string } {
  return { scope: scopeClaimName, subject: subClaimName }
}

function warnOfPlainHttp(key: string, url: string, logger: Logger): void {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || LOOPBACK.has(hostname)) return
  logger.warn(`${key} is a URL of http: the credentials and the token are sent unencrypted. Use https`)
}
