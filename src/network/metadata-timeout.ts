import { InvalidRecordError, type KafkaError, TimeoutError } from '../errors.js'
import { topicNameError } from '../protocol/topic-name.js'
import type { TopicMetadata } from './topic-metadata.js'

/** What is known at the end of a wait for a topic that did not come. */
export interface MissingTopic {
  readonly name: string
  readonly partition: number | undefined
  readonly waitedMs: number
  readonly topic: TopicMetadata | undefined
  /** What metadata said last against the topic, or went wrong with the last update. */
  readonly error: KafkaError | undefined
  /** Why no broker is connected, a reason each; empty if one is. */
  readonly unreachable: readonly string[]
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

export function noTopic({
  name,
  partition,
  waitedMs,
  topic,
  error,
  unreachable,
}: MissingTopic): TimeoutError {
  const what =
    topic === undefined
      ? `topic ${name} is not in the metadata after ${waitedMs} ms`
      : `topic ${name} has no partition ${partition} after ${waitedMs} ms, only 0 to ${topic.partitions.length - 1}`
  return new TimeoutError(`${what}${because(unreachable, error)}`, 'metadata', {
    topic: name,
    ...(partition !== undefined && { partition }),
    ...(error !== undefined && { cause: error }),
  })
}

export function noMetadata(
  waitedMs: number,
  error: KafkaError | undefined,
  unreachable: readonly string[],
): TimeoutError {
  const details = error === undefined ? {} : { cause: error }
  return new TimeoutError(
    `no metadata after ${waitedMs} ms${because(unreachable, error)}`,
    'metadata',
    details,
  )
}

export function noBroker(waitedMs: number, unreachable: readonly string[]): TimeoutError {
  return new TimeoutError(
    `no broker is ready after ${waitedMs} ms${because(unreachable, undefined)}`,
    'metadata',
  )
}

function because(unreachable: readonly string[], error: KafkaError | undefined): string {
  if (unreachable.length > 0) return `: no broker can be reached: ${unreachable.join('. ')}`
  return error === undefined ? '' : `: ${error.message}`
}
