import { ErrorCode } from '../../protocol/error-codes.js'
import {
  FindCoordinator,
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  GROUP_COORDINATOR,
} from '../../protocol/find-coordinator.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/**
 * The first broker that is up is the coordinator of every group. There are no groups: readers assign
 * partitions to themselves.
 */
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
      const node = errorCode === ErrorCode.NONE ? cluster.upNodes()[0] : undefined
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
