import { ConfigError } from '../errors.js'
import { parseJaas } from './jaas.js'
import type { SaslConfig } from './sasl.js'
import { Secret } from './secret.js'

/** The settings of a `.properties` file that say how to log in. */
export interface FileLogin {
  saslMechanism?: unknown
  saslJaasConfig?: unknown
  saslKerberosServiceName?: unknown
  sasl?: unknown
}

/** The settings that say how to log in, and where tokens come from. */
const REPLACED = /^sasl(?:Mechanism$|JaasConfig$|Oauthbearer)/
const KERBEROS_MODULE = 'com.sun.security.auth.module.Krb5LoginModule'

/**
 * Puts the login of a program in the place of that of a file. A file for Java often names a class that gets
 * credentials, and a function of the program stands for the class. The mechanism has to be the one of the
 * file.
 *
 * @throws ConfigError if the mechanisms differ
 */
export function useProgramLogin(settings: FileLogin, sasl: SaslConfig): void {
  const { saslMechanism, saslJaasConfig } = settings
  const ours = mechanismName(sasl)
  if (typeof saslMechanism === 'string' && ours !== null && !isSame(saslMechanism, ours))
    throw new ConfigError(
      'sasl.mechanism',
      `sasl.mechanism is '${saslMechanism}' and the option sasl of fromProperties has the mechanism '${ours}': give the login for '${saslMechanism}', or correct sasl.mechanism`,
    )
  if (saslJaasConfig instanceof Secret) takeServiceName(settings, saslJaasConfig.reveal())
  for (const key of Object.keys(settings)) if (REPLACED.test(key)) Reflect.deleteProperty(settings, key)
  settings.sasl = sasl
}

/** Java takes the service name from either place. */
function takeServiceName(settings: FileLogin, jaasText: string): void {
  if (!jaasText.trimStart().startsWith(KERBEROS_MODULE)) return
  const name = parseJaas('sasl.jaas.config', jaasText).options.get('serviceName')
  if (name === undefined) return
  const { saslKerberosServiceName } = settings
  if (typeof saslKerberosServiceName === 'string' && saslKerberosServiceName !== name)
    throw new ConfigError(
      'sasl.kerberos.service.name',
      `sasl.kerberos.service.name is '${saslKerberosServiceName}' and serviceName in sasl.jaas.config is '${name}': leave one of them out`,
    )
  settings.saslKerberosServiceName = name
}

function mechanismName({ mechanism }: Partial<SaslConfig>): string | null {
  if (typeof mechanism === 'string') return mechanism.toUpperCase()
  return typeof mechanism?.name === 'string' ? mechanism.name : null
}

/** The tokens of Amazon MSK go over OAUTHBEARER. */
function isSame(file: string, program: string): boolean {
  const wire = (name: string): string => (name === 'AWS_MSK_IAM' ? 'OAUTHBEARER' : name)
  return wire(file) === wire(program)
}
