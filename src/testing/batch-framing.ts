import type { Buffer } from 'node:buffer'
import { ErrorCode } from '../protocol/error-codes.js'
import type { ProduceRequest } from '../protocol/produce.js'
import { COMPRESSION_MASK, TRANSACTIONAL_BIT } from '../protocol/record-batch.js'
import { asBuffer } from './as-buffer.js'
import { type Refusal, refusal } from './refusal.js'

const ZSTD = 4
const MAGIC_AT = 16
/** The bytes of a batch up to its magic byte, inclusive. Fewer bytes are no batch. */
const UP_TO_MAGIC = 17
const BATCH_LENGTH_AT = 8
const LOG_OVERHEAD = 12
const ATTRIBUTES_AT = 21
/** Kafka reads these bytes of every batch to see whether it is transactional. */
const UP_TO_PRODUCER_ID = 51
const INT32_MAX = 0x7fff_ffff
/** Kafka's bound for all message formats. */
const SMALLEST_LEGACY_RECORD = 14

/**
 * The check that KafkaApis makes before it looks at any partition (handleProduceRequest): whether a batch is
 * transactional. A refusal is for the whole request, even if only the start of one batch cannot be read.
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

/** The one batch of a partition's records, or the reason why there is not exactly one. */
export type SingleBatch =
  | { readonly kind: 'batch'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Kafka throws an exception here that ends its work on the whole request. */
  | { readonly kind: 'request refused'; readonly refusal: Refusal }

/**
 * The check that KafkaApis makes before the partition's leader (ProduceRequest.validateRecords): exactly one
 * batch, of magic 2. As in Kafka, an incomplete batch behind it is dropped.
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

/**
 * The size of the batch at `start`; null if there is no batch or it is incomplete; a refusal if its start is
 * invalid.
 */
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
  // Kafka's sum of two ints overflows here.
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
