import { InvalidRecordError, type KafkaError, TimeoutError } from '../errors.js'
import { topicNameError } from '../protocol/topic-name.js'
import type { Obstacles } from './node-obstacle.js'
import type { TopicMetadata } from './topic-metadata.js'

/** What is known at the end of a wait for a topic that did not come. */
export interface MissingTopic {
  readonly name: string
  readonly partition: number | undefined
  readonly waitedMs: number
  readonly topic: TopicMetadata | undefined
  /** What metadata said last against the topic, or went wrong with the last update. */
  readonly error: KafkaError | undefined
  readonly obstacles: Obstacles
}

/** Why no metadata will ever have the topic or the partition, whatever a broker answers; null if they may. */
export function unaskable(name: string, partition: number | undefined): KafkaError | null {
  const error = topicNameError(name)
  if (error !== null || partition === undefined || (Number.isInteger(partition) && partition >= 0))
    return error
  return new InvalidRecordError(`a partition must be a whole number, 0 or more, got ${String(partition)}`, {
    topic: name,
  })
}

export function noTopic({ name, partition, waitedMs, topic, error, obstacles }: MissingTopic): TimeoutError {
  const what =
    topic === undefined
      ? `topic ${name} is not in the metadata after ${waitedMs} ms`
      : `topic ${name} has no partition ${partition} after ${waitedMs} ms, only 0 to ${topic.partitions.length - 1}`
  return new TimeoutError(`${what}${because(obstacles, error)}`, 'metadata', {
    topic: name,
    ...(partition !== undefined && { partition }),
    ...(error !== undefined && { cause: error }),
  })
}

export function noMetadata(
  waitedMs: number,
  error: KafkaError | undefined,
  obstacles: Obstacles,
): TimeoutError {
  const details = error === undefined ? {} : { cause: error }
  return new TimeoutError(`no metadata after ${waitedMs} ms${because(obstacles, error)}`, 'metadata', details)
}

export function noBroker(waitedMs: number, obstacles: Obstacles): TimeoutError {
  return new TimeoutError(
    `no broker is ready after ${waitedMs} ms${because(obstacles, undefined)}`,
    'metadata',
  )
}

/** Without a connection what went wrong before says nothing more. */
function because({ isConnected, reasons }: Obstacles, error: KafkaError | undefined): string {
  if (!isConnected && reasons.length > 0) return `: no broker can be reached: ${reasons.join('. ')}`
  const known = error === undefined ? reasons : [error.message, ...reasons]
  return known.length === 0 ? '' : `: ${known.join('. ')}`
}
