import type { Buffer } from 'node:buffer'
import { ErrorCode } from '../protocol/error-codes.js'
import {
  COMPRESSION_MASK,
  CONTROL_BIT,
  RECORD_BATCH_OVERHEAD,
  type RecordBatchHeader,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
  TIMESTAMP_TYPE_BIT,
} from '../protocol/record-batch.js'
import { type RecordScan, type RefusedRecord, scanRecords } from './record-scan.js'
import { invalidRecord, logRefusal, type Refusal, refusal, unexpected } from './refusal.js'
import type { TopicConfig } from './topic-config.js'
import { unpack } from './unpack.js'

/** A batch that may be appended, as the client sent it. */
export interface ValidBatch {
  readonly bytes: Buffer
  readonly header: RecordBatchHeader
  /** The highest timestamp of the records; the one in the header if the records cannot be read here. */
  readonly maxTimestamp: number
}

const ZSTD = 4

/**
 * The checks that the leader's log makes before it looks at the producer's state
 * (UnifiedLog.analyzeAndValidateRecords, LogValidator).
 */
export function validateBatch(bytes: Buffer, config: TopicConfig, wallTime: number): ValidBatch | Refusal {
  const baseOffset = bytes.readBigInt64BE(0)
  if (baseOffset !== 0n) return invalidRecord(`the base offset must be 0, but it is ${baseOffset}`)
  if (bytes.length > config.maxMessageBytes) {
    return refusal(
      ErrorCode.MESSAGE_TOO_LARGE,
      `the record batch takes ${bytes.length} bytes where max.message.bytes is ${config.maxMessageBytes}`,
    )
  }
  if (bytes.length < RECORD_BATCH_OVERHEAD || !recordBatchChecksumHolds(bytes)) {
    return refusal(
      ErrorCode.CORRUPT_MESSAGE,
      'the record batch is corrupt: its checksum is not that of its bytes',
    )
  }
  const header = readRecordBatchHeader(bytes)
  const compression = header.attributes & COMPRESSION_MASK
  if (compression > ZSTD) return unexpected(`unknown compression type id: ${compression}`)
  const unfit = headerComplaint(header)
  if (unfit !== null) return invalidRecord(unfit)
  const unpacked = unpack(compression, bytes.subarray(RECORD_BATCH_OVERHEAD))
  if (unpacked.kind === 'unreadable') return { bytes, header, maxTimestamp: Number(header.maxTimestamp) }
  const scan = scanBatch(header, unpacked.bytes, config, wallTime)
  // Kafka notices this when it has read all records, unless another error comes first.
  if (unpacked.kind === 'broken' && scan.atEnd) return unexpected('failed to decompress the record stream')
  return verdictOf(bytes, header, scan)
}

function scanBatch(
  { recordCount, baseTimestamp, maxTimestamp, attributes }: RecordBatchHeader,
  records: Buffer,
  config: TopicConfig,
  wallTime: number,
): RecordScan {
  const compressed = (attributes & COMPRESSION_MASK) !== 0
  const appendTime = (attributes & TIMESTAMP_TYPE_BIT) === 0 ? null : Number(maxTimestamp)
  return scanRecords(
    records,
    { recordCount, baseTimestamp: Number(baseTimestamp), appendTime, compressed },
    {
      keyRequired: config.compacted,
      minTimestamp: wallTime - config.timestampBeforeMaxMs,
      maxTimestamp: wallTime + config.timestampAfterMaxMs,
      createTime: !config.logAppendTime,
      maxRecordSize: config.maxDecompressedMessageBytes,
    },
  )
}

function verdictOf(bytes: Buffer, header: RecordBatchHeader, scan: RecordScan): ValidBatch | Refusal {
  if (scan.malformed !== null) return scan.malformed
  if (scan.refused.length > 0) return recordRefusal(scan)
  // Kafka then rebuilds a compressed batch, but it has skipped the keys and values that it needs for that. It
  // stores an uncompressed batch as it is.
  if ((header.attributes & COMPRESSION_MASK) !== 0 && !scan.inPlace)
    return unexpected('records of a compressed batch do not stand at their offsets')
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

function recordRefusal(scan: RecordScan): Refusal {
  const timestamps = scan.refused.some(({ reason }) => reason !== 'no-key')
  const reason = timestamps
    ? 'One or more records have been rejected due to invalid timestamp'
    : `One or more records have been rejected due to ${scan.refused.length} record errors in total`
  return {
    ...logRefusal(timestamps ? ErrorCode.INVALID_TIMESTAMP : ErrorCode.INVALID_RECORD, reason),
    tellsReason: true,
    recordErrors: scan.refused.map((record) => ({
      batchIndex: record.batchIndex,
      message: recordComplaint(record),
    })),
  }
}

function recordComplaint({ reason, timestamp }: RefusedRecord): string {
  switch (reason) {
    case 'no-key':
      return 'Compacted topic cannot accept message without key'
    case 'timestamp':
      return `Timestamp ${timestamp} of the message is out of range`
    case 'timestamp-type':
      return 'Invalid timestamp type: a producer should not set it to LogAppendTime'
  }
}
