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
} from '../errors.js'
import type { BrokerNode } from '../network/broker-node.js'
import type { BrokerErrorContext } from '../protocol/broker-error.js'
import type { Batch } from './batch.js'
import type { DeliveryObstacle } from './delivery-obstacle.js'
import type { Partition } from './partition.js'

const UNKNOWN_TOPIC_ID = 100
const INCONSISTENT_CLUSTER_ID = 104

/** Which records an error is about, and what is known of them. */
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
    attempts: batch.attempts,
    possiblyPersisted: batch.maybePersisted,
  }
}

/** The same for an error that a broker sent. */
export function inProduce(
  partition: Partition,
  batch: Batch,
  node: BrokerNode,
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
 * An error of all batches of a request, or of all that wait for a producer id, as this batch's: it has a topic and a partition, and
 * knows about earlier attempts. The error itself stays as the cause.
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

/** Given up because the broker's log does not go on where this producer's records do. */
export function outOfOrder(
  partition: Partition,
  batch: Batch,
  cause: KafkaError | null = batch.lastError,
): OutOfOrderSequenceError {
  return new OutOfOrderSequenceError(
    `the log of ${partition} does not continue with these ${batch.recordCount} record(s), and an attempt to send them may have reached it: they are in the log or were lost by the brokers; read it back before sending them again`,
    { ...about(partition, batch), cause: cause ?? undefined },
  )
}

/** Given up because the brokers belong to another cluster than the one that may have it. */
export function inAnotherCluster(partition: Partition, batch: Batch): KafkaError {
  return new BrokerError(
    `the brokers belong to another cluster now, and an attempt to send these ${batch.recordCount} record(s) for ${partition} may have reached the log of the old one: read it back before sending them again`,
    INCONSISTENT_CLUSTER_ID,
    {
      ...about(partition, batch),
      code: 'INCONSISTENT_CLUSTER_ID',
      ...(batch.lastError !== null && { cause: batch.lastError }),
    },
  )
}

/** Given up as too large together: whether an earlier attempt was taken is unknown, so its records cannot go in smaller batches. */
export function unsplittable(partition: Partition, batch: Batch, cause: KafkaError): RecordTooLargeError {
  return new RecordTooLargeError(
    `a batch of ${batch.recordCount} record(s) for ${partition}, ${batch.size} bytes, is larger than the topic takes, and was not split because an earlier attempt to send it may have reached the log; lower batch.size below max.message.bytes of the topic`,
    batch.size,
    -1,
    { ...about(partition, batch), cause },
  )
}

/** Given up after `delivery.timeout.ms`. `batch` is in the state that it timed out in. */
export function expired(
  partition: Partition,
  batch: Batch,
  now: number,
  deliveryTimeoutMs: number,
  { reason, error }: DeliveryObstacle,
): TimeoutError {
  const inFlight = batch.state.kind === 'in flight'
  const waited = Math.round(now - batch.createdAtMs)
  // With the same credentials another send would end the same way.
  const isRefused = !inFlight && error instanceof AuthenticationError
  return new TimeoutError(
    `${batch.recordCount} record(s) for ${partition} were not acknowledged within delivery.timeout.ms=${deliveryTimeoutMs} (${waited} ms since the first of them): ${why(batch, reason)}`,
    inFlight ? 'in-flight' : 'queue',
    {
      ...about(partition, batch),
      retriable: !isRefused,
      cause: (isRefused ? error : batch.lastError) ?? error ?? undefined,
    },
  )
}

function why(batch: Batch, reason: string | null): string {
  const known = batch.maybePersisted ? 'they may be in the log' : 'they are not in the log'
  if (batch.state.kind === 'in flight') return `the broker has not answered yet; ${known}`
  const because = reason === null ? '' : `: ${reason}`
  if (batch.lastError === null) return `they were never sent${because}; ${known}`
  if (batch.attempts === 0) {
    return `sent together with others, which was too much (${batch.lastError.message}), and not by themselves yet${because}; ${known}`
  }
  const since = reason === null ? '' : `, and not again since: ${reason}`
  return `sent ${batch.attempts} time(s), the last time without success (${batch.lastError.message})${since}; ${known}`
}

/** Given up because its topic is gone and another has its name. `batch` is null for a record that waited for memory. */
export function topicRecreated(partition: Partition, batch: Batch | null): BrokerError {
  const { name } = partition.topic
  const advice = batch?.maybePersisted
    ? 'an earlier attempt may have reached the old one before it was deleted'
    : 'send them again if they belong there'
  return new BrokerError(
    `topic ${name} was deleted and created anew: ${batch?.recordCount ?? 1} record(s) for the old ${partition} were not sent to the new one; ${advice}`,
    UNKNOWN_TOPIC_ID,
    {
      code: 'UNKNOWN_TOPIC_ID',
      ...(batch === null ? { topic: name, partition: partition.index } : about(partition, batch)),
    },
  )
}

/** Never sent: its records could not be compressed. */
export function sealFailure(partition: Partition, batch: Batch, cause: unknown): KafkaError {
  return new KafkaError(
    `${batch.recordCount} record(s) for ${partition} could not be compressed: ${cause instanceof Error ? cause.message : String(cause)}`,
    { code: 'COMPRESSION', ...about(partition, batch), cause },
  )
}
