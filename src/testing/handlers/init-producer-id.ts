import { ErrorCode } from '../../protocol/error-codes.js'
import {
  InitProducerId,
  type InitProducerIdRequest,
  type InitProducerIdResponse,
} from '../../protocol/init-producer-id.js'
import { faultOr, type Handler, type HandlerContext, noParts } from '../handler.js'

/**
 * A producer without a transactional id always gets a new producer id with epoch 0, even if its request has
 * an id. In Kafka an idempotent producer raises its epoch itself. Transactional ids are not served yet.
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
      const failed = errorCode !== ErrorCode.NONE
      answer({
        throttleTimeMs: exchange.throttleTimeMs,
        errorCode,
        producerId: failed ? -1n : context.cluster.newProducerId(),
        producerEpoch: failed ? -1 : context.cluster.firstProducerEpoch,
      })
    },
  }
}

/**
 * The error code of a refusal, with Kafka's checks in Kafka's order. For a transactional id it is that of a
 * broker that is not the coordinator.
 */
function refusal(request: InitProducerIdRequest, maxTimeoutMs: number): number {
  const { transactionalId, transactionTimeoutMs, producerId, producerEpoch } = request
  const halfGiven = (producerId === -1n) !== (producerEpoch === -1)
  if (halfGiven || transactionalId === '') return ErrorCode.INVALID_REQUEST
  if (transactionalId === null) return ErrorCode.NONE
  if (transactionTimeoutMs <= 0 || transactionTimeoutMs > maxTimeoutMs)
    return ErrorCode.INVALID_TRANSACTION_TIMEOUT
  return ErrorCode.NOT_COORDINATOR
}
