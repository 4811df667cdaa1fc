import {
  InitProducerId,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from '../../protocol/init-producer-id.js'
import { ErrorCode } from '../error-code.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/**
 * Producers without a transactional id always get a new id with epoch 0, whatever id they name: Kafka leaves the next epoch of an
 * idempotent producer to the producer itself. Transactional ids are not served yet.
 */
export function initProducerIdHandler(
  context: HandlerContext,
): Handler<InitProducerIdRequest, InitProducerIdResponse> {
  return {
    api: InitProducerId,
    parts: noParts,
    handle(request, exchange, answer) {
      const errorCode = faultOr(context, exchange, null, () => refusal(request))
      const failed = errorCode !== 0
      answer({
        throttleTimeMs: exchange.throttleTimeMs,
        errorCode,
        producerId: failed ? -1n : context.cluster.newProducerId(),
        producerEpoch: failed ? -1 : context.cluster.firstProducerEpoch,
      })
    },
  }
}

function refusal({ transactionalId, producerId, producerEpoch }: InitProducerIdRequest): number {
  const halfGiven = (producerId === -1n) !== (producerEpoch === -1)
  if (halfGiven || transactionalId === '') return ErrorCode.INVALID_REQUEST
  return transactionalId === null ? 0 : ErrorCode.COORDINATOR_NOT_AVAILABLE
}
