import {
  DELETE_TO_HIGH_WATERMARK,
  DeleteRecords,
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
} from '../../protocol/delete-records.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { faultOr, type Handler, type HandlerContext } from '../handler.js'
import { leadershipError } from '../leadership.js'

export function deleteRecordsHandler(
  context: HandlerContext,
): Handler<DeleteRecordsRequest, DeleteRecordsResponse> {
  const { cluster } = context
  return {
    api: DeleteRecords,
    parts: (request) =>
      request.topics.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex }) => ({ topic: name, partition: partitionIndex })),
      ),
    handle(request, exchange, answer) {
      const topics = request.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }) => {
          const topic = cluster.topics.named(name)
          const partition = topic?.partitions[partitionIndex]
          const errorCode = faultOr(context, exchange, { topic: name, partition: partitionIndex }, () => {
            const wrongPlace = leadershipError(partition, exchange.nodeId, -1)
            if (wrongPlace !== 0 || partition === undefined) return wrongPlace
            const { log } = partition
            if (topic?.config.compactedOnly === true) return ErrorCode.POLICY_VIOLATION
            const before = offset === DELETE_TO_HIGH_WATERMARK ? log.endOffset : Number(offset)
            if (before < 0 || before > log.endOffset) return ErrorCode.OFFSET_OUT_OF_RANGE
            log.deleteBefore(before)
            return ErrorCode.NONE
          })
          const lowWatermark = errorCode === ErrorCode.NONE ? (partition?.log.startOffset ?? -1) : -1
          return { partitionIndex, lowWatermark: BigInt(lowWatermark), errorCode }
        }),
      }))
      answer({ throttleTimeMs: exchange.throttleTimeMs, topics })
    },
  }
}
