import { ConfigError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import type { TlsSource } from '../../network/network-options.js'
import type { ConfigEntries } from '../entry.js'
import { propertyValue } from '../property-value.js'
import type { ConfigDraft } from '../rules.js'
import { keyOfDottedName } from '../table.js'
import { securityConfigs } from '../table-security.js'
import type { TlsOptions, TlsOptionsFunction } from '../tls/tls-options.js'
import { tlsRules } from '../tls/tls-rules.js'
import { type TlsEnvironment, tlsSource } from '../tls/tls-source.js'

/** The settings of TLS for the token endpoint alone. Those of brokers do not count. */
export interface EndpointTls {
  /** Where they are given. Errors begin with it. */
  readonly key: string
  /** Options of a login module, by Java's names. */
  readonly ssl: ReadonlyMap<string, string>
  readonly tls: TlsOptions | TlsOptionsFunction | null
}

const sslEntries: ConfigEntries = Object.fromEntries(
  Object.entries(securityConfigs).filter(([key]) => key.startsWith('ssl')),
)

/**
 * The source of the TLS settings for a token endpoint. The certificate of the endpoint and its name are
 * always verified unless the user's own word says otherwise. Without any setting the authorities of the
 * runtime are trusted.
 *
 * @throws ConfigError that shows no value of a password
 */
export function endpointTls(
  { key, ssl, tls }: EndpointTls,
  environment: TlsEnvironment,
  logger: Logger,
): TlsSource {
  const about = (message: string): string => `${key}, for the token endpoint: ${message}`
  try {
    const values = sslValues(ssl)
    const settings: Record<string, unknown> = {
      ...Object.fromEntries(
        Object.entries(sslEntries).map(([name, entry]) => [name, 'default' in entry ? entry.default : null]),
      ),
      ...values,
      tls,
      securityProtocol: 'SSL',
      logger: relayed(logger, about),
    }
    const draft = settings as ConfigDraft
    for (const rule of tlsRules) rule.apply(draft, new Set(Object.keys(values)))
    return tlsSource(draft, environment) ?? unencrypted()
  } catch (error) {
    if (error instanceof ConfigError) throw new ConfigError(key, about(error.message))
    throw error
  }
}

function sslValues(ssl: ReadonlyMap<string, string>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const [name, text] of ssl) {
    const key = keyOfDottedName(sslEntries, name)
    const entry = key === undefined ? undefined : sslEntries[key]
    // The name is not shown: in a text that is read wrongly it could be a part of a password.
    if (key === undefined || entry === undefined)
      throw new ConfigError('ssl', "an option that begins with 'ssl.' is no setting of TLS")
    values[key] = propertyValue(name, entry, text)
  }
  return values
}

function relayed(logger: Logger, about: (message: string) => string): Logger {
  return {
    debug: (message, fields) => logger.debug(about(message), fields),
    info: (message, fields) => logger.info(about(message), fields),
    warn: (message, fields) => logger.warn(about(message), fields),
    error: (message, fields) => logger.error(about(message), fields),
  }
}

function unencrypted(): never {
  throw new TypeError('a source of TLS settings for no TLS')
}
