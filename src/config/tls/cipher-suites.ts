import { isCipherSuite } from '../../environment/secure-context.js'
import { quoted, shortened } from '../words.js'
import type { TlsRange } from './tls-versions.js'

/** The cipher suites to offer, and the versions of TLS that are left with them. */
export interface OfferedCiphers {
  /** OpenSSL's names; undefined for those of the runtime. */
  readonly ciphers: readonly string[] | undefined
  readonly range: TlsRange
}

/**
 * Java's list of cipher suites in OpenSSL's terms. An empty list restricts nothing.
 *
 * Java's list restricts TLS 1.2 and 1.3 together. OpenSSL leaves the suites of TLS 1.3 as they are if the
 * list has none of them. So the range of versions is narrowed to those that have a suite in the list.
 *
 * @returns a string with the reason, as the end of a sentence, if a name is unknown or no version is left
 */
export function offeredCiphers(names: readonly string[], range: TlsRange): OfferedCiphers | string {
  if (names.length === 0) return { ciphers: undefined, range }
  const ciphers: string[] = []
  for (const name of names) {
    const translated = openSslName(name)
    if (translated === null || !isCipherSuite(translated))
      return `has ${quoted(shortened(name))}, which is no cipher suite of this runtime: it takes Java's names, such as 'TLS_AES_256_GCM_SHA384'`
    ciphers.push(translated)
  }
  const isOfTls13 = ciphers.map((name) => name.startsWith('TLS_'))
  const { minVersion, maxVersion } = range
  const narrowed: TlsRange = {
    minVersion: isOfTls13.includes(false) ? minVersion : 'TLSv1.3',
    maxVersion: isOfTls13.includes(true) || maxVersion !== 'TLSv1.3' ? maxVersion : 'TLSv1.2',
  }
  if (narrowed.minVersion <= narrowed.maxVersion) return { ciphers, range: narrowed }
  return `has no cipher suite for the versions of TLS that are offered, ${minVersion} to ${maxVersion}`
}

/** OpenSSL's name of a cipher suite that Java and IANA call `name`; null if it has none. */
export function openSslName(name: string): string | null {
  if (!name.startsWith('TLS_')) return null
  if (name.startsWith('TLS_AES_') || name.startsWith('TLS_CHACHA20_')) return name
  const withoutPrefix = name.slice('TLS_'.length)
  const parts = withoutPrefix.startsWith('RSA_WITH_')
    ? withoutPrefix.slice('RSA_WITH_'.length)
    : withoutPrefix
  return parts
    .replace('_WITH_', '-')
    .replace('AES_', 'AES')
    .replace('ARIA_', 'ARIA')
    .replace('CAMELLIA_', 'CAMELLIA')
    .replace('_CBC', '')
    .replace('CHACHA20_POLY1305_SHA256', 'CHACHA20_POLY1305')
    .replaceAll('_', '-')
}
