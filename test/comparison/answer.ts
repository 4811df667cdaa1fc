import type { DeleteRecordsResponse } from '../../src/protocol/delete-records.js'
import type { InitProducerIdResponse } from '../../src/protocol/init-producer-id.js'
import type { ProduceResponse } from '../../src/protocol/produce.js'

/**
 * What a broker answered, with everything left out in which two clusters may differ: their clocks, their ids,
 * the texts of messages.
 */
export type Answer = Readonly<Record<string, unknown>>

/** Before any time that scripts give, and long before any run. */
const LONG_AGO = 1_700_000_000_001n

export function produceAnswer(response: ProduceResponse, appendTime: boolean): Answer {
  const results = response.topics.flatMap(({ partitions }) =>
    partitions.map((result) => ({
      errorCode: result.errorCode,
      baseOffset: result.baseOffset,
      logAppendTime: appendTime && result.logAppendTimeMs > LONG_AGO ? 'now' : result.logAppendTimeMs,
      logStartOffset: result.logStartOffset,
      recordErrors: result.recordErrors.map(({ batchIndex, message }) => [batchIndex, message !== null]),
      hasMessage: result.errorMessage !== null,
      currentLeader: result.currentLeader !== null,
    })),
  )
  return { results, throttled: response.throttleTimeMs > 0, endpoints: response.nodeEndpoints.length }
}

export function initProducerIdAnswer(
  response: InitProducerIdResponse,
  hasBeenGiven: (id: bigint) => boolean,
): Answer {
  const { errorCode, producerId, producerEpoch, throttleTimeMs } = response
  const id = producerId < 0n ? String(producerId) : hasBeenGiven(producerId) ? 'given before' : 'new'
  return { errorCode, id, producerEpoch, throttled: throttleTimeMs > 0 }
}

export function deleteRecordsAnswer(response: DeleteRecordsResponse): Answer {
  return {
    results: response.topics.flatMap(({ partitions }) =>
      partitions.map(({ lowWatermark, errorCode }) => ({ lowWatermark, errorCode })),
    ),
  }
}

/** The error codes of all results; none where there was no answer. */
export function errorCodesOf({ errorCode, results }: Answer): number[] {
  if (typeof errorCode === 'number') return [errorCode]
  return Array.isArray(results) ? results.map((result: { errorCode: number }) => result.errorCode) : []
}
