import type { Buffer } from 'node:buffer'
import { gunzipSync } from 'node:zlib'
import type { RecordErrorResult } from '../protocol/produce.js'
import {
  COMPRESSION_MASK,
  CONTROL_BIT,
  RECORD_BATCH_OVERHEAD,
  type RecordBatchHeader,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
  TIMESTAMP_TYPE_BIT,
} from '../protocol/record-batch.js'
import type { TopicConfig } from './cluster-config.js'
import { ErrorCode } from './error-code.js'
import { type RecordScan, type RefusedRecord, scanRecords } from './record-scan.js'

/** A batch that may be appended, as the client sent it. */
export interface ValidBatch {
  readonly bytes: Buffer
  readonly header: RecordBatchHeader
  /** The highest timestamp found in the records; that of the header where the records cannot be read here. */
  readonly maxTimestamp: number
}

/** Why a batch is not appended. */
export interface Refusal {
  readonly errorCode: number
  readonly message: string
  readonly recordErrors: readonly RecordErrorResult[]
  /** Whether Kafka tells the log start offset with this error: it does unless the append failed before the log was looked at. */
  readonly tellsLogStart: boolean
}

const GZIP = 1
const ZSTD = 4
/** A batch that unpacks to more than this is taken for an attack on the test's memory. */
const MAX_UNPACKED_BYTES = 256 * 1024 * 1024
/** Where a batch's magic byte stands: what is shorter is no batch at all. */
const UP_TO_MAGIC = 17
const MAGIC_AT = 16
const BATCH_LENGTH_AT = 8
const LOG_OVERHEAD = 12
/** Kafka's bound for any message format. */
const SMALLEST_LEGACY_RECORD = 14

/**
 * What KafkaApis looks at before the partition's leader does (ProduceRequest.validateRecords): exactly one batch, of magic 2.
 * Bytes behind the batch that are no whole batch are dropped, as Kafka drops them.
 */
export function singleBatch(records: Buffer | null, version: number): Buffer | Refusal {
  const start = records === null ? null : nextBatchSize(records, 0)
  if (typeof start === 'string') return refusal(ErrorCode.CORRUPT_MESSAGE, start)
  if (records === null || start === null) {
    return refusal(
      ErrorCode.INVALID_RECORD,
      `Produce requests with version ${version} must have at least one record batch per partition`,
    )
  }
  if (records[MAGIC_AT] !== 2) {
    return refusal(
      ErrorCode.INVALID_RECORD,
      `Produce requests with version ${version} are only allowed to contain record batches with magic version 2`,
    )
  }
  // Shorter than its own header: no checksum can hold.
  if (start < RECORD_BATCH_OVERHEAD) {
    return refusal(ErrorCode.CORRUPT_MESSAGE, `a record batch of ${start} bytes is shorter than its header`)
  }
  if (version < 7 && (records.readInt16BE(21) & COMPRESSION_MASK) === ZSTD) {
    return refusal(
      ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
      `Produce requests with version ${version} are not allowed to use ZStandard compression`,
    )
  }
  const second = nextBatchSize(records, start)
  if (typeof second === 'string') return refusal(ErrorCode.CORRUPT_MESSAGE, second)
  if (second !== null) {
    return refusal(
      ErrorCode.INVALID_RECORD,
      `Produce requests with version ${version} are only allowed to contain exactly one record batch per partition`,
    )
  }
  return records.subarray(0, start)
}

/** What the leader's log checks before it looks at the producer's state (UnifiedLog.analyzeAndValidateRecords, LogValidator). */
export function validateBatch(bytes: Buffer, config: TopicConfig, wallTime: number): ValidBatch | Refusal {
  const header = readRecordBatchHeader(bytes)
  if (header.baseOffset !== 0n) return invalid(`the base offset must be 0, but it is ${header.baseOffset}`)
  if (header.size > config.maxMessageBytes) {
    return refusal(
      ErrorCode.MESSAGE_TOO_LARGE,
      `the record batch takes ${header.size} bytes where max.message.bytes is ${config.maxMessageBytes}`,
    )
  }
  if (!recordBatchChecksumHolds(bytes)) {
    return refusal(ErrorCode.CORRUPT_MESSAGE, `the record batch is corrupt (its stored crc is ${header.crc})`)
  }
  const compression = header.attributes & COMPRESSION_MASK
  if (compression > ZSTD) return unknownError(`unknown compression type id: ${compression}`)
  const unfit = headerComplaint(header)
  if (unfit !== null) return invalid(unfit)
  const records = bytes.subarray(RECORD_BATCH_OVERHEAD)
  const readable = compression === 0 ? records : unpack(compression, records)
  if (readable === 'broken') return unknownError('failed to decompress the record stream')
  if (readable === null) return { bytes, header, maxTimestamp: Number(header.maxTimestamp) }
  return validateRecords(bytes, header, readable, config, wallTime)
}

