import { ErrorCode } from '../../protocol/error-codes.js'
import type { NodeEndpoint } from '../../protocol/leader-hint.js'
import {
  Produce,
  type ProducePartition,
  type ProducePartitionResult,
  type ProduceRequest,
  type ProduceResponse,
  type ProduceTopic,
} from '../../protocol/produce.js'
import { RECORD_BATCH_OVERHEAD, readRecordBatchHeader } from '../../protocol/record-batch.js'
import { asBuffer } from '../as-buffer.js'
import { requestRefusal } from '../batch-framing.js'
import type { Handler, HandlerContext } from '../handler.js'
import type { Exchange } from '../interceptor.js'
import { type AppendResult, refusedResult } from '../partition-log.js'
import { appendBatch, type ProducePlace, singleBatches } from '../produce-append.js'
import type { Refusal } from '../refusal.js'
import { type ProducedPartition, producedPartition } from '../request-log.js'
import type { Partition, Topic } from '../topic-table.js'

/**
 * As in Kafka, versions 0 to 2 are advertised but refused (KIP-896): without them old versions of librdkafka
 * would not compress.
 */
const ADVERTISED = [0, 13] as const

export function produceHandler(context: HandlerContext): Handler<ProduceRequest, ProduceResponse> {
  const { cluster } = context
  const topicOf = ({ name, topicId }: ProduceTopic): Topic | undefined =>
    name === '' ? cluster.topics.withId(topicId) : cluster.topics.named(name)
  const nameOf = (topic: ProduceTopic): string => topicOf(topic)?.name ?? topic.name
  return {
    api: Produce,
    advertised: ADVERTISED,
    parts: (request) =>
      request.topics.flatMap((topic) =>
        topic.partitions.map(({ index }) => ({ topic: nameOf(topic), partition: index })),
      ),
    produced: (request) =>
      request.topics.flatMap((topic) =>
        topic.partitions.map((partition) => producedPartition(readHeader(nameOf(topic), partition))),
      ),
    handle(request, exchange, answer) {
      const endpoints = new Map<number, NodeEndpoint>()
      const places = request.topics.map((asked) => placesOf(asked, topicOf(asked), exchange.apiVersion))
      const refused = requestRefusal(request) ?? firstRefusal(places.flat())
      const topics = request.topics.map((asked, i) => ({
        name: asked.name,
        topicId: asked.topicId,
        partitions: (places[i] ?? []).map((place) => {
          const result = produceOne(context, request, place, refused, exchange)
          return withLeaderHint(context, result, place.partition, exchange, endpoints)
        }),
      }))
      if (request.acks === 0) {
        // With acks=0 there is no response, so only the end of the connection can show a failure.
        const failed = topics.some(({ partitions }) =>
          partitions.some(({ errorCode }) => errorCode !== ErrorCode.NONE),
        )
        answer(failed ? 'close' : null)
        return
      }
      answer({ topics, throttleTimeMs: exchange.throttleTimeMs, nodeEndpoints: [...endpoints.values()] })
    },
  }
}

/** The partitions of a request, each once. */
function placesOf(asked: ProduceTopic, topic: Topic | undefined, version: number): ProducePlace[] {
  const byIndex = new Map<number, ProducePartition[]>()
  for (const entry of asked.partitions) byIndex.set(entry.index, [...(byIndex.get(entry.index) ?? []), entry])
  return [...byIndex].map(([index, entries]) => {
    const partition = topic?.partitions[index]
    // The records for a partition that does not exist are not checked.
    const known = partition === undefined ? [] : entries
    return {
      name: topic?.name ?? asked.name,
      byId: asked.name === '',
      index,
      topic,
      partition,
      ...singleBatches(known, version),
    }
  })
}

function firstRefusal(places: readonly ProducePlace[]): Refusal | null {
  return places.find(({ requestRefused }) => requestRefused !== null)?.requestRefused ?? null
}

function produceOne(
  context: HandlerContext,
  request: ProduceRequest,
  place: ProducePlace,
  refused: Refusal | null,
  exchange: Exchange,
): ProducePartitionResult {
  const part = { topic: place.name, partition: place.index }
  const injected = context.interceptors.partError(exchange, part)
  if (injected !== undefined) return failed(place.index, injected)
  const result = refused === null ? appendBatch(context, request, place, exchange) : refusedResult(refused)
  if (result.errorCode !== ErrorCode.NONE) {
    if (result.errorMessage === null) context.activity.logRefusal(exchange, part, result)
    return partitionResult(place.index, result)
  }
  const replaced = context.interceptors.handledPartError(exchange, part)
  // As in Kafka, an error while the leader waits for its followers comes with the offset of the append.
  return partitionResult(place.index, replaced === undefined ? result : { ...result, errorCode: replaced })
}

function withLeaderHint(
  { cluster }: HandlerContext,
  result: ProducePartitionResult,
  partition: Partition | undefined,
  exchange: Exchange,
  endpoints: Map<number, NodeEndpoint>,
): ProducePartitionResult {
  const wrongLeader = result.errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER
  if (!wrongLeader || partition === undefined || exchange.apiVersion < 10) return result
  const { leader, leaderEpoch } = partition
  const node = cluster.nodes.get(leader)
  if (node !== undefined)
    endpoints.set(leader, { nodeId: leader, host: node.host, port: node.port, rack: null })
  return { ...result, currentLeader: { leaderId: leader, leaderEpoch } }
}

function partitionResult(index: number, result: AppendResult): ProducePartitionResult {
  return {
    index,
    errorCode: result.errorCode,
    baseOffset: BigInt(result.baseOffset),
    logAppendTimeMs: BigInt(Math.trunc(result.logAppendTime)),
    logStartOffset: BigInt(result.logStartOffset),
    recordErrors: result.recordErrors,
    errorMessage: result.errorMessage,
    currentLeader: null,
  }
}

function failed(index: number, errorCode: number): ProducePartitionResult {
  const why = { errorCode, reason: '', tellsReason: false, recordErrors: [], tellsLogStart: false }
  return partitionResult(index, refusedResult(why))
}

function readHeader(topic: string, { index, records }: ProducePartition): ProducedPartition {
  const size = records?.length ?? 0
  const none = { producerId: -1n, producerEpoch: -1, baseSequence: -1, recordCount: 0 }
  if (records === null || size < RECORD_BATCH_OVERHEAD) return { topic, partition: index, size, ...none }
  const bytes = asBuffer(records)
  try {
    const { producerId, producerEpoch, baseSequence, recordCount } = readRecordBatchHeader(bytes)
    return { topic, partition: index, size, producerId, producerEpoch, baseSequence, recordCount }
  } catch {
    return { topic, partition: index, size, ...none } // the append reports what is wrong with it
  }
}
