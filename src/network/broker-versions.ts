import { ProtocolError } from '../errors.js'
import type { VersionRange } from '../protocol/api.js'
import type { ApiVersionsResponse } from '../protocol/api-versions.js'

/** What a broker said, on one connection, that it can do. */
export interface BrokerVersions {
  /** By API key. */
  readonly ranges: ReadonlyMap<number, VersionRange>
  /** What the whole cluster has agreed on, such as `transaction.version` (KIP-584). */
  readonly finalizedFeatures: ReadonlyMap<string, number>
}

/** @throws ProtocolError if a range is no range */
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
