import type { ApiIdentity, VersionRange } from '../../src/protocol/api.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import type { ComparedCluster } from './cluster-under-comparison.js'
import { Line } from './line.js'

/** The versions of each API that we and both clusters know. */
export class CommonVersions {
  readonly ranges: readonly ReadonlyMap<number, VersionRange>[]

  static async of(...clusters: readonly ComparedCluster[]): Promise<CommonVersions> {
    return new CommonVersions(await Promise.all(clusters.map(advertised)))
  }

  constructor(ranges: readonly ReadonlyMap<number, VersionRange>[]) {
    this.ranges = ranges
  }

  /** The one that is wanted, or the nearest to it that there is. */
  nearest({ key, name, versions }: ApiIdentity, wanted: number): number {
    const ranges = [versions, ...this.ranges.map((range) => range.get(key) ?? NONE)]
    const lowest = Math.max(...ranges.map(([min]) => min))
    const highest = Math.min(...ranges.map(([, max]) => max))
    if (lowest > highest) throw new Error(`no common version of ${name}`)
    return Math.min(Math.max(wanted, lowest), highest)
  }
}

const NONE: VersionRange = [0, -1]

async function advertised({ bootstrapServers }: ComparedCluster): Promise<Map<number, VersionRange>> {
  const line = new Line(bootstrapServers)
  const { apiKeys } = await line.need(ApiVersions, 0, {
    clientSoftwareName: '',
    clientSoftwareVersion: '',
    clusterId: null,
    nodeId: -1,
  })
  await line.close()
  return new Map(apiKeys.map(({ apiKey, minVersion, maxVersion }) => [apiKey, [minVersion, maxVersion]]))
}
