import { ConfigError } from '../errors.js'
import { MSK_IAM_ADVICE } from './msk-iam-login.js'

/** Java's keys whose values are classes that get credentials. */
const KEYS: ReadonlySet<string> = new Set([
  'sasl.login.callback.handler.class',
  'sasl.client.callback.handler.class',
  'sasl.login.class',
])

/** The class that Java uses for OAUTHBEARER if none is given. */
const UNSECURED =
  'org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler'

/**
 * The end of the name of the class that asks a token endpoint, whose package has changed. Here the settings
 * of the endpoint say that there is one.
 */
const TOKEN_ENDPOINT = '.OAuthBearerLoginCallbackHandler'

const TOKEN_FUNCTION = "fromProperties(text, { sasl: { mechanism: 'OAUTHBEARER', token } })"

/** What stands for a class here. A name that begins with a dot stands for all classes that end with it. */
const ADVICE: readonly (readonly [className: string, advice: string])[] = [
  ['software.amazon.msk.auth.iam.IAMClientCallbackHandler', MSK_IAM_ADVICE],
  ['software.amazon.msk.auth.iam.IAMOAuthBearerLoginCallbackHandler', MSK_IAM_ADVICE],
  [
    'com.google.cloud.hosted.kafka.auth.GcpLoginCallbackHandler',
    `pass a function that gets a token of Google Cloud, ${TOKEN_FUNCTION}`,
  ],
  [
    'io.strimzi.kafka.oauth.client.JaasClientOauthLoginCallbackHandler',
    `pass a function that gets a token, ${TOKEN_FUNCTION}`,
  ],
]

/**
 * Whether a property names a class of Java's that this client replaces.
 *
 * @param hasProgramLogin whether the program logs in by itself, which stands for every class
 * @throws ConfigError that says what takes the place of the class
 */
export function isReplacedSaslClass(name: string, className: string, hasProgramLogin: boolean): boolean {
  if (!KEYS.has(name)) return false
  if (className === UNSECURED || className === '' || hasProgramLogin) return true
  if (className.endsWith(TOKEN_ENDPOINT)) return true
  const known = ADVICE.find(([known]) =>
    known.startsWith('.') ? className.endsWith(known) : className === known,
  )
  const advice = known?.[1] ?? `pass a function or a mechanism object in place of it, as in ${TOKEN_FUNCTION}`
  throw new ConfigError(name, `${name} is the name of a Java class: ${advice}`)
}
