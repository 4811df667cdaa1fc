import type { VersionRange } from '../../protocol/api.js'
import { ApiVersions } from '../../protocol/api-versions.js'
import { Fetch } from '../../protocol/fetch.js'
import { Metadata } from '../../protocol/metadata.js'
import { Produce } from '../../protocol/produce.js'

/** The first release of Kafka that knows a version of an API, the newest first. */
const firsts: readonly (readonly [apiKey: number, version: number, release: string])[] = [
  [ApiVersions.key, 5, '4.4 or later'],
  [Produce.key, 13, '4.1 to 4.3'],
  [Metadata.key, 13, '4.0'],
  [Fetch.key, 17, '3.9'],
  [Fetch.key, 16, '3.7 or 3.8'],
  [Fetch.key, 15, '3.5 or 3.6'],
]

/**
 * The releases of Kafka that know just these requests. A broker does not tell its own release, and other
 * products know the same requests.
 */
export function kafkaRelease(ranges: ReadonlyMap<number, VersionRange>): string {
  const known = firsts.find(([apiKey, version]) => (ranges.get(apiKey)?.[1] ?? -1) >= version)
  return known?.[2] ?? 'before 3.5'
}
