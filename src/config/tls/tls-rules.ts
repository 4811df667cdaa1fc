import { ConfigError } from '../../errors.js'
import type { ConfigDraft, ConfigRule } from '../rules.js'
import type { ConfigKey } from '../table.js'
import type { ConnectionSettings } from '../types.js'
import { quoted, shortened, words } from '../words.js'
import { offeredCiphers } from './cipher-suites.js'
import { tlsRange } from './tls-versions.js'

/** The settings that name certificates and keys, or say how they are used. */
const SSL_KEYS = [
  'sslProtocol',
  'sslEnabledProtocols',
  'sslCipherSuites',
  'sslEndpointIdentificationAlgorithm',
  'sslKeystoreType',
  'sslKeystoreLocation',
  'sslKeystorePassword',
  'sslKeyPassword',
  'sslKeystoreKey',
  'sslKeystoreCertificateChain',
  'sslTruststoreType',
  'sslTruststoreLocation',
  'sslTruststorePassword',
  'sslTruststoreCertificates',
] as const satisfies readonly ConfigKey[]

/** Whether connections are encrypted. */
export function isEncrypted({ securityProtocol }: Pick<ConnectionSettings, 'securityProtocol'>): boolean {
  return securityProtocol.endsWith('SSL')
}

/** Whether the name of a broker is compared with its certificate. `none` is librdkafka's word for no. */
export function checksHost(config: Pick<ConnectionSettings, 'sslEndpointIdentificationAlgorithm'>): boolean {
  const { sslEndpointIdentificationAlgorithm: algorithm } = config
  return algorithm !== '' && algorithm.toLowerCase() !== 'none'
}

const tlsNeedsProtocol: ConfigRule = {
  text: '`tls` needs a `securityProtocol` of SSL or SASL_SSL. Settings of `ssl...` have no effect without one, and a warning says so.',
  settings: ['securityProtocol', 'tls', ...SSL_KEYS],
  apply(config, given) {
    if (isEncrypted(config)) return
    const { securityProtocol, logger } = config
    if (config.tls !== null) {
      throw new ConfigError(
        'tls',
        `tls is given but securityProtocol is '${securityProtocol}', so connections are not encrypted: set securityProtocol to '${securityProtocol === 'PLAINTEXT' ? 'SSL' : 'SASL_SSL'}'`,
      )
    }
    const idle = SSL_KEYS.filter((key) => given.has(key))
    if (idle.length === 0) return
    logger.warn(
      `${words(idle, 'and')} ${idle.length === 1 ? 'has' : 'have'} no effect: securityProtocol is '${securityProtocol}', so connections are not encrypted`,
    )
  },
}

const oneWayToTls: ConfigRule = {
  text: '`tls` must be left out with settings of `ssl...`.',
  settings: ['securityProtocol', 'tls', ...SSL_KEYS],
  apply(config, given) {
    if (config.tls === null) return
    for (const key of SSL_KEYS)
      if (given.has(key)) throw new ConfigError(key, `${key} must be left out with tls, which says the same`)
  },
}

const versions: ConfigRule = {
  text: '`sslEnabledProtocols` must be without a gap, with at least one version up to `sslProtocol`.',
  settings: ['securityProtocol', 'sslProtocol', 'sslEnabledProtocols'],
  apply(config) {
    if (!isEncrypted(config)) return
    const range = tlsRange(config.sslProtocol, config.sslEnabledProtocols)
    if ('reason' in range) throw new ConfigError(range.key, `${range.key} ${range.reason}`)
  },
}

const cipherSuites: ConfigRule = {
  text: '`sslCipherSuites` restricts TLS 1.2 and 1.3 together: a version without a cipher suite in the list is not offered.',
  settings: ['securityProtocol', 'sslProtocol', 'sslEnabledProtocols', 'sslCipherSuites'],
  apply(config) {
    const { sslCipherSuites: names } = config
    const range = tlsRange(config.sslProtocol, config.sslEnabledProtocols)
    if (!isEncrypted(config) || 'reason' in range || names === null || names.length === 0) return
    const offered = offeredCiphers(names, range)
    if (typeof offered === 'string') throw new ConfigError('sslCipherSuites', `sslCipherSuites ${offered}`)
  },
}

