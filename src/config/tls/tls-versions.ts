import type { TlsVersion } from '../../environment/secure-context.js'
import { quoted, words } from '../words.js'

const VERSIONS: readonly TlsVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']
/** The versions of a client that names none. */
const USUAL: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

/** The versions of TLS that a client offers. There is no gap between them. */
export interface TlsRange {
  readonly minVersion: TlsVersion
  readonly maxVersion: TlsVersion
}

/**
 * The range of versions that Java's two settings mean. `protocol` is the newest version, and `TLS` sets no
 * limit. An empty list means the usual versions.
 *
 * @returns the reason, as the end of a sentence that begins with the key, if a list or a name has no meaning
 */
export function tlsRange(protocol: string, enabled: readonly string[]): TlsRange | TlsVersionProblem {
  const newest = protocol === 'TLS' ? 'TLSv1.3' : VERSIONS.find((version) => version === protocol)
  const names = words(VERSIONS.map(quoted), 'or')
  if (newest === undefined) return problem('sslProtocol', `must be 'TLS', ${names}, got ${quoted(protocol)}`)
  const unknown = enabled.find((name) => !VERSIONS.some((version) => version === name))
  if (unknown !== undefined)
    return problem('sslEnabledProtocols', `has ${quoted(unknown)}: it takes ${names}`)
  const duplicate = enabled.find((name, at) => enabled.indexOf(name) !== at)
  if (duplicate !== undefined) return problem('sslEnabledProtocols', `has ${quoted(duplicate)} twice`)
  const listed = VERSIONS.filter((version) => (enabled.length === 0 ? USUAL : enabled).includes(version))
  const offered = listed.filter((version) => VERSIONS.indexOf(version) <= VERSIONS.indexOf(newest))
  const [minVersion] = offered
  const maxVersion = offered.at(-1)
  if (minVersion === undefined || maxVersion === undefined)
    return problem(
      'sslEnabledProtocols',
      `has only versions above sslProtocol, which is ${quoted(protocol)} and the newest one to offer`,
    )
  const missing = VERSIONS.slice(VERSIONS.indexOf(minVersion), VERSIONS.indexOf(maxVersion)).find(
    (version) => !offered.includes(version),
  )
  if (missing !== undefined)
    return problem('sslEnabledProtocols', `leaves out ${quoted(missing)}: the versions must be without a gap`)
  return { minVersion, maxVersion }
}

/** A setting of versions that cannot be used, and why. */
export interface TlsVersionProblem {
  readonly key: 'sslProtocol' | 'sslEnabledProtocols'
  readonly reason: string
}

function problem(key: TlsVersionProblem['key'], reason: string): TlsVersionProblem {
  return { key, reason }
}
