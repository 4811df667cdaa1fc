import type { Buffer } from 'node:buffer'
import type { ProduceRequest } from '../protocol/produce.js'
import { COMPRESSION_MASK, TRANSACTIONAL_BIT } from '../protocol/record-batch.js'
import { asBuffer } from './as-buffer.js'
import { ErrorCode } from './error-code.js'
import { type Refusal, refusal } from './refusal.js'

const ZSTD = 4
const MAGIC_AT = 16
/** A batch's length, leader epoch and magic byte: what is shorter is no batch at all. */
const UP_TO_MAGIC = 17
const BATCH_LENGTH_AT = 8
const LOG_OVERHEAD = 12
const ATTRIBUTES_AT = 21
/** Kafka reads this far into every batch, to see whether it is transactional. */
const UP_TO_PRODUCER_ID = 51
const INT32_MAX = 0x7fff_ffff
/** Kafka's bound for any message format. */
const SMALLEST_LEGACY_RECORD = 14

/**
 * What KafkaApis looks at before it looks at any partition (handleProduceRequest): whether there are transactional batches. A refusal
 * is for the whole request, be it only that the start of a batch cannot be read.
 */
export function requestRefusal(request: ProduceRequest): Refusal | null {
  for (const { partitions } of request.topics) {
    for (const { records } of partitions) {
      if (records === null) continue
      const bytes = asBuffer(records)
      const size = nextBatchSize(bytes, 0)
      if (size === null) continue
      if (typeof size !== 'number')
        return { ...size, tellsReason: size.errorCode === ErrorCode.CORRUPT_MESSAGE }
      const transactional =
        bytes[MAGIC_AT] === 2 && (bytes.readInt16BE(ATTRIBUTES_AT) & TRANSACTIONAL_BIT) !== 0
      if (!transactional) continue
      if (request.transactionalId !== null) return null
      const reason = 'a transactional batch in a request without a transactional id'
      return refusal(ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, reason)
    }
  }
  return null
}

/** The one batch of a partition's records, or why there is not exactly one. */
export type SingleBatch =
  | { readonly kind: 'batch'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Kafka runs into an exception here that ends the work on the whole request. */
  | { readonly kind: 'request refused'; readonly refusal: Refusal }

/**
 * What KafkaApis looks at before the partition's leader does (ProduceRequest.validateRecords): exactly one batch, of magic 2.
 * Bytes behind the batch that are no whole batch are dropped, as Kafka drops them.
 */
export function singleBatch(records: Uint8Array | null, version: number): SingleBatch {
  const bytes = records === null ? null : asBuffer(records)
  const size = bytes === null ? null : nextBatchSize(bytes, 0)
  if (bytes === null || size === null)
    return invalid(version, 'must have at least one record batch per partition')
  if (typeof size !== 'number') return unreadable(size)
  if (bytes[MAGIC_AT] !== 2) {
    return invalid(version, 'are only allowed to contain record batches with magic version 2')
  }
  const codec = bytes.readInt16BE(ATTRIBUTES_AT) & COMPRESSION_MASK
  if (version < 7 && codec > ZSTD) {
    const why = refusal(ErrorCode.UNKNOWN_SERVER_ERROR, `unknown compression type id: ${codec}`)
    return { kind: 'request refused', refusal: why }
  }
  if (version < 7 && codec === ZSTD) {
    const reason = `Produce requests with version ${version} are not allowed to use ZStandard compression`
    return { kind: 'refused', refusal: refusal(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE, reason) }
  }
  const second = nextBatchSize(bytes, size)
  if (typeof second === 'number') {
    return invalid(version, 'are only allowed to contain exactly one record batch per partition')
  }
  if (second !== null) return unreadable(second)
  if (size < UP_TO_PRODUCER_ID) {
    const why = refusal(ErrorCode.UNKNOWN_SERVER_ERROR, `a record batch of ${size} bytes has no producer id`)
    return { kind: 'request refused', refusal: why }
  }
  return { kind: 'batch', bytes: bytes.subarray(0, size) }
}

/** What the batch at `start` takes; null if there is none or it is cut off, a refusal if its start makes no sense. */
function nextBatchSize(records: Buffer, start: number): number | null | Refusal {
  const remaining = records.length - start
  if (remaining < LOG_OVERHEAD) return null
  const length = records.readInt32BE(start + BATCH_LENGTH_AT)
  if (length < SMALLEST_LEGACY_RECORD) {
    const reason = `a record batch of ${length} bytes is shorter than any record can be`
    return refusal(ErrorCode.CORRUPT_MESSAGE, reason)
  }
  if (remaining < UP_TO_MAGIC) return null
  const magic = records.readInt8(start + MAGIC_AT)
  if (magic < 0 || magic > 2)
    return refusal(ErrorCode.CORRUPT_MESSAGE, `invalid magic found in record: ${magic}`)
  const size = length + LOG_OVERHEAD
  // Kafka's sum goes round to below 0 here.
  if (size > INT32_MAX) return refusal(ErrorCode.UNKNOWN_SERVER_ERROR, `a record batch of ${size} bytes`)
  return size > remaining ? null : size
}

function unreadable(why: Refusal): SingleBatch {
  const corrupt = why.errorCode === ErrorCode.CORRUPT_MESSAGE
  return { kind: corrupt ? 'refused' : 'request refused', refusal: why }
}

function invalid(version: number, what: string): SingleBatch {
  const why = refusal(ErrorCode.INVALID_RECORD, `Produce requests with version ${version} ${what}`)
  return { kind: 'refused', refusal: why }
}
