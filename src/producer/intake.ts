import { Buffer } from 'node:buffer'
import type { Environment } from '../environment/environment.js'
import {
  BufferExhaustedError,
  InvalidRecordError,
  RecordTooLargeError,
  SerializationError,
} from '../errors.js'
import { headersSize, recordSizeUpperBound } from '../protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../protocol/record-batch.js'
import { checkTopicName } from '../protocol/topic-name.js'
import { utf8Size, writeUtf8 } from '../protocol/utf8.js'
import { shown } from '../unexpected.js'
import type { Accumulator } from './accumulator.js'
import type { Completion } from './completion.js'
import { kindOf, sizeOfEmpty } from './given-bytes.js'
import { normalizeHeaders } from './headers.js'
import { askPartitioner, type PartitionerFunction } from './partitioner.js'
import type { Bytes, ProducerRecord } from './record.js'
import { ANY_PARTITION } from './sticky-partitioner.js'
import type { Topic } from './topic.js'
import type { Topics } from './topics.js'
import { type PreparedRecord, WaitingSend, waitingBytes } from './waiting-send.js'

export interface IntakeOptions {
  readonly maxBlockMs: number
  readonly maxRequestSize: number
  /** Whether records without a key prefer partitions that keep up (`partitioner.adaptive.partitioning.enable`). */
  readonly adaptive: boolean
  /** The user's own partitioner; undefined for one of ours. */
  readonly partitioner: PartitionerFunction | undefined
}

/** Strings as keys up to this many characters are hashed without allocating anything. */
const SCRATCH_CHARACTERS = 1_024

/**
 * The way of a record from `send` into a batch: checked, measured, given a partition, appended. What is missing on the way (metadata,
 * memory) makes it wait, and what comes after it for the same place waits behind it.
 */
