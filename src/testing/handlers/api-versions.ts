import {
  type ApiVersionRange,
  ApiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
} from '../../protocol/api-versions.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/** The client software names and versions that Kafka accepts (KIP-511). */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** `ranges` returns the currently advertised versions. */
export function apiVersionsHandler(
  context: HandlerContext,
  ranges: () => readonly ApiVersionRange[],
): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: ApiVersions,
    parts: noParts,
    handle(request, exchange, answer, login) {
      const errorCode = faultOr(context, exchange, null, () => {
        if (!isValid(request, exchange.apiVersion)) return ErrorCode.INVALID_REQUEST
        return isExpected(request, exchange.nodeId, context.cluster.clusterId)
          ? ErrorCode.NONE
          : ErrorCode.REBOOTSTRAP_REQUIRED
      })
      if (errorCode === ErrorCode.NONE) login.versionsGiven()
      answer(
        apiVersionsResponse(errorCode, errorCode === ErrorCode.NONE ? ranges() : [], exchange.throttleTimeMs),
      )
    },
  }
}

/** As ApiVersionsRequest.isValid in Kafka. Before v5 a request has neither cluster id nor node id. */
function isValid(request: ApiVersionsRequest, version: number): boolean {
  if ((request.clusterId === null) !== (request.nodeId === -1)) return false
  if (version < 3) return true
  return SOFTWARE_NAME.test(request.clientSoftwareName) && SOFTWARE_NAME.test(request.clientSoftwareVersion)
}

/** Whether the client expects this broker, or no broker in particular (KIP-1242). */
function isExpected(request: ApiVersionsRequest, nodeId: number, clusterId: string): boolean {
  return request.clusterId === null || (request.clusterId === clusterId && request.nodeId === nodeId)
}

export function apiVersionsResponse(
  errorCode: number,
  apiKeys: readonly ApiVersionRange[],
  throttleTimeMs: number,
): ApiVersionsResponse {
  return {
    errorCode,
    apiKeys,
    throttleTimeMs,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1n,
    finalizedFeatures: [],
    zkMigrationReady: false,
  }
}
