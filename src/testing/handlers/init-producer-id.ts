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
      const maxTimeoutMs = context.cluster.config.number('transaction.max.timeout.ms')
      const errorCode = faultOr(context, exchange, null, () => refusal(request, maxTimeoutMs))
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

/** Kafka's order. With a transactional id it is answered as by a broker that coordinates none. */
function refusal(request: InitProducerIdRequest, maxTimeoutMs: number): number {
  const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request
  const halfGiven = (producerId === -1n) !== (producerEpoch === -1)
  if (halfGiven || transactionalId === '') return ErrorCode.INVALID_REQUEST
  if (transactionalId === null) return ErrorCode.NONE
  if (transactionTimeoutMs <= 0 || transactionTimeoutMs > maxTimeoutMs)
    return ErrorCode.INVALID_TRANSACTION_TIMEOUT
  return ErrorCode.NOT_COORDINATOR
}
