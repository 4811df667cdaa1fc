import { Buffer } from 'node:buffer'
import type { PartitionerFunction } from '../../config/partitioner-function.js'
import type { Bytes } from '../../config/serializer.js'
import type { Environment } from '../../environment/environment.js'
import {
  BufferExhaustedError,
  InvalidRecordError,
  RecordTooLargeError,
  SerializationError,
} from '../../errors.js'
import type { Logger } from '../../logger.js'
import { headersSize, recordSizeUpperBound } from '../../protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../protocol/record-batch.js'
import { checkTopicName } from '../../protocol/topic-name.js'
import { writeUtf8 } from '../../protocol/utf8.js'
import type { Accumulator } from '../accumulator/accumulator.js'
import { type Completion, contextOf, isUnasked } from '../accumulator/completion.js'
import type { Topic } from '../accumulator/topic.js'
import { type SendTime, WaitingSend, waitingBytes } from '../accumulator/waiting-send.js'
import { askPartitioner } from '../partitioner/partitioner.js'
import { ANY_PARTITION } from '../partitioner/sticky-partitioner.js'
import type { ProducerRecord } from '../record.js'
import { normalizeHeaders } from './headers.js'
import { checkPartition, checkTimestamp, misspeltField, wrongUnit } from './record-fields.js'
import { bytesOf, copied, type RecordStage, sizeOf } from './serialization.js'
import { stickyPartition } from './sticky-partition.js'
import type { Topics } from './topics.js'

export interface IntakeOptions {
  readonly maxRequestSize: number
  /**
   * Whether records without a key prefer partitions that keep up
   * (`partitioner.adaptive.partitioning.enable`).
   */
  readonly adaptive: boolean
  /** The user's own partitioner; undefined for a built-in one. */
  readonly partitioner: PartitionerFunction | undefined
  readonly logger: Logger
}

/** A string key of at most this many characters is hashed without an allocation. */
const SCRATCH_CHARACTERS = 1_024

/**
 * The way of a record from `send` into a batch: it is checked, measured, assigned to a partition, and
 * appended. If metadata or memory is missing, the record waits. Later records for the same place wait behind
 * it.
 */
