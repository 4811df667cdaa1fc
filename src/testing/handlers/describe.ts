import { OPERATIONS_NOT_ASKED } from '../../protocol/authorized-operations.js'
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
import type { ShownSetting } from '../cluster-config.js'
import { describedConfig } from '../config-view.js'
import { ErrorCode } from '../error-code.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

export function describeConfigsHandler(
  context: HandlerContext,
): Handler<DescribeConfigsRequest, DescribeConfigsResponse> {
  const { cluster } = context
  const settingsOf = ({ resourceType, resourceName }: DescribeConfigsResource): ShownSetting[] | number => {
    if (resourceType === TOPIC_RESOURCE) {
      return cluster.topics.named(resourceName)?.config.shown() ?? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    }
    if (resourceType !== BROKER_RESOURCE) return ErrorCode.INVALID_REQUEST
    const known = resourceName === '' || cluster.nodes.has(Number(resourceName))
    return known ? cluster.config.shown() : ErrorCode.INVALID_REQUEST
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
        const settings = settingsOf(resource)
        const part = resourceType === TOPIC_RESOURCE ? { topic: resourceName, partition: null } : null
        const errorCode = faultOr(context, exchange, part, () =>
          typeof settings === 'number' ? settings : ErrorCode.NONE,
        )
        const shown = errorCode !== 0 || typeof settings === 'number' ? [] : settings
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
        clusterAuthorizedOperations: OPERATIONS_NOT_ASKED,
      })
    },
  }
}
