import type { KafkaError } from '../errors.js'
import type { ParsedRecord } from '../protocol/record.js'
import { RecordCursor } from '../protocol/record-cursor.js'
import type { Batch } from './batch.js'
import { complete } from './completion.js'
import type { Partition } from './partition.js'
import type { UndeliveredRecord } from './record.js'

/** How the outcome of records without completion, and errors thrown by callbacks, leave the producer. */
export interface DeliveryHooks {
  undelivered(error: KafkaError, record: UndeliveredRecord): void
  rethrow(error: unknown): void
}

/**
 * Tells every record of the batch where it is, in order. What the metadata says of a record is read back from the batch's bytes, so
 * that nothing has to be kept per record between send and acknowledgement.
 *
 * @param baseOffset of the first record; -1n if unknown
 * @param logAppendTimeMs the broker's time for all records, or -1n if they keep their own
 */
export function deliver(
  partition: Partition,
  batch: Batch,
  baseOffset: bigint,
  logAppendTimeMs: bigint,
  hooks: DeliveryHooks,
): void {
  const { completions, baseTimestamp } = batch
  const topic = partition.topic.name
  const index = partition.index
  const brokerTime = logAppendTimeMs === -1n ? -1 : Number(logAppendTimeMs)
  const cursor = new RecordCursor(batch.records)
  let offset = baseOffset
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i]
    if (completion === null || completion === undefined) {
      cursor.skip()
    } else {
      cursor.advance()
      complete(
        completion,
        null,
        {
          topic,
          partition: index,
          offset,
          timestamp: brokerTime === -1 ? baseTimestamp + cursor.timestampDelta : brokerTime,
          serializedKeySize: cursor.keySize,
          serializedValueSize: cursor.valueSize,
        },
        hooks.rethrow,
      )
    }
    if (baseOffset !== -1n) offset++
  }
}

/**
 * Tells every record of the batch that it was not delivered.
 *
 * @param errorOf the error of the record at an index of the batch
 */
export function deliverFailure(
  partition: Partition,
  batch: Batch,
  errorOf: (index: number) => KafkaError,
  hooks: DeliveryHooks,
): void {
  const { completions } = batch
  const records = completions.includes(null) ? batch.parsedRecords() : null
  for (let i = 0; i < completions.length; i++) {
    const completion = completions[i]
    const record: ParsedRecord | undefined = records?.next().value
    if (completion !== null && completion !== undefined) {
      complete(completion, errorOf(i), null, hooks.rethrow)
    } else if (record !== undefined) {
      hooks.undelivered(errorOf(i), {
        topic: partition.topic.name,
        partition: partition.index,
        timestamp: batch.baseTimestamp + record.timestampDelta,
        // Copies: the batch's memory is used again.
        key: copyOf(record.key),
        value: copyOf(record.value),
        headers: record.headers.map(([name, value]) => [name, copyOf(value)] as const),
      })
    }
  }
}

function copyOf(bytes: Uint8Array | null): Uint8Array | null {
  return bytes === null ? null : new Uint8Array(bytes)
}
