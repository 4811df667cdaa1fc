import { ConfigError } from '../errors.js'
import { type AwsCredentialsFunction, describeMskToken, mskIamTokens } from '../network/sasl/msk-iam.js'
import { type SaslLogin, tokenMechanism } from './sasl-login.js'

const LOGIN_MODULE = 'software.amazon.msk.auth.iam.IAMLoginModule'
const CALLBACK_HANDLERS: ReadonlySet<string> = new Set([
  'software.amazon.msk.auth.iam.IAMClientCallbackHandler',
  'software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler',
])

/** What a program gives in place of Java's classes for Amazon MSK. */
export const MSK_IAM_ADVICE =
  "Amazon MSK with IAM needs a function that gives credentials of AWS. For a .properties file: fromProperties(text, { sasl: { mechanism: 'AWS_MSK_IAM', credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) } })"

/**
 * Whether settings of Java ask for Amazon MSK with IAM. They do so by the mechanism, the login module or the
 * callback handler.
 */
export function asksForMskIam(name: string, value: string): boolean {
  switch (name) {
    case 'sasl.mechanism':
      return value.trim() === 'AWS_MSK_IAM'
    case 'sasl.jaas.config':
      return value.trimStart().startsWith(LOGIN_MODULE)
    case 'sasl.client.callback.handler.class':
    case 'sasl.login.callback.handler.class':
      return CALLBACK_HANDLERS.has(value.trim())
    default:
      return false
  }
}

/**
 * Checks the fields of `sasl` for `AWS_MSK_IAM`.
 *
 * @throws ConfigError that names the field and shows no value
 */
export function mskIamLogin(
  key: string,
  field: (name: 'credentials' | 'region' | 'userAgent') => unknown,
): SaslLogin {
  const credentials = field('credentials')
  if (!isCredentialsFunction(credentials))
    throw new ConfigError(
      key,
      `${key}.credentials must be a function that gives accessKeyId and secretAccessKey, for AWS_MSK_IAM`,
    )
  const region = field('region') ?? null
  if (region !== null && (typeof region !== 'string' || !/^[a-z\d-]{1,63}$/.test(region)))
    throw new ConfigError(key, `${key}.region must be the name of a region, such as eu-west-1`)
  const userAgent = field('userAgent') ?? null
  if (userAgent !== null && (typeof userAgent !== 'string' || !/^[\x20-\x7e]{1,256}$/.test(userAgent)))
    throw new ConfigError(key, `${key}.userAgent must be a string of at most 256 printable ASCII characters`)
  const options = { credentials, region, userAgent }
  return {
    mechanism: 'OAUTHBEARER',
    make: (environment, client) =>
      tokenMechanism(
        mskIamTokens(options, environment.clock),
        environment,
        client,
        undefined,
        describeMskToken,
      ),
  }
}

function isCredentialsFunction(given: unknown): given is AwsCredentialsFunction {
  return typeof given === 'function'
}
