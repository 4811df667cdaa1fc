import type { KafkaError } from '../../errors.js'
import { contentForJson, jsonForm } from '../../printing.js'
import type { ParsedRecord } from '../../protocol/record.js'
import { RecordCursor } from '../../protocol/record-cursor.js'
import type { Batch } from '../accumulator/batch.js'
import { complete, isUnasked, isUnheard, type UnaskedSend } from '../accumulator/completion.js'
import type { Partition } from '../accumulator/partition.js'
import type { UndeliveredRecord } from '../record.js'
import { AcknowledgedRecord } from './acknowledged-record.js'

const withJson = jsonForm<UndeliveredRecord>((record) => ({ ...record, ...contentForJson(record) }))

/** Receives the failures of records without a completion, and the errors that callbacks throw. */
export interface DeliveryListener {
  undelivered(error: KafkaError, record: UndeliveredRecord, send: UnaskedSend | null): void
  rethrow(error: unknown): void
}

/**
 * Notifies every record of the batch that it is in the log, in order. The metadata of a record is read from
 * the batch's bytes, so that nothing has to be kept per record between send and acknowledgement.
 *
 * @param baseOffset offset of the first record; -1n if unknown
 * @param logAppendTimeMs the broker's time for all records, or -1n if they keep their own
 */
export function deliver(
  partition: Partition,
  batch: Batch,
  baseOffset: bigint,
  logAppendTimeMs: bigint,
  listener: DeliveryListener,
): void {
  const { completions, baseTimestamp } = batch
  const topic = partition.topic.name
  const index = partition.index
  const brokerTime = logAppendTimeMs === -1n ? -1 : Number(logAppendTimeMs)
  const cursor = new RecordCursor(batch.records)
  let offset = baseOffset
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i]
    if (completion === undefined || (typeof completion !== 'function' && isUnheard(completion))) {
      cursor.skip()
    } else {
      cursor.advance()
      complete(
        completion,
        null,
        new AcknowledgedRecord(
          topic,
          index,
          offset,
          brokerTime === -1 ? baseTimestamp + cursor.timestampDelta : brokerTime,
          cursor.keySize,
          cursor.valueSize,
        ),
        listener.rethrow,
      )
    }
    if (baseOffset !== -1n) offset++
  }
}

/**
 * Notifies every record of the batch that it was not delivered.
 *
 * @param errorOf makes the error of the record at an index of the batch
 */
export function deliverFailure(
  partition: Partition,
  batch: Batch,
  errorOf: (index: number) => KafkaError,
  listener: DeliveryListener,
): void {
  const { completions } = batch
  const records = completions.some(isUnasked) ? batch.parsedRecords() : null
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i]
    const record: ParsedRecord | undefined = records?.next().value
    if (completion === undefined) continue
    if (!isUnasked(completion)) {
      complete(completion, errorOf(i), null, listener.rethrow)
    } else if (record !== undefined) {
      const undelivered = withJson({
        topic: partition.topic.name,
        partition: partition.index,
        timestamp: batch.baseTimestamp + record.timestampDelta,
        // Copies, because the batch's memory is used again.
        key: copyOf(record.key),
        value: copyOf(record.value),
        headers: record.headers.map(([name, value]) => [name, copyOf(value)] as const),
      })
      listener.undelivered(errorOf(i), undelivered, completion)
    }
  }
}

function copyOf(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes)
}