const endpointIdentification: ConfigRule = {
  text: '`sslEndpointIdentificationAlgorithm` must be `https`, or empty or `none` for no check, which causes a warning.',
  settings: ['securityProtocol', 'sslEndpointIdentificationAlgorithm'],
  apply(config) {
    const { sslEndpointIdentificationAlgorithm: algorithm } = config
    if (!isEncrypted(config) || !checksHost(config) || algorithm.toLowerCase() === 'https') return
    throw new ConfigError(
      'sslEndpointIdentificationAlgorithm',
      `sslEndpointIdentificationAlgorithm must be 'https', or empty for no check, got ${quoted(algorithm)}`,
    )
  },
}

const keyStores: ConfigRule = {
  text: 'A key store is a file (`sslKeystoreLocation`, with `sslKeystorePassword` unless its type is PEM) or two texts of the type PEM (`sslKeystoreKey` and `sslKeystoreCertificateChain`).',
  settings: [
    'securityProtocol',
    'sslKeystoreType',
    'sslKeystoreLocation',
    'sslKeystorePassword',
    'sslKeyPassword',
    'sslKeystoreKey',
    'sslKeystoreCertificateChain',
  ],
  apply(config) {
    if (!isEncrypted(config)) return
    const { sslKeystoreType: type, sslKeystoreLocation: location, sslKeystorePassword: password } = config
    const { sslKeystoreKey: key, sslKeystoreCertificateChain: chain } = config
    checkType('sslKeystoreType', type)
    const isPem = type === 'PEM'
    if (key !== null || chain !== null) {
      if (key === null)
        refuse('sslKeystoreKey', 'is missing: sslKeystoreCertificateChain needs its private key')
      if (chain === null)
        refuse('sslKeystoreCertificateChain', 'is missing: sslKeystoreKey needs its certificate')
      if (!isPem) refuse('sslKeystoreType', `is '${type}' but must be 'PEM' with sslKeystoreKey`)
      if (location !== null) refuse('sslKeystoreLocation', 'must be left out with sslKeystoreKey')
    }
    if (isPem && password !== null)
      refuse('sslKeystorePassword', "must be left out with sslKeystoreType 'PEM': the key has sslKeyPassword")
    if (location === null && password !== null)
      refuse('sslKeystorePassword', 'is given, but sslKeystoreLocation is missing')
    if (location !== null && !isPem && password === null)
      refuse('sslKeystorePassword', `is missing: sslKeystoreLocation of the type '${type}' needs it`)
  },
}

const trustStores: ConfigRule = {
  text: 'A trust store is a file (`sslTruststoreLocation`, with `sslTruststorePassword` for a check against damage) or a text of the type PEM (`sslTruststoreCertificates`), which has no password.',
  settings: [
    'securityProtocol',
    'sslTruststoreType',
    'sslTruststoreLocation',
    'sslTruststorePassword',
    'sslTruststoreCertificates',
  ],
  apply(config) {
    if (!isEncrypted(config)) return
    const {
      sslTruststoreType: type,
      sslTruststoreLocation: location,
      sslTruststorePassword: password,
    } = config
    checkType('sslTruststoreType', type)
    if (config.sslTruststoreCertificates !== null) {
      if (type !== 'PEM')
        refuse('sslTruststoreType', `is '${type}' but must be 'PEM' with sslTruststoreCertificates`)
      if (location !== null)
        refuse('sslTruststoreLocation', 'must be left out with sslTruststoreCertificates')
    }
    if (type === 'PEM' && password !== null)
      refuse('sslTruststorePassword', "must be left out with sslTruststoreType 'PEM', which has no password")
    if (location === null && password !== null)
      refuse('sslTruststorePassword', 'is given, but sslTruststoreLocation is missing')
  },
}

/** The rules between the settings of TLS, as in Java. */
export const tlsRules: readonly ConfigRule[] = [
  tlsNeedsProtocol,
  oneWayToTls,
  versions,
  cipherSuites,
  endpointIdentification,
  keyStores,
  trustStores,
]

/** As in Java, PEM is in capitals, and the others are in any case. */
function checkType(key: 'sslKeystoreType' | 'sslTruststoreType', type: string): void {
  if (type === 'PEM' || ['JKS', 'PKCS12'].includes(type.toUpperCase())) return
  refuse(key, `must be 'JKS', 'PKCS12' or 'PEM', got ${quoted(shortened(type))}`)
}

function refuse(key: keyof ConfigDraft, reason: string): never {
  throw new ConfigError(key, `${key} ${reason}`)
}