export class Intake implements RecordStage<ProducerRecord> {
  readonly #accumulator: Accumulator
  readonly #topics: Topics
  readonly #environment: Environment
  readonly #options: IntakeOptions
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_CHARACTERS * 3)
  #lastTopic: Topic | null = null
  #hasHintedAtUnit = false
  #lastSendTime: SendTime = { timestamp: -1, sentAtMs: 0, generation: 0 }

  constructor(accumulator: Accumulator, topics: Topics, environment: Environment, options: IntakeOptions) {
    this.#accumulator = accumulator
    this.#topics = topics
    this.#environment = environment
    this.#options = options
  }

  accept(record: ProducerRecord, completion: Completion): WaitingSend | null {
    const { topic: name, key = null, value, timestamp: givenTimestamp, headers: givenHeaders } = record
    const explicit = record.partition ?? undefined
    const last = this.#lastTopic
    const topic = last !== null && last.name === name && !last.isForgotten ? last : this.#topic(name)
    // The first, because the caller's iterable may do anything, even to the key and the value.
    const headers = givenHeaders === undefined ? null : normalizeHeaders(givenHeaders, name)
    const keySize = sizeOf(key, 'key', name, record)
    const valueSize = sizeOf(value, 'value', name, record)
    if (!topic.hasSeenFields) this.#checkFields(topic, record)
    const sizeOfHeaders = headers === null ? 1 : headersSize(headers)
    const upperBound = recordSizeUpperBound(keySize, valueSize, sizeOfHeaders)
    this.#checkSize(name, upperBound)
    const timestamp = this.#timestamp(givenTimestamp, name)
    if (explicit !== undefined) checkPartition(explicit, name)
    const isKnown = topic.metadata !== undefined && topic.waiting.length === 0
    const index = isKnown ? (explicit ?? this.#choose(topic, key, keySize, value)) : ANY_PARTITION
    if (this.#options.partitioner !== undefined) checkUnchanged(record, keySize, valueSize)
    const { adaptive } = this.#options
    const sticky = isKnown && index === ANY_PARTITION
    const partition = isKnown
      ? topic.partitions[
          sticky ? stickyPartition(topic, adaptive, keySize, valueSize, sizeOfHeaders, timestamp) : index
        ]
      : undefined
    const mayAppend = partition !== undefined && !topic.isWaitedFor(partition.index)
    if (mayAppend && partition.waiting.isEmpty) {
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
    const bytes = waitingBytes(keySize, valueSize, headers)
    this.#checkWaitingRoom(name, bytes, completion)
    const copiedHeaders =
      headers === null ? null : headers.map(([header, data]) => [header, copied(data)] as const)
    const others = isUnasked(completion) ? otherFields(record) : null
    const send = new WaitingSend(
      topic,
      { key, keySize, value, valueSize, headers: copiedHeaders, partition: explicit, completion, others },
      this.#sendTime(timestamp),
    )
    this.#accumulator.waitingSendArrived(bytes, send.generation)
    if (!isKnown) this.#topics.waitForMetadata(topic, send)
    else if (mayAppend) partition.waiting.push(send)
    else this.#topics.waitForPartition(topic, partition?.index ?? index, send)
    // The record counts as appended. Otherwise every record would go to the same partition while there is no
    // memory.
    if (sticky) topic.sticky.update(upperBound, partition?.tailIsFull ?? true)
    return send
  }

  /** The partition of a record that waited for metadata; ANY_PARTITION if it may go to any. */
  choosePartition(topic: Topic, record: WaitingSend): number {
    return record.partition ?? this.#chooseLater(topic, record)
  }

  /**
   * Checks the names of the fields, until one record of the topic has the right ones. A misspelt `key` would
   * send every record to the wrong partition.
   */
  #checkFields(topic: Topic, record: ProducerRecord): void {
    const misspelt = misspeltField(record)
    if (misspelt !== null)
      throw new InvalidRecordError(`a record for topic ${topic.name}: ${misspelt}`, { topic: topic.name })
    topic.hasSeenFields = true
  }

  #timestamp(timestamp: number | null | undefined, topic: string): number {
    if (timestamp === undefined || timestamp === null) return this.#environment.clock.wallTime()
    checkTimestamp(timestamp, topic)
    if (!this.#hasHintedAtUnit) {
      const hint = wrongUnit(timestamp)
      if (hint !== null) {
        this.#hasHintedAtUnit = true
        this.#options.logger.warn(`a record for topic ${topic}: ${hint}`, { topic })
      }
    }
    return timestamp
  }

  #topic(name: unknown): Topic {
    checkTopicName(name)
    this.#lastTopic = this.#topics.get(name)
    return this.#lastTopic
  }

  /**
   * Asks a partitioner of the user's in the async context of the record's caller, or outside of every
   * context.
   */
  #chooseLater(topic: Topic, { key, keySize, value, completion }: WaitingSend): number {
    const choose = (): number => this.#choose(topic, key, keySize, value)
    if (this.#options.partitioner === undefined) return choose()
    const context = contextOf(completion)
    if (context === null) return this.#environment.outsideContexts(choose)
    let index = ANY_PARTITION
    context.runInAsyncScope(() => {
      index = choose()
    }, undefined)
    return index
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

  /**
   * Throws if waiting records may take no more memory. Nothing is copied before this, because sends are
   * refused by the thousand.
   */
  #checkWaitingRoom(topic: string, bytes: number, completion: Completion): void {
    const { waitingBytes: taken, waitingLimit: limit } = this.#accumulator
    // A single record may always wait: it is known to fit into buffer.memory.
    if (taken === 0 || taken + bytes <= limit) return
    throw new BufferExhaustedError(
      `no room for a record for topic ${topic}: records that wait for metadata or memory take ${taken} of the ${limit} bytes that they may take (waitingMemory, and what is free of buffer.memory); ${adviceFor(completion)}, or raise waitingMemory`,
      { topic },
    )
  }

  /** Shared with the sends before it in the same millisecond. */
  #sendTime(timestamp: number): SendTime {
    const sentAtMs = this.#environment.clock.now()
    const { generation } = this.#accumulator.flushes
    const last = this.#lastSendTime
    const isSame =
      last.timestamp === timestamp && last.generation === generation && sentAtMs - last.sentAtMs < 1
    if (!isSame) this.#lastSendTime = { timestamp, sentAtMs, generation }
    return this.#lastSendTime
  }
}

/** A partitioner of the user's may have given the bytes to another thread. */
function checkUnchanged(
  { topic, key = null, value }: ProducerRecord,
  keySize: number,
  valueSize: number,
): void {
  const isSame = (data: Bytes, size: number): boolean =>
    typeof data === 'string' || data === null || data.length === size
  if (isSame(key, keySize) && isSame(value, valueSize)) return
  throw new SerializationError(`the partitioner has changed the bytes of a record for topic ${topic}`, {
    topic,
  })
}

/** The fields of the caller's record beside those that are copied. */
function otherFields({ key: _, value: __, headers: ___, ...others }: ProducerRecord): object {
  return others
}

/**
 * What the caller can do if records come faster than they are delivered, in the form in which this one was
 * sent.
 */
function adviceFor(completion: Completion): string {
  if (isUnasked(completion)) return "stop when produce returns false and go on at the event 'drain'"
  if (typeof completion === 'function' || completion.form === 'callback')
    return "stop when send returns false and go on at the event 'drain'"
  return 'await the sends in pieces, such as a thousand at a time'
}
