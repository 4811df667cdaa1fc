import type { TopicMetadata } from '../../network/metadata/topic-metadata.js'
import { recordSizeUpperBound } from '../../protocol/record.js'
import type { Topic } from '../accumulator/topic.js'
import type { WaitingSend } from '../accumulator/waiting-send.js'

/**
 * The partition of a record that may go to any. Moves on from the last one if that is due: a move waits until
 * the last batch there is full, and a record that does not fit into it ends it.
 *
 * @param adaptive whether queue sizes count
 */
export function stickyPartition(
  topic: Topic,
  adaptive: boolean,
  keySize: number,
  valueSize: number,
  sizeOfHeaders: number,
  timestamp: number,
): number {
  const { metadata, sticky } = topic
  if (metadata === undefined)
    throw new Error(`a partition of ${topic.name} was asked for before its metadata came`)
  const current = peek(topic, metadata, adaptive)
  if (!sticky.isMoveDue) return current
  const partition = topic.partitions[current]
  const isFull = partition?.closeUnlessRoom(keySize, valueSize, sizeOfHeaders, timestamp) ?? true
  if (!isFull) return current
  sticky.update(0, true)
  return peek(topic, metadata, adaptive)
}

/** Puts a record that waited for metadata into the partition whose turn it is. */
export function admitToAny(topic: Topic, send: WaitingSend, adaptive: boolean): void {
  const { keySize, valueSize, headersSize, timestamp } = send
  const index = stickyPartition(topic, adaptive, keySize, valueSize, headersSize, timestamp)
  const partition = topic.partitions[index]
  if (partition === undefined) throw new Error(`${topic.name} has no partition ${index}`)
  const grown = partition.admit(send)
  topic.sticky.update(
    grown > 0 ? grown : recordSizeUpperBound(keySize, valueSize, headersSize),
    partition.tailIsFull,
  )
}

/** A choice is by the loads of this moment. */
function peek(topic: Topic, metadata: TopicMetadata, adaptive: boolean): number {
  if (adaptive && topic.sticky.isUndecided) topic.sticky.updateQueueSizes(topic.loads())
  return topic.sticky.peek(metadata)
}
