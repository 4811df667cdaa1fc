import { ProtocolError } from '../../errors.js'
import type { VersionRange } from '../../protocol/api.js'
import type { ApiVersionsResponse } from '../../protocol/api-versions.js'

/** The abilities that a broker named on one connection. */
export interface BrokerVersions {
  /** The versions of each API that the broker knows, by API key. */
  readonly ranges: ReadonlyMap<number, VersionRange>
  /** The features that the whole cluster has agreed on, such as `transaction.version` (KIP-584). */
  readonly finalizedFeatures: ReadonlyMap<string, number>
}

/**
 * The abilities in an ApiVersions response.
 *
 * @throws ProtocolError if the highest version of an API is below the lowest
 */
export function brokerVersions(response: ApiVersionsResponse): BrokerVersions {
  const ranges = new Map<number, VersionRange>()
  for (const { apiKey, minVersion, maxVersion } of response.apiKeys) {
    if (minVersion > maxVersion)
      throw new ProtocolError(`API key ${apiKey} in versions from ${minVersion} to ${maxVersion}`)
    ranges.set(apiKey, [minVersion, maxVersion])
  }
  const finalizedFeatures = new Map<string, number>()
  for (const { name, maxVersionLevel } of response.finalizedFeatures)
    finalizedFeatures.set(name, maxVersionLevel)
  return { ranges, finalizedFeatures }
}