/** The records of a batch, uncompressed; null where this build has no codec for them, `broken` where the codec refuses them. */
export function unpack(compression: number, records: Buffer): Buffer | null | 'broken' {
  if (compression === 0) return records
  if (compression !== GZIP) return null
  try {
    return gunzipSync(records, { maxOutputLength: MAX_UNPACKED_BYTES })
  } catch {
    return 'broken'
  }
}

function validateRecords(
  bytes: Buffer,
  header: RecordBatchHeader,
  records: Buffer,
  config: TopicConfig,
  wallTime: number,
): ValidBatch | Refusal {
  const bounded = !config.logAppendTime
  const scan = scanRecords(records, header.recordCount, Number(header.baseTimestamp), {
    keyRequired: config.compacted,
    minTimestamp: bounded ? wallTime - config.timestampBeforeMaxMs : Number.NEGATIVE_INFINITY,
    maxTimestamp: bounded ? wallTime + config.timestampAfterMaxMs : Number.POSITIVE_INFINITY,
  })
  if (scan.malformed !== null) return invalid(scan.malformed)
  if (scan.refused.length > 0) return recordRefusal(scan)
  // A producer must leave this bit to the broker; with LogAppendTime topics Kafka says so record by record.
  if (config.logAppendTime && (header.attributes & TIMESTAMP_TYPE_BIT) !== 0) {
    const refused = Array.from({ length: header.recordCount }, (_, batchIndex) => ({
      batchIndex,
      reason: 'timestamp' as const,
      value: -1,
    }))
    return recordRefusal({ ...scan, refused })
  }
  return { bytes, header, maxTimestamp: scan.maxTimestamp }
}

function headerComplaint(header: RecordBatchHeader): string | null {
  const { lastOffsetDelta, recordCount, producerId, baseSequence } = header
  if (lastOffsetDelta < 0) return `the batch has an invalid offset range: [0, ${lastOffsetDelta}]`
  if (recordCount <= 0) return `the batch says it has ${recordCount} records`
  if (lastOffsetDelta + 1 !== recordCount) {
    return `the batch's offset range [0, ${lastOffsetDelta}] does not fit its ${recordCount} records`
  }
  if ((header.attributes & CONTROL_BIT) !== 0) return 'clients are not allowed to write control records'
  if (producerId > -1n && baseSequence < 0)
    return `sequence ${baseSequence} in a batch with producer id ${producerId}`
  return null
}

/** Bytes of the batch at `start`; null if there is none or it is cut off, a complaint if its size makes no sense. */
function nextBatchSize(records: Buffer, start: number): number | null | string {
  const remaining = records.length - start
  if (remaining < LOG_OVERHEAD) return null
  const length = records.readInt32BE(start + BATCH_LENGTH_AT)
  if (length < SMALLEST_LEGACY_RECORD)
    return `a record batch of ${length} bytes is shorter than any record can be`
  if (remaining < UP_TO_MAGIC) return null
  const magic = records.readInt8(start + MAGIC_AT)
  if (magic < 0 || magic > 2) return `invalid magic found in record: ${magic}`
  return length + LOG_OVERHEAD > remaining ? null : length + LOG_OVERHEAD
}

function recordRefusal(scan: RecordScan): Refusal {
  const timestamps = scan.refused.some(({ reason }) => reason === 'timestamp')
  return {
    errorCode: timestamps ? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD,
    message: timestamps
      ? 'One or more records have been rejected due to invalid timestamp'
      : `One or more records have been rejected due to ${scan.refused.length} record errors in total`,
    recordErrors: scan.refused.map((record) => ({
      batchIndex: record.batchIndex,
      message: recordComplaint(record),
    })),
    tellsLogStart: true,
  }
}

function recordComplaint({ reason, value }: RefusedRecord): string {
  if (reason === 'no-key') return 'Compacted topic cannot accept message without key'
  if (reason === 'offset') return `the record's relative offset is ${value}`
  return value === -1
    ? 'Invalid timestamp type: a producer should not set it to LogAppendTime'
    : `Timestamp ${value} of the message is out of range`
}

function refusal(errorCode: number, message: string): Refusal {
  return { errorCode, message, recordErrors: [], tellsLogStart: false }
}

function invalid(message: string): Refusal {
  return { errorCode: ErrorCode.INVALID_RECORD, message, recordErrors: [], tellsLogStart: true }
}

function unknownError(message: string): Refusal {
  return { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, message, recordErrors: [], tellsLogStart: true }
}
