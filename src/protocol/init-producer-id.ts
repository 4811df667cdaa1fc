import type { Api } from './api.js'

export interface InitProducerIdRequest {
  /** Null for a producer that is only idempotent. */
  readonly transactionalId: string | null
  /** How long the coordinator leaves a transaction open, in milliseconds; 1 or more. */
  readonly transactionTimeoutMs: number
  /** v3: the id that the producer keeps under a higher epoch (KIP-360); -1 for none. */
  readonly producerId: bigint
  /** v3; -1 for none. */
  readonly producerEpoch: number
}

export interface InitProducerIdResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  /** -1 in a response with an error code. */
  readonly producerId: bigint
  readonly producerEpoch: number
}

/**
 * v2 flexible; v3 the id and epoch in use (KIP-360); v4 PRODUCER_FENCED instead of INVALID_PRODUCER_EPOCH
 * (KIP-588); v5 TRANSACTION_ABORTABLE (KIP-890). v6 is not stable yet and left out.
 * https://kafka.apache.org/protocol#The_Messages_InitProducerId
 */
export const InitProducerId: Api<InitProducerIdRequest, InitProducerIdResponse> = {
  key: 22,
  name: 'InitProducerId',
  versions: [0, 5],
  flexibleFrom: 2,
  writeRequest(w, request) {
    w.nullableString(request.transactionalId)
    w.int32(request.transactionTimeoutMs)
    if (w.version >= 3) {
      w.int64(request.producerId)
      w.int16(request.producerEpoch)
    }
    w.tags()
  },
  readRequest(r) {
    const transactionalId = r.nullableString()
    const transactionTimeoutMs = r.int32()
    const producerId = r.version >= 3 ? r.int64() : -1n
    const producerEpoch = r.version >= 3 ? r.int16() : -1
    r.tags()
    return { transactionalId, transactionTimeoutMs, producerId, producerEpoch }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.int16(response.errorCode)
    w.int64(response.producerId)
    w.int16(response.producerEpoch)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const errorCode = r.int16()
    const producerId = r.int64()
    const producerEpoch = r.int16()
    r.tags()
    return { throttleTimeMs, errorCode, producerId, producerEpoch }
  },
}
