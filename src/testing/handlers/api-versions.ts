import {
  type ApiVersionRange,
  ApiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
} from '../../protocol/api-versions.js'
import { ErrorCode } from '../error-code.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/** What Kafka lets a client call itself (KIP-511). */
const SOFTWARE_NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/

/** `ranges` gives what a client is told of each API, at the moment it asks. */
export function apiVersionsHandler(
  context: HandlerContext,
  ranges: () => readonly ApiVersionRange[],
): Handler<ApiVersionsRequest, ApiVersionsResponse> {
  return {
    api: ApiVersions,
    parts: noParts,
    handle(request, exchange, answer) {
      const errorCode = faultOr(context, exchange, null, () => {
        const { clientSoftwareName: name, clientSoftwareVersion: version } = request
        if (exchange.apiVersion < 3 || (SOFTWARE_NAME.test(name) && SOFTWARE_NAME.test(version))) return 0
        return ErrorCode.INVALID_REQUEST
      })
      answer(apiVersionsResponse(errorCode, errorCode === 0 ? ranges() : [], exchange.throttleTimeMs))
    },
  }
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
