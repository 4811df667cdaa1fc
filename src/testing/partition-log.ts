import { Buffer } from 'node:buffer'
import { ErrorCode } from '../protocol/error-codes.js'
import type { RecordErrorResult } from '../protocol/produce.js'
import { setBaseOffset, setPartitionLeaderEpoch } from '../protocol/record-batch.js'
import { type ValidBatch, validateBatch } from './batch-validation.js'
import { ProducerState } from './producer-state.js'
import { logRefusal, type Refusal, refusal } from './refusal.js'
import { stampTimestamps } from './timestamp-stamp.js'
import type { TopicConfig } from './topic-config.js'

/** A batch in the log as bytes. No objects are made for its records. */
export interface LogBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly maxTimestamp: number
  readonly leaderEpoch: number
  readonly bytes: Buffer
}

/** The result of an append. Offsets are -1 if nothing was appended. */
export interface AppendResult {
  readonly errorCode: number
  readonly baseOffset: number
  /**
   * -1 if the topic keeps the producer's timestamps. For a repeated batch Kafka always gives the timestamp of
   * the stored batch.
   */
  readonly logAppendTime: number
  /** -1 if Kafka finds the error before it looks at the log. */
  readonly logStartOffset: number
  readonly recordErrors: readonly RecordErrorResult[]
  /** Null if Kafka's response has only the error code. */
  readonly errorMessage: string | null
  /** The reason in our words if nothing was appended; null if the batch was. */
  readonly reason: string | null
  readonly duplicate: boolean
}

/**
 * One partition's log in memory, with the state of its producers. All replicas share it, so replication is
 * immediate, and a replica that comes back has missed no record.
 */
export class PartitionLog {
  readonly #batches: LogBatch[] = []
  /** The index of the first batch that is not deleted. */
  #first = 0
  #bytes = 0
  #startOffset = 0
  #endOffset = 0
  #nextExpiryCheck = Number.NEGATIVE_INFINITY
  readonly producers: ProducerState = new ProducerState()

  get startOffset(): number {
    return this.#startOffset
  }

  /** The offset that the next record gets. */
  get endOffset(): number {
    return this.#endOffset
  }

  /** The bytes of the batches that are not deleted. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Checks a batch and appends it, or gives the reason for refusing it. As in Kafka, it checks the batch
   * first, then its records, then its producer's sequence.
   *
   * @param bytes exactly one batch of magic 2, as its length field says
   */
  append(bytes: Buffer, config: TopicConfig, leaderEpoch: number, wallTime: number): AppendResult {
    const batch = validateBatch(bytes, config, wallTime)
    if ('errorCode' in batch) return this.#refused(batch)
    if (batch.header.size > config.segmentBytes) {
      const reason = `the batch takes ${batch.header.size} bytes where segment.bytes is ${config.segmentBytes}`
      return this.#refused(refusal(ErrorCode.RECORD_LIST_TOO_LARGE, reason))
    }
    if (batch.header.producerId <= -1n) return this.#store(batch, config, leaderEpoch, wallTime)
    return this.#appendIdempotent(batch, config, leaderEpoch, wallTime)
  }

