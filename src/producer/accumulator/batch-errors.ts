import { types } from 'node:util'
import {
  AuthenticationError,
  AuthorizationError,
  BrokerError,
  KafkaError,
  NetworkError,
  OutOfOrderSequenceError,
  ProtocolError,
  RecordTooLargeError,
  TimeoutError,
} from '../../errors.js'
import type { Broker } from '../../network/broker/broker.js'
import type { BrokerErrorContext } from '../../protocol/broker-error.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

/** The records of an error, and what is known of them. */
export interface AboutBatch {
  readonly topic: string
  readonly partition: number
  readonly attempts: number
  readonly possiblyPersisted: boolean
}

export function about(partition: Partition, batch: Batch): AboutBatch {
  return {
    topic: partition.topic.name,
    partition: partition.index,
    attempts: batch.attempts.count,
    possiblyPersisted: batch.attempts.maybePersisted,
  }
}

/** The context of an error that a broker sent about the batch. */
export function inProduce(
  partition: Partition,
  batch: Batch,
  node: Broker,
  brokerMessage: string | null,
): BrokerErrorContext {
  return {
    api: 'Produce',
    broker: node.description,
    brokerMessage,
    size: batch.size,
    ...about(partition, batch),
  }
}

/**
 * Turns an error of a whole request, or of everything that waits for a producer id, into this batch's own. It
 * names the topic and the partition, and knows about earlier attempts. `error` becomes its cause.
 */
export function ofBatch(partition: Partition, batch: Batch, error: KafkaError): KafkaError {
  const { code, retriable, fatal, broker } = error
  const details = {
    ...about(partition, batch),
    code,
    retriable,
    fatal,
    cause: error,
    ...(broker && { broker }),
  }
  const message = `${batch.recordCount} record(s) for ${partition}: ${error.message}`
  if (error instanceof TimeoutError) return new TimeoutError(message, error.phase, details)
  if (error instanceof NetworkError) return new NetworkError(message, details)
  if (error instanceof ProtocolError) return new ProtocolError(message, details)
  if (error instanceof AuthenticationError) return new AuthenticationError(message, details)
  if (error instanceof AuthorizationError) return new AuthorizationError(message, details)
  if (error instanceof BrokerError) return new BrokerError(message, error.errorCode, details)
  return new KafkaError(message, details)
}

/** Error of a batch that was given up because the broker's log does not continue with it. */
export function outOfOrder(
  partition: Partition,
  batch: Batch,
  cause: KafkaError | null = batch.attempts.lastError,
): OutOfOrderSequenceError {
  return new OutOfOrderSequenceError(
    `the log of ${partition} does not continue with these ${batch.recordCount} record(s), and an attempt to send them may have reached it: they are in the log or were lost by the brokers; read it back before sending them again`,
    { ...about(partition, batch), cause: cause ?? undefined },
  )
}

/**
 * Error of a batch that was given up because it may be in the log of another cluster than the brokers'
 * present one.
 */
export function inAnotherCluster(partition: Partition, batch: Batch): KafkaError {
  return new BrokerError(
    `the brokers belong to another cluster now, and an attempt to send these ${batch.recordCount} record(s) for ${partition} may have reached the log of the old one: read it back before sending them again`,
    ErrorCode.INCONSISTENT_CLUSTER_ID,
    {
      ...about(partition, batch),
      code: 'INCONSISTENT_CLUSTER_ID',
      ...(batch.attempts.lastError !== null && { cause: batch.attempts.lastError }),
    },
  )
}

/**
 * Error of a batch that is too large and cannot be split, because an earlier attempt may have been appended.
 */
export function unsplittable(partition: Partition, batch: Batch, cause: KafkaError): RecordTooLargeError {
  return new RecordTooLargeError(
    `a batch of ${batch.recordCount} record(s) for ${partition}, ${batch.size} bytes, is larger than the topic takes, and was not split because an earlier attempt to send it may have reached the log; lower batch.size below max.message.bytes of the topic`,
    batch.size,
    -1,
    { ...about(partition, batch), cause },
  )
}

/** The reason for which a batch is not sent. */
export interface DeliveryObstacle {
  /** The reason in words; null if none is known. */
  readonly reason: string | null
  /** The failure behind the reason; null if none is known. */
  readonly error: KafkaError | null
}

/**
 * Error of a batch that was given up after `delivery.timeout.ms`. `batch` must still be in the state in which
 * it timed out.
 */
export function expired(
  partition: Partition,
  batch: Batch,
  now: number,
  deliveryTimeoutMs: number,
  { reason, error }: DeliveryObstacle,
): TimeoutError {
  const inFlight = batch.state.kind === 'in flight'
  const waited = Math.round(now - batch.createdAtMs)
  // Another send with the same credentials would fail as well.
  const isRefused = !inFlight && error instanceof AuthenticationError && !error.retriable
  return new TimeoutError(
    `${batch.recordCount} record(s) for ${partition} were not acknowledged within delivery.timeout.ms=${deliveryTimeoutMs} (${waited} ms since the first of them): ${why(batch, reason)}`,
    inFlight ? 'in-flight' : 'queue',
    {
      ...about(partition, batch),
      retriable: !isRefused,
      cause: (isRefused ? error : batch.attempts.lastError) ?? error ?? undefined,
    },
  )
}

function why(batch: Batch, reason: string | null): string {
  const known = batch.attempts.maybePersisted ? 'they may be in the log' : 'they are not in the log'
  if (batch.state.kind === 'in flight') return `the broker has not answered yet; ${known}`
  const because = reason === null ? '' : `: ${reason}`
  if (batch.attempts.lastError === null) return `they were never sent${because}; ${known}`
  if (batch.attempts.count === 0) {
    return `sent together with others, which was too much (${batch.attempts.lastError.message}), and not by themselves yet${because}; ${known}`
  }
  const since = reason === null ? '' : `, and not again since: ${reason}`
  return `sent ${batch.attempts.count} time(s), the last time without success (${batch.attempts.lastError.message})${since}; ${known}`
}

/**
 * Error of records whose topic was deleted and created anew. `batch` is null for a record that waited for
 * memory. `cause` is the failure after which the batch would have been sent again.
 */
export function topicRecreated(
  partition: Partition,
  batch: Batch | null,
  cause: KafkaError | null = null,
): BrokerError {
  const { name } = partition.topic
  const records = `${batch?.recordCount ?? 1} record(s) for the old ${partition}`
  // Before Kafka 4.1 a request names the topic, so one under way may have met the new one.
  const fate = batch?.attempts.maybePersisted
    ? `an attempt to send ${records} may have reached the log of either, and they are not sent again; read the new one back before you send them`
    : `${records} were not sent to the new one; send them again if they belong there`
  return new BrokerError(`topic ${name} was deleted and created anew: ${fate}`, ErrorCode.UNKNOWN_TOPIC_ID, {
    code: 'UNKNOWN_TOPIC_ID',
    ...(cause !== null && { cause }),
    ...(batch === null ? { topic: name, partition: partition.index } : about(partition, batch)),
  })
}

/** Error of a batch that was never sent because its records could not be compressed. */
export function sealFailure(partition: Partition, batch: Batch, cause: unknown): KafkaError {
  return new KafkaError(
    `${batch.recordCount} record(s) for ${partition} could not be compressed: ${types.isNativeError(cause) ? cause.message : String(cause)}`,
    { code: 'COMPRESSION', ...about(partition, batch), cause },
  )
}
