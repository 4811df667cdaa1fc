import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED } from '../../protocol/authorized-operations.js'
import {
  BROKER_ENDPOINTS,
  DescribeCluster,
  type DescribeClusterRequest,
  type DescribeClusterResponse,
} from '../../protocol/describe-cluster.js'
import {
  BROKER_RESOURCE,
  DescribeConfigs,
  type DescribeConfigsRequest,
  type DescribeConfigsResource,
  type DescribeConfigsResponse,
  TOPIC_RESOURCE,
} from '../../protocol/describe-configs.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import type { ShownSetting } from '../cluster-config.js'
import type { ClusterState } from '../cluster-state.js'
import { describedConfig } from '../config-view.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

export function describeConfigsHandler(
  context: HandlerContext,
): Handler<DescribeConfigsRequest, DescribeConfigsResponse> {
  const { cluster } = context
  const settingsOf = (
    { resourceType, resourceName }: DescribeConfigsResource,
    nodeId: number,
  ): readonly ShownSetting[] | number => {
    if (resourceType === TOPIC_RESOURCE) {
      return cluster.topics.named(resourceName)?.config.shown() ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    }
    if (resourceType !== BROKER_RESOURCE) return ErrorCode.INVALID_REQUEST
    if (resourceName === '') return cluster.config.shown()
    // As in Kafka, a broker knows its own settings only.
    if (resourceName !== String(nodeId)) return ErrorCode.INVALID_REQUEST
    return [...cluster.config.shown(), advertisedListeners(cluster, nodeId)]
  }
  return {
    api: DescribeConfigs,
    parts: (request) =>
      request.resources
        .filter(({ resourceType }) => resourceType === TOPIC_RESOURCE)
        .map(({ resourceName }) => ({ topic: resourceName, partition: null })),
    handle(request, exchange, answer) {
      const results = request.resources.map((resource) => {
        const { resourceType, resourceName, configurationKeys } = resource
        const settings = settingsOf(resource, exchange.nodeId)
        const part = resourceType === TOPIC_RESOURCE ? { topic: resourceName, partition: null } : null
        const errorCode = faultOr(context, exchange, part, () =>
          typeof settings === 'number' ? settings : ErrorCode.NONE,
        )
        const shown = errorCode !== ErrorCode.NONE || typeof settings === 'number' ? [] : settings
        const wanted = shown.filter(({ name }) => configurationKeys?.includes(name) ?? true)
        return {
          errorCode,
          errorMessage: null,
          resourceType,
          resourceName,
          configs: wanted.map(describedConfig),
        }
      })
      answer({ throttleTimeMs: exchange.throttleTimeMs, results })
    },
  }
}

/** The address in metadata. The one listener of a broker is called EXTERNAL here. */
function advertisedListeners(cluster: ClusterState, nodeId: number): ShownSetting {
  const { host = '', port = 0 } = cluster.nodes.get(nodeId) ?? {}
  const address = host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
  return { name: 'advertised.listeners', value: `EXTERNAL://${address}`, type: 'string', source: 'broker' }
}

export function describeClusterHandler(
  context: HandlerContext,
): Handler<DescribeClusterRequest, DescribeClusterResponse> {
  const { cluster } = context
  return {
    api: DescribeCluster,
    parts: noParts,
    handle(request, exchange, answer) {
      const errorCode = faultOr(context, exchange, null, () =>
        request.endpointType === BROKER_ENDPOINTS ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST,
      )
      answer({
        throttleTimeMs: exchange.throttleTimeMs,
        errorCode,
        errorMessage: null,
        endpointType: request.endpointType,
        clusterId: cluster.clusterId,
        controllerId: cluster.controllerId,
        brokers: cluster
          .upNodes()
          .map(({ id, host, port }) => ({ brokerId: id, host, port, rack: null, isFenced: false })),
        clusterAuthorizedOperations: request.includeClusterAuthorizedOperations
          ? CLUSTER_OPERATIONS & ~context.interceptors.deniedOperations(exchange, null)
          : OPERATIONS_NOT_ASKED,
      })
    },
  }
}
