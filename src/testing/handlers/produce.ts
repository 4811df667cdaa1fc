import { Buffer } from 'node:buffer'
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
import { ErrorCode } from '../error-code.js'
import type { Handler, HandlerContext } from '../handler.js'
import type { Exchange, Part } from '../interceptor.js'
import { type AppendResult, BEFORE_LOG, type PartitionLog } from '../partition-log.js'
import type { ProducedPartition } from '../request-log.js'
import type { Partition, Topic } from '../topic-table.js'

/** As Kafka: versions 0 to 2 are told to clients, because old librdkafka would not compress without them, and refused (KIP-896). */
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
        topic.partitions.map((partition) => producedPartition(nameOf(topic), partition)),
      ),
    handle(request, exchange, answer) {
      const endpoints = new Map<number, NodeEndpoint>()
      const topics = request.topics.map((asked) => ({
        name: asked.name,
        topicId: asked.topicId,
        partitions: oncePerPartition(asked.partitions).map((partition) => {
          const topic = topicOf(asked)
          const part = { topic: topic?.name ?? asked.name, partition: partition.index }
          const result = produceOne(context, request, asked, topic, partition, part, exchange)
          return withLeaderHint(context, result, topic?.partitions[partition.index], exchange, endpoints)
        }),
      }))
      if (request.acks === 0) {
        // Nobody hears of a failure without an answer, unless the connection ends.
        const failed = topics.some(({ partitions }) => partitions.some(({ errorCode }) => errorCode !== 0))
        answer(failed ? 'close' : null)
        return
      }
      answer({ topics, throttleTimeMs: exchange.throttleTimeMs, nodeEndpoints: [...endpoints.values()] })
    },
  }
}

function produceOne(
  context: HandlerContext,
  request: ProduceRequest,
  asked: ProduceTopic,
  topic: Topic | undefined,
  { index, records }: ProducePartition,
  part: Part,
  exchange: Exchange,
): ProducePartitionResult {
  const injected = context.interceptors.partError(exchange, part)
  if (injected !== undefined) return partitionResult(index, refused(injected, null))
  const result = append(context, request, asked, topic, index, records, exchange)
  if (result.errorCode !== 0) return partitionResult(index, result)
  const replaced = context.interceptors.handledPartError(exchange, part)
  // As in Kafka: an error that comes while the leader waits for its followers leaves the offset of the append beside it.
  return partitionResult(index, replaced === undefined ? result : { ...result, errorCode: replaced })
}

function append(
  { cluster }: HandlerContext,
  request: ProduceRequest,
  asked: ProduceTopic,
  topic: Topic | undefined,
  index: number,
  records: Uint8Array | null,
  exchange: Exchange,
): AppendResult {
  if (topic === undefined) {
    const byId = asked.name === ''
    return refused(byId ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null)
  }
  const partition = topic.partitions[index]
  if (partition === undefined) return refused(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, null)
  const bytes = records === null ? null : asBuffer(records)
  if (request.acks < -1 || request.acks > 1) return refused(ErrorCode.INVALID_REQUIRED_ACKS, null)
  if (partition.leader !== exchange.nodeId) return refused(ErrorCode.NOT_LEADER_OR_FOLLOWER, null)
  const needed = Math.min(topic.config.minInSyncReplicas, partition.replicas.length)
  if (request.acks === -1 && partition.inSync.length < needed) {
    const message = `${partition.inSync.length} replicas are in sync where min.insync.replicas is ${needed}`
    return refused(ErrorCode.NOT_ENOUGH_REPLICAS, message)
  }
  const wallTime = cluster.clock.wallTime()
  expireProducers(partition.log, cluster, wallTime)
  const result = partition.log.append(
    bytes,
    exchange.apiVersion,
    topic.config,
    partition.leaderEpoch,
    wallTime,
  )
  if (result.errorCode === 0) partition.wakeReaders()
  return result
}

function expireProducers(log: PartitionLog, cluster: HandlerContext['cluster'], wallTime: number): void {
  const expiration = cluster.config.number('producer.id.expiration.ms')
  log.expireProducers(expiration, cluster.config.number('producer.id.expiration.check.interval.ms'), wallTime)
}

/** A partition that stands twice in a request: Kafka's map keeps the last. */
function oncePerPartition(partitions: readonly ProducePartition[]): readonly ProducePartition[] {
  if (partitions.length < 2) return partitions
  return [...new Map(partitions.map((partition) => [partition.index, partition])).values()]
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

function refused(errorCode: number, errorMessage: string | null): AppendResult {
  return { ...BEFORE_LOG, errorCode, errorMessage }
}

function producedPartition(topic: string, { index, records }: ProducePartition): ProducedPartition {
  const size = records?.length ?? 0
  const none = { producerId: -1n, producerEpoch: -1, baseSequence: -1, recordCount: 0 }
  if (records === null || size < RECORD_BATCH_OVERHEAD) return { topic, partition: index, size, ...none }
  const bytes = asBuffer(records)
  try {
    const { producerId, producerEpoch, baseSequence, recordCount } = readRecordBatchHeader(bytes)
    return { topic, partition: index, size, producerId, producerEpoch, baseSequence, recordCount }
  } catch {
    return { topic, partition: index, size, ...none } // the append says what is wrong with it
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
