import type { VersionRange } from '../protocol/api.js'
import type { ApiVersionRange } from '../protocol/api-versions.js'
import type { ClusterState } from './cluster-state.js'
import { type HandlerContext, type ServedApi, serve } from './handler.js'
import { apiVersionsHandler } from './handlers/api-versions.js'
import { deleteRecordsHandler } from './handlers/delete-records.js'
import { describeClusterHandler, describeConfigsHandler } from './handlers/describe.js'
import { fetchHandler } from './handlers/fetch.js'
import { findCoordinatorHandler } from './handlers/find-coordinator.js'
import { initProducerIdHandler } from './handlers/init-producer-id.js'
import { listOffsetsHandler } from './handlers/list-offsets.js'
import { metadataHandler } from './handlers/metadata.js'
import { produceHandler } from './handlers/produce.js'
import { saslAuthenticateHandler, saslHandshakeHandler } from './handlers/sasl.js'
import { createPartitionsHandler, createTopicsHandler, deleteTopicsHandler } from './handlers/topics.js'

/** The APIs that the embedded cluster serves, by Kafka's names. */
export type ApiName =
  | 'Produce'
  | 'Fetch'
  | 'ListOffsets'
  | 'Metadata'
  | 'FindCoordinator'
  | 'SaslHandshake'
  | 'ApiVersions'
  | 'CreateTopics'
  | 'DeleteTopics'
  | 'DeleteRecords'
  | 'InitProducerId'
  | 'DescribeConfigs'
  | 'SaslAuthenticate'
  | 'CreatePartitions'
  | 'DescribeCluster'

/** All APIs of a cluster, by API key. */
export function servedApis(context: HandlerContext): ReadonlyMap<number, ServedApi> {
  const apis: ServedApi[] = [
    serve(produceHandler(context)),
    serve(fetchHandler(context)),
    serve(listOffsetsHandler(context)),
    serve(metadataHandler(context)),
    serve(findCoordinatorHandler(context)),
    serve(saslHandshakeHandler(context)),
    serve(apiVersionsHandler(context, () => advertisedVersions(apis, context.cluster))),
    serve(createTopicsHandler(context)),
    serve(deleteTopicsHandler(context)),
    serve(deleteRecordsHandler(context)),
    serve(initProducerIdHandler(context)),
    serve(describeConfigsHandler(context)),
    serve(saslAuthenticateHandler(context)),
    serve(createPartitionsHandler(context)),
    serve(describeClusterHandler(context)),
  ]
  return new Map(apis.map((api) => [api.key, api]))
}

/** The versions that are handled: all known versions within the limit, if there is one. */
export function servedVersions({ key, versions }: ServedApi, cluster: ClusterState): VersionRange {
  const limit = cluster.versionLimits.get(key)
  return limit === undefined ? versions : [Math.max(versions[0], limit[0]), Math.min(versions[1], limit[1])]
}

/** The advertised versions, in the order of the API keys. */
export function advertisedVersions(apis: Iterable<ServedApi>, cluster: ClusterState): ApiVersionRange[] {
  const ranges = [...apis].map(({ key, advertised }) => {
    const [minVersion, maxVersion] = cluster.versionLimits.get(key) ?? advertised
    return { apiKey: key, minVersion, maxVersion }
  })
  // An API with an empty range is one that the broker does not have.
  return ranges
    .filter(({ minVersion, maxVersion }) => minVersion <= maxVersion)
    .sort((a, b) => a.apiKey - b.apiKey)
}
