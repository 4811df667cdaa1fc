import type { Codec } from '../../environment/codecs.js'
import type { RequestOptions } from '../../network/broker/broker.js'
import type {
  ProducePartition,
  ProducePartitionResult,
  ProduceRequest,
  ProduceResponse,
  ProduceTopic,
} from '../../protocol/produce.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import type { DrainedBatch } from '../accumulator/partition.js'

/** The last version that names topics. Later ones identify them by id only. */
const LAST_VERSION_WITH_NAMES = 12

export interface ProduceExchangeOptions {
  /** 0, 1, or -1 for all in-sync replicas. */
  readonly acks: number
  readonly requestTimeoutMs: number
  /** Null without transactions. */
  readonly transactionalId: string | null
  /** The codec of all batches. */
  readonly codec: Codec
}

/**
 * One Produce request, which finds the result of each of its batches in the response. Topic ids are those at
 * the time of sending. So a topic that is created anew meanwhile does not get the results of the old one.
 */
export class ProduceExchange {
  readonly batches: readonly DrainedBatch[]
  readonly request: ProduceRequest
  readonly requestOptions: RequestOptions

  constructor(batches: readonly DrainedBatch[], options: ProduceExchangeOptions) {
    this.batches = batches
    const topics = new Map<string, ProduceTopic & { readonly partitions: ProducePartition[] }>()
    let allHaveIds = true
    for (const { partition, batch } of batches) {
      const { name, metadata } = partition.topic
      let topic = topics.get(name)
      if (topic === undefined) {
        const topicId = metadata?.topicId ?? ZERO_UUID
        if (topicId === ZERO_UUID) allHaveIds = false
        topic = { name, topicId, partitions: [] }
        topics.set(name, topic)
      }
      const records = batch.state.kind === 'in flight' ? batch.state.wire : null
      topic.partitions.push({ index: partition.index, records })
    }
    const { acks, requestTimeoutMs, transactionalId, codec } = options
    this.request = { transactionalId, acks, timeoutMs: requestTimeoutMs, topics: [...topics.values()] }
    this.requestOptions = {
      atLeast: codec.produceVersion,
      ...(!allHaveIds && { atMost: LAST_VERSION_WITH_NAMES }),
    }
  }

  /**
   * The result of each batch, in the order of the request; undefined if the broker left it out. Of several
   * results for a partition the first counts. Results for other partitions are ignored.
   */
  match(response: ProduceResponse): (ProducePartitionResult | undefined)[] {
    const names = new Map(this.request.topics.map((topic) => [topic.topicId, topic.name]))
    const results = new Map<string | undefined, Map<number, ProducePartitionResult>>()
    for (const topic of response.topics) {
      const name = topic.name !== '' ? topic.name : names.get(topic.topicId)
      const known = results.get(name) ?? new Map<number, ProducePartitionResult>()
      results.set(name, known)
      for (const result of topic.partitions) if (!known.has(result.index)) known.set(result.index, result)
    }
    return this.batches.map(({ partition }) => results.get(partition.topic.name)?.get(partition.index))
  }

  /** The number of results in the response that `match` did not use. */
  unasked(response: ProduceResponse, matched: readonly (ProducePartitionResult | undefined)[]): number {
    let count = 0
    for (const { partitions } of response.topics) count += partitions.length
    for (const result of matched) if (result !== undefined) count--
    return count
  }
}
