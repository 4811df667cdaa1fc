import type { Buffer } from 'node:buffer'
import { ErrorCode } from '../protocol/error-codes.js'
import type { ProducePartition, ProduceRequest } from '../protocol/produce.js'
import { RECORD_BATCH_OVERHEAD, readRecordBatchHeader, TRANSACTIONAL_BIT } from '../protocol/record-batch.js'
import { singleBatch } from './batch-framing.js'
import type { HandlerContext } from './handler.js'
import type { Exchange } from './interceptor.js'
import { type AppendResult, type PartitionLog, refusedResult } from './partition-log.js'
import { type Refusal, refusal } from './refusal.js'
import type { Partition, Topic } from './topic-table.js'

/** The part of a Produce request for one partition. The request may name the partition more than once. */
export interface ProducePlace extends SingleBatches {
  /** The topic's name, if it is known. */
  readonly name: string
  /** Whether the request names the topic by its id. */
  readonly byId: boolean
  readonly index: number
  readonly topic: Topic | undefined
  readonly partition: Partition | undefined
}

export interface SingleBatches {
  /** The batch to append: the last valid one, because Kafka's map has one entry for each partition. */
  readonly batch: Buffer | null
  /** The refusal of one of the entries, which is answered even if another entry is appended. */
  readonly refused: Refusal | null
  /** The reason why Kafka ends the whole request before it appends anything. */
  readonly requestRefused: Refusal | null
}

export function singleBatches(entries: readonly ProducePartition[], version: number): SingleBatches {
  let found: SingleBatches = { batch: null, refused: null, requestRefused: null }
  for (const { records } of entries) {
    const single = singleBatch(records, version)
    if (single.kind === 'batch') found = { ...found, batch: single.bytes }
    else if (single.kind === 'refused') found = { ...found, refused: single.refusal }
    else found = { ...found, requestRefused: found.requestRefused ?? single.refusal }
  }
  return found
}

/**
 * Appends the batch of a request to a partition, or gives the reason for refusing it. The checks are in the
 * order of KafkaApis and ReplicaManager.
 */
export function appendBatch(
  context: HandlerContext,
  request: ProduceRequest,
  place: ProducePlace,
  exchange: Exchange,
): AppendResult {
  const { topic, partition, batch, refused } = place
  if (topic === undefined || partition === undefined) return refusedResult(unknownPlace(place))
  const result = batch === null ? null : appendToLeader(context, request, topic, partition, batch, exchange)
  if (refused !== null) return refusedResult(refused)
  return result ?? refusedResult(refusal(ErrorCode.INVALID_RECORD, 'no batch'))
}

function unknownPlace({ name, byId, index, topic }: ProducePlace): Refusal {
  if (topic === undefined && byId)
    return refusal(ErrorCode.UNKNOWN_TOPIC_ID, 'there is no topic with this id')
  return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `there is no partition ${index} of a topic ${name}`)
}

function appendToLeader(
  { cluster }: HandlerContext,
  request: ProduceRequest,
  topic: Topic,
  partition: Partition,
  batch: Buffer,
  { nodeId }: Exchange,
): AppendResult {
  const unverified = verificationFailure(request, partition, batch, nodeId)
  if (unverified !== null) return refusedResult(unverified)
  if (request.acks < -1 || request.acks > 1) {
    return refusedResult(refusal(ErrorCode.INVALID_REQUIRED_ACKS, `acks is ${request.acks}`))
  }
  if (partition.leader !== nodeId) return refusedResult(notLeader(partition))
  const needed = Math.min(topic.config.minInSyncReplicas, partition.replicas.length)
  if (request.acks === -1 && partition.inSync.length < needed) {
    const reason = `${partition.inSync.length} replicas are in sync where min.insync.replicas is ${needed}`
    return refusedResult(refusal(ErrorCode.NOT_ENOUGH_REPLICAS, reason))
  }
  const wallTime = cluster.clock.wallTime()
  expireProducers(partition.log, cluster, wallTime)
  const result = partition.log.append(batch, topic.config, partition.leaderEpoch, wallTime)
  if (result.errorCode === ErrorCode.NONE) partition.wakeReaders()
  return result
}

/**
 * The coordinator has to verify a transactional batch (KIP-890). The embedded cluster has no coordinator yet.
 */
function verificationFailure(
  { transactionalId }: ProduceRequest,
  partition: Partition,
  batch: Buffer,
  nodeId: number,
): Refusal | null {
  if (transactionalId === null || batch.length < RECORD_BATCH_OVERHEAD) return null
  const { attributes, producerId, producerEpoch } = readRecordBatchHeader(batch)
  if ((attributes & TRANSACTIONAL_BIT) === 0 || producerId <= -1n) return null
  if (partition.leader !== nodeId) return notLeader(partition)
  const lastEpoch = partition.log.producers.epochOf(producerId)
  if (producerEpoch < lastEpoch) {
    return refusal(ErrorCode.INVALID_PRODUCER_EPOCH, `epoch ${producerEpoch}, where ${lastEpoch} was seen`)
  }
  const reason =
    'Unable to verify the partition has been added to the transaction. Underlying error: COORDINATOR_NOT_AVAILABLE'
  return { ...refusal(ErrorCode.NOT_ENOUGH_REPLICAS, reason), tellsReason: true }
}

function notLeader({ leader }: Partition): Refusal {
  return refusal(ErrorCode.NOT_LEADER_OR_FOLLOWER, leader === -1 ? 'nobody leads' : `node ${leader} leads`)
}

function expireProducers(log: PartitionLog, cluster: HandlerContext['cluster'], wallTime: number): void {
  const expiration = cluster.config.number('producer.id.expiration.ms')
  log.expireProducers(expiration, cluster.config.number('producer.id.expiration.check.interval.ms'), wallTime)
}