  #appendIdempotent(
    batch: ValidBatch,
    config: TopicConfig,
    leaderEpoch: number,
    wallTime: number,
  ): AppendResult {
    const verdict = this.producers.judge(batch.header)
    switch (verdict.kind) {
      case 'duplicate':
        return {
          ...APPENDED,
          baseOffset: verdict.stored.baseOffset,
          logAppendTime: verdict.stored.timestamp,
          logStartOffset: this.#startOffset,
          duplicate: true,
        }
      case 'old-epoch':
        return this.#refused(logRefusal(ErrorCode.INVALID_PRODUCER_EPOCH, verdict.message))
      case 'out-of-order':
        return this.#refused(logRefusal(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, verdict.message))
      case 'next': {
        const result = this.#store(batch, config, leaderEpoch, wallTime)
        const stored = this.#batches.at(-1)
        if (stored !== undefined) {
          this.producers.append(batch.header, {
            baseOffset: stored.baseOffset,
            timestamp: stored.maxTimestamp,
          })
        }
        return result
      }
    }
  }

  #store(batch: ValidBatch, config: TopicConfig, leaderEpoch: number, wallTime: number): AppendResult {
    const baseOffset = this.#endOffset
    // A copy, because the request frame may be the sender's own memory and has more than the batch.
    const bytes = Buffer.from(batch.bytes)
    const maxTimestamp = stampTimestamps(bytes, batch, config.logAppendTime ? wallTime : null)
    setBaseOffset(bytes, BigInt(baseOffset))
    setPartitionLeaderEpoch(bytes, leaderEpoch)
    const lastOffset = baseOffset + batch.header.lastOffsetDelta
    this.#batches.push({ baseOffset, lastOffset, maxTimestamp, leaderEpoch, bytes })
    this.#endOffset = lastOffset + 1
    this.#bytes += bytes.length
    if (config.retentionBytes >= 0) this.#keepWithin(config.retentionBytes)
    return {
      ...APPENDED,
      baseOffset,
      logAppendTime: config.logAppendTime ? wallTime : -1,
      logStartOffset: this.#startOffset,
    }
  }

  /**
   * The batches from the one with `offset` on that fit into `maxBytes`. The first is returned in any case.
   */
  read(offset: number, maxBytes: number): LogBatch[] {
    const found: LogBatch[] = []
    let size = 0
    for (let i = this.#indexOf(offset); i < this.#batches.length; i++) {
      const batch = this.#batches[i] as LogBatch
      if (found.length > 0 && size + batch.bytes.length > maxBytes) break
      found.push(batch)
      size += batch.bytes.length
    }
    return found
  }

  /** The batches that are not deleted, oldest first. */
  *batches(): IterableIterator<LogBatch> {
    for (let i = this.#first; i < this.#batches.length; i++) yield this.#batches[i] as LogBatch
  }

  /**
   * Moves the start of the log to `offset`. Batches that end before it are deleted. As in Kafka, their
   * producers are remembered.
   */
  deleteBefore(offset: number): void {
    if (offset <= this.#startOffset) return
    this.#startOffset = Math.min(offset, this.#endOffset)
    while (this.#first < this.#batches.length) {
      const oldest = this.#batches[this.#first] as LogBatch
      if (oldest.lastOffset >= this.#startOffset) break
      this.#bytes -= oldest.bytes.length
      this.#first++
    }
    if (this.#first > 1024 && this.#first * 2 > this.#batches.length) {
      this.#batches.splice(0, this.#first)
      this.#first = 0
    }
  }

  /**
   * Loads the state of the producers as a restarted broker does (ProducerStateManager). For an empty log it
   * knows no producers.
   */
  reloadProducers(from: 'snapshot' | 'log', expirationMs: number, wallTime: number): void {
    if (this.#startOffset === this.#endOffset) this.producers.clear()
    else this.producers.reload(from, wallTime - expirationMs)
  }

  /** Forgets idle producers. Kafka looks for them at intervals and not at every append. */
  expireProducers(expirationMs: number, checkIntervalMs: number, wallTime: number): void {
    if (wallTime < this.#nextExpiryCheck) return
    this.#nextExpiryCheck = wallTime + checkIntervalMs
    this.producers.expireOlderThan(wallTime - expirationMs)
  }

  #keepWithin(retentionBytes: number): void {
    while (this.#bytes > retentionBytes && this.#first < this.#batches.length - 1) {
      this.deleteBefore((this.#batches[this.#first] as LogBatch).lastOffset + 1)
    }
  }

  #indexOf(offset: number): number {
    let low = this.#first
    let high = this.#batches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#batches[middle] as LogBatch).lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }

  #refused(why: Refusal): AppendResult {
    return { ...refusedResult(why), logStartOffset: why.tellsLogStart ? this.#startOffset : -1 }
  }
}

/** The result of a refusal that comes before any look at the log. */
export function refusedResult({ errorCode, reason, tellsReason, recordErrors }: Refusal): AppendResult {
  return {
    errorCode,
    baseOffset: -1,
    logAppendTime: -1,
    logStartOffset: -1,
    recordErrors,
    errorMessage: tellsReason ? reason : null,
    reason,
    duplicate: false,
  }
}

const APPENDED = {
  errorCode: ErrorCode.NONE,
  recordErrors: [],
  errorMessage: null,
  reason: null,
  duplicate: false,
} as const