export class Intake {
  readonly #accumulator: Accumulator
  readonly #topics: Topics
  readonly #environment: Environment
  readonly #options: IntakeOptions
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_CHARACTERS * 3)
  #lastTopic: Topic | null = null

  constructor(accumulator: Accumulator, topics: Topics, environment: Environment, options: IntakeOptions) {
    this.#accumulator = accumulator
    this.#topics = topics
    this.#environment = environment
    this.#options = options
  }

  /**
   * Takes a record in.
   *
   * @returns the record's place in a queue if it has to wait, else null
   * @throws KafkaError if it cannot be sent; nothing was taken in then
   */
  accept(record: ProducerRecord, completion: Completion): WaitingSend | null {
    const {
      topic: name,
      key = null,
      value,
      partition: explicit,
      timestamp: given,
      headers: givenHeaders,
    } = record
    const last = this.#lastTopic
    const topic = last !== null && last.name === name && !last.isForgotten ? last : this.#topic(name)
    const keySize = sizeOf(key, 'key', name)
    const valueSize = sizeOf(value, 'value', name)
    const headers = givenHeaders === undefined ? null : normalizeHeaders(givenHeaders, name)
    const sizeOfHeaders = headers === null ? 1 : headersSize(headers)
    const upperBound = recordSizeUpperBound(keySize, valueSize, sizeOfHeaders)
    this.#checkSize(name, upperBound)
    const timestamp = given === undefined ? this.#environment.clock.wallTime() : given
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      throw invalid(name, 'timestamp', timestamp, 'milliseconds since 1970, 0 or more')
    }
    if (explicit !== undefined && !(Number.isInteger(explicit) && explicit >= 0 && explicit <= 0x7fffffff)) {
      throw invalid(name, 'partition', explicit, 'a whole number, 0 or more')
    }
    const isKnown = topic.metadata !== undefined && topic.waiting.length === 0
    const index = isKnown ? (explicit ?? this.#choose(topic, key, keySize, value)) : ANY_PARTITION
    const sticky = isKnown && index === ANY_PARTITION
    const partition = isKnown ? topic.partitions[sticky ? this.#stickyPartition(topic) : index] : undefined
    const mayAppend = partition !== undefined && !topic.isWaitedFor(partition.index)
    if (mayAppend && partition.waiting.length === 0) {
      const grown = partition.append(
        key,
        keySize,
        value,
        valueSize,
        headers,
        sizeOfHeaders,
        timestamp,
        completion,
      )
      if (grown > 0) {
        if (sticky) topic.sticky.update(grown, partition.tailIsFull)
        return null
      }
    }
    this.#checkWaitingRoom(name, waitingBytes(keySize, valueSize, sizeOfHeaders), mayAppend)
    const send = this.#waitingSend({
      topic: name,
      key: copied(key),
      keySize,
      value: copied(value),
      valueSize,
      headers: headers === null ? null : headers.map(([header, data]) => [header, copied(data)] as const),
      headersSize: sizeOfHeaders,
      timestamp,
      partition: explicit,
      completion,
      original: completion === null ? record : null,
    })
    if (!isKnown) this.#topics.waitForMetadata(topic, send)
    else if (mayAppend) {
      send.starve()
      partition.wait(send)
    } else this.#topics.waitForPartition(topic, partition?.index ?? index, send)
    // It counts as appended: otherwise all that comes while there is no memory would wait for one partition.
    if (sticky) topic.sticky.update(upperBound, partition?.tailIsFull ?? true)
    return send
  }

  /** The partition of a record that waited for metadata. */
  choosePartition(topic: Topic, { record }: WaitingSend): number {
    if (record.partition !== undefined) return record.partition
    const index = this.#choose(topic, record.key, record.keySize, record.value)
    if (index !== ANY_PARTITION) return index
    const chosen = this.#stickyPartition(topic)
    const { keySize, valueSize, headersSize: sizeOfHeaders } = record
    topic.sticky.update(
      recordSizeUpperBound(keySize, valueSize, sizeOfHeaders),
      topic.partitions[chosen]?.tailIsFull ?? true,
    )
    return chosen
  }

  #topic(name: unknown): Topic {
    checkTopicName(name)
    this.#lastTopic = this.#topics.get(name)
    return this.#lastTopic
  }

  #choose(topic: Topic, key: Bytes, keySize: number, value: Bytes): number {
    const metadata = topic.metadata
    if (metadata === undefined) return ANY_PARTITION
    if (this.#options.partitioner !== undefined) {
      return askPartitioner(this.#options.partitioner, {
        topic: topic.name,
        key,
        keyBytes: bytesOf(key),
        value,
        valueBytes: bytesOf(value),
        partitions: metadata.partitions,
      })
    }
    if (typeof key !== 'string') return topic.partitioner.choose(metadata, key, 0, Math.max(keySize, 0))
    if (key.length > SCRATCH_CHARACTERS)
      return topic.partitioner.choose(metadata, Buffer.from(key), 0, keySize)
    writeUtf8(this.#scratch, 0, key, keySize)
    return topic.partitioner.choose(metadata, this.#scratch, 0, keySize)
  }

  #stickyPartition(topic: Topic): number {
    const { metadata, sticky } = topic
    if (metadata === undefined)
      throw new Error(`a partition of ${topic.name} was asked for before its metadata came`)
    if (this.#options.adaptive && sticky.isUndecided) sticky.updateQueueSizes(topic.loads())
    const current = sticky.peek(metadata)
    // A move that was put off until the tail is full may be due now.
    sticky.update(0, topic.partitions[current]?.tailIsFull ?? true)
    return sticky.peek(metadata)
  }

  #checkSize(topic: string, size: number): void {
    const { maxRequestSize } = this.#options
    const total = size + RECORD_BATCH_OVERHEAD
    const { totalBytes } = this.#accumulator.memory
    if (total <= maxRequestSize && total <= totalBytes) return
    const [key, limit] =
      total > maxRequestSize ? ['max.request.size', maxRequestSize] : ['buffer.memory', totalBytes]
    throw new RecordTooLargeError(
      `a record for topic ${topic} takes up to ${total} bytes with its batch's header, more than ${key}=${limit} allows (uncompressed bytes count): make it smaller, or raise ${key}`,
      total,
      limit,
      { topic },
    )
  }

  /** Looked at before anything is copied: where sends are refused, they are refused by the thousand. */
  #checkWaitingRoom(topic: string, bytes: number, forMemory: boolean): void {
    const { waitingBytes: taken, waitingLimit: limit, waitingForMemory, isCrowded } = this.#accumulator
    if (forMemory && isCrowded) {
      throw new BufferExhaustedError(
        `no room for a record for topic ${topic}: buffer.memory is taken and ${waitingForMemory} records wait for memory already; wait for the event 'drain' when send returns false, or raise buffer.memory`,
        { topic },
      )
    }
    // One record alone may always wait: it was found to fit buffer.memory.
    if (taken === 0 || taken + bytes <= limit) return
    throw new BufferExhaustedError(
      `no room for a record for topic ${topic}: records that wait for metadata or memory already take ${taken} of the ${limit} bytes they may (a quarter of buffer.memory); wait for the event 'drain' when send returns false, or raise buffer.memory`,
      { topic },
    )
  }

  #waitingSend(record: PreparedRecord): WaitingSend {
    const accumulator = this.#accumulator
    const now = this.#environment.clock.now()
    const { generation } = accumulator.flushes
    const send = new WaitingSend(accumulator, record, now, now + this.#options.maxBlockMs, generation)
    accumulator.waitingSendArrived(send)
    return send
  }
}

function sizeOf(data: unknown, what: 'key' | 'value', topic: string): number {
  if (typeof data === 'string') return utf8Size(data, Buffer.byteLength)
  if (data === null) return -1
  if (data instanceof Uint8Array)
    return data.length > 0 ? data.length : sizeOfEmpty(data, `the ${what}`, topic)
  const hint = what === 'value' && data === undefined ? '; null makes a tombstone' : ''
  throw new SerializationError(
    `the ${what} of a record for topic ${topic} is ${kindOf(data)}: without a serializer it must be a string, a Uint8Array or null${hint}`,
    { topic },
  )
}

function invalid(topic: string, what: string, value: unknown, rule: string): InvalidRecordError {
  return new InvalidRecordError(
    `${what} ${shown(value)} of a record for topic ${topic}: it must be ${rule}`,
    { topic },
  )
}

/** The caller may use its bytes again once send has returned. */
function copied<T extends Bytes>(data: T): T | Uint8Array {
  return data instanceof Uint8Array ? Buffer.from(data) : data
}

function bytesOf(data: Bytes): Uint8Array | null {
  return typeof data === 'string' ? Buffer.from(data) : data
}
