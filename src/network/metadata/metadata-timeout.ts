import { InvalidRecordError, type KafkaError, TimeoutError } from '../../errors.js'
import { topicNameError } from '../../protocol/topic-name.js'
import type { Broker } from '../broker/broker.js'
import type { Obstacles } from '../broker/node-obstacle.js'
import type { TopicMetadata } from './topic-metadata.js'

/** The facts at the end of a vain wait for a topic. */
export interface MissingTopic {
  readonly name: string
  readonly partition: number | undefined
  readonly waitedMs: number
  readonly topic: TopicMetadata | undefined
  /** The last error of the topic's metadata, and the error of the last update. */
  readonly errors: readonly KafkaError[]
  readonly obstacles: Obstacles
}

/** The reason for which no metadata can ever have the topic or the partition; null if it can. */
export function unaskable(name: string, partition: number | undefined): KafkaError | null {
  const error = topicNameError(name)
  if (error !== null || partition === undefined || (Number.isInteger(partition) && partition >= 0))
    return error
  return new InvalidRecordError(`a partition must be a whole number, 0 or more, got ${String(partition)}`, {
    topic: name,
  })
}

export function noTopic({ name, partition, waitedMs, topic, errors, obstacles }: MissingTopic): TimeoutError {
  const what =
    topic === undefined
      ? `topic ${name} is not in the metadata after ${waitedMs} ms`
      : `topic ${name} has no partition ${partition} after ${waitedMs} ms, only 0 to ${topic.partitions.length - 1}`
  return new TimeoutError(`${what}${because(obstacles, errors)}`, 'metadata', {
    topic: name,
    ...(partition !== undefined && { partition }),
    ...(errors.length > 0 && { cause: errors[0] }),
  })
}

/** Error for a wait for one particular broker. */
export function noConnection(
  { description, lastError }: Broker,
  metadataError: KafkaError | undefined,
): TimeoutError {
  const reasons = [lastError, metadataError].flatMap((error) => error?.message ?? [])
  const why = reasons.length === 0 ? '' : `: ${reasons.join('. ')}`
  return new TimeoutError(`broker ${description} could not be connected in time${why}`, 'request', {
    broker: description,
  })
}

export function noBroker(
  waitedMs: number,
  obstacles: Obstacles,
  metadataError: KafkaError | undefined,
): TimeoutError {
  return new TimeoutError(
    `no broker is ready after ${waitedMs} ms${because(obstacles, metadataError === undefined ? [] : [metadataError])}`,
    'metadata',
  )
}

/** The reasons as text. Without any connection, the errors of earlier metadata explain nothing. */
function because({ isConnected, reasons }: Obstacles, errors: readonly KafkaError[]): string {
  if (!isConnected && reasons.length > 0) return `: no broker can be reached: ${reasons.join('. ')}`
  const known = [...errors.map(({ message }) => message), ...reasons]
  return known.length === 0 ? '' : `: ${known.join('. ')}`
}
