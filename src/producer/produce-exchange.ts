import type { RequestOptions } from '../network/broker-node.js'
import type {
  ProducePartition,
  ProducePartitionResult,
  ProduceRequest,
  ProduceResponse,
  ProduceTopic,
} from '../protocol/produce.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

/** A batch and whose it is. */
export interface DrainedBatch {
  readonly partition: Partition
  readonly batch: Batch
}

/** The last version that names topics; from the next one on they are known by id alone. */
const LAST_VERSION_WITH_NAMES = 12

/**
 * One Produce request, and which of its batches each part of the response is about. Topic ids are those of the moment of sending: a
 * topic that is made anew meanwhile does not get the answers of the old one.
 */
export class ProduceExchange {
  readonly batches: readonly DrainedBatch[]
  readonly request: ProduceRequest
  readonly requestOptions: RequestOptions

  constructor(batches: readonly DrainedBatch[], acks: number, timeoutMs: number) {
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
    this.request = { transactionalId: null, acks, timeoutMs, topics: [...topics.values()] }
    this.requestOptions = allHaveIds ? {} : { atMost: LAST_VERSION_WITH_NAMES }
  }

  /**
   * The result for each batch, in the order of the request; undefined where the broker left it out. Of several results for one
   * partition the first counts, and results nobody asked for are ignored.
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

  /** How many results of the response `match` had no use for. */
  unasked(response: ProduceResponse, matched: readonly (ProducePartitionResult | undefined)[]): number {
    let count = 0
    for (const { partitions } of response.topics) count += partitions.length
    for (const result of matched) if (result !== undefined) count--
    return count
  }
}
