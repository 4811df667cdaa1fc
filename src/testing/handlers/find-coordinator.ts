import {
  FindCoordinator,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  GROUP_COORDINATOR,
} from '../../protocol/find-coordinator.js'
import { ErrorCode } from '../error-code.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/** The first broker that is up coordinates every group. Groups themselves are not kept: readers assign themselves partitions. */
export function findCoordinatorHandler(
  context: HandlerContext,
): Handler<FindCoordinatorRequest, FindCoordinatorResponse> {
  const { cluster } = context
  return {
    api: FindCoordinator,
    parts: noParts,
    handle(request, exchange, answer) {
      const errorCode = faultOr(context, exchange, null, () =>
        request.keyType === GROUP_COORDINATOR ? 0 : ErrorCode.COORDINATOR_NOT_AVAILABLE,
      )
      const node = errorCode === 0 ? cluster.upNodes()[0] : undefined
      const place = {
        nodeId: node?.id ?? -1,
        host: node?.host ?? '',
        port: node?.port ?? -1,
        errorCode,
        errorMessage: null,
      }
      const coordinators = request.coordinatorKeys.map((key) => ({ key, ...place }))
      answer({ throttleTimeMs: exchange.throttleTimeMs, ...place, coordinators })
    },
  }
}
