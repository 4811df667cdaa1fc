import { Buffer } from 'node:buffer'
import {
  dataSize,
  headersSize,
  type ParsedRecord,
  recordBodySize,
  recordSize,
} from '../../protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../protocol/record-batch.js'
import { addToSequence } from '../idempotence/sequence.js'
import { Batch } from './batch.js'
import type { Completion } from './completion.js'

/**
 * Splits a batch that the broker refused as too large. Each piece has at most half of its bytes, or a single
 * record. The order is kept. The limit is not `batch.size`: if that is too large itself, the splitting would
 * never end.
 *
 * The pieces keep the time of creation, the flushes that wait, and the completions. They share the sequences
 * of the whole, so that the sequences in the log have no gap. That is right only because the broker refused
 * the whole batch, and no earlier attempt can have been appended.
 */
export function splitBatch(batch: Batch): Batch[] {
  const half = RECORD_BATCH_OVERHEAD + Math.ceil((batch.size - RECORD_BATCH_OVERHEAD) / 2)
  const cuts = cutsOf(batch, half)
  const orderWidth = batch.orderWidth / cuts.length
  const records = batch.parsedRecords()
  let sequence = batch.stamp?.baseSequence ?? 0
  let index = 0
  return cuts.map(({ recordCount, bytes, timestamp }, place) => {
    // No more bytes than the piece needs: no record is added later, and `buffer.memory` may be full.
    const piece = new Batch(Buffer.allocUnsafeSlow(bytes), {
      limit: bytes,
      baseTimestamp: timestamp,
      createdAtMs: batch.createdAtMs,
      generation: batch.generation,
      order: batch.order + place * orderWidth,
      orderWidth,
      returned: batch.returned,
    })
    for (let i = 0; i < recordCount; i++) {
      appendParsed(piece, records.next().value, batch.baseTimestamp, batch.completions[index++] ?? null)
    }
    if (batch.stamp !== null) {
      piece.stampWith({ identity: batch.stamp.identity, baseSequence: sequence })
      sequence = addToSequence(sequence, recordCount)
    }
    return piece
  })
}

interface Cut {
  readonly recordCount: number
  /** Bytes of the piece, its header included. */
  readonly bytes: number
  /** Timestamp of the piece's first record, in milliseconds since 1970. */
  readonly timestamp: number
}

function cutsOf(batch: Batch, limit: number): Cut[] {
  const cuts: Cut[] = []
  let recordCount = 0
  let bytes = RECORD_BATCH_OVERHEAD
  let timestamp = batch.baseTimestamp
  for (const record of batch.parsedRecords()) {
    const ownTimestamp = batch.baseTimestamp + record.timestampDelta
    let size = sizeIn(record, ownTimestamp - timestamp, recordCount)
    if (recordCount > 0 && bytes + size > limit) {
      cuts.push({ recordCount, bytes, timestamp })
      recordCount = 0
      bytes = RECORD_BATCH_OVERHEAD
      size = sizeIn(record, 0, 0)
    }
    if (recordCount === 0) {
      timestamp = ownTimestamp
      size = sizeIn(record, 0, 0)
    }
    recordCount++
    bytes += size
  }
  cuts.push({ recordCount, bytes, timestamp })
  return cuts
}

function sizeIn(record: ParsedRecord, timestampDelta: number, offsetDelta: number): number {
  const { key, value, headers } = record
  const sizeOfHeaders = headersSize(headers.length === 0 ? null : headers)
  return recordSize(
    recordBodySize(timestampDelta, offsetDelta, dataSize(key), dataSize(value), sizeOfHeaders),
  )
}

function appendParsed(
  piece: Batch,
  record: ParsedRecord,
  baseTimestamp: number,
  completion: Completion,
): void {
  const headers = record.headers.length === 0 ? null : record.headers
  const timestamp = baseTimestamp + record.timestampDelta
  const { key, value } = record
  const size = headersSize(headers)
  if (
    piece.tryAppend(key, dataSize(key), value, dataSize(value), headers, size, timestamp, completion) === 0
  ) {
    throw new Error('a record does not fit the piece that was measured for it')
  }
}
