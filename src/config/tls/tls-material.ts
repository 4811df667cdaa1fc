import type { X509Certificate } from 'node:crypto'
import type { KeyEntry } from '../../certificates/store.js'
import { secureContext, type TlsContext } from '../../environment/secure-context.js'
import type { SecureSettings } from '../../environment/socket.js'
import { ConfigError } from '../../errors.js'
import type { TlsRange } from './tls-versions.js'

/** The certificates and the key of a client, read and checked. */
export interface TlsMaterial {
  /** The trusted authorities; undefined for those of the runtime. */
  readonly ca: readonly X509Certificate[] | undefined
  /** The certificate that the client shows; undefined for none. */
  readonly identity: KeyEntry | undefined
}

/**
 * The settings for connections. OpenSSL checks them here, at the construction of the client, and not at the
 * first connection.
 *
 * @param key the setting that an error names: that of the certificate, if there is one
 * @throws ConfigError if OpenSSL refuses them
 */
export function secureSettings(
  { ca, identity }: TlsMaterial,
  limits: TlsRange & Pick<TlsContext, 'ciphers'>,
  checks: Pick<SecureSettings, 'verifiesAuthority' | 'identity'>,
  key: string,
): SecureSettings {
  const context: TlsContext = {
    ca: ca?.map(String),
    identity: identity && {
      key: identity.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      chain: identity.chain.map(String).join(''),
    },
    minVersion: limits.minVersion,
    maxVersion: limits.maxVersion,
    ciphers: limits.ciphers,
  }
  try {
    secureContext(context)
  } catch (error) {
    // OpenSSL's text has no part of a key.
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(key, `OpenSSL refuses ${key}: ${reason}`)
  }
  return { context, ...checks }
}

/** Why a certificate of the client cannot be used at this time; null if it can. */
export function expiryProblem({ chain }: KeyEntry, nowMs: number): string | null {
  const [own] = chain
  if (own === undefined) return null
  const { validFrom, validTo } = own
  if (Date.parse(validTo) < nowMs) return `the client's certificate has expired: it was valid to ${validTo}`
  return Date.parse(validFrom) > nowMs
    ? `the client's certificate is not valid yet: it is valid from ${validFrom}`
    : null
}
