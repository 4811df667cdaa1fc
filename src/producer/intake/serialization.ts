import { Buffer } from 'node:buffer'
import type { Bytes } from '../../config/serializer.js'
import { SerializationError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'
import { utf8Size } from '../../protocol/utf8.js'
import type { Completion } from '../accumulator/completion.js'
import type { WaitingSend } from '../accumulator/waiting-send.js'
import type { ProducerRecord } from '../record.js'
import { adviceFor, isBytes, kindOf, sizeOfEmpty } from './given-bytes.js'
import { misspeltField } from './record-fields.js'

/**
 * One stage on a record's way into a batch. The last stage is Intake, which takes strings and bytes. A
 * serializer is a stage before it, and hands records on in the order of the sends.
 */
export interface RecordStage<Record> {
  /**
   * Takes a record in.
   *
   * @returns the record's place in a queue if it has to wait, else null
   * @throws KafkaError if the record cannot be sent; nothing was taken in then
   */
  accept(record: Record, completion: Completion): WaitingSend | null
}

/**
 * The size of a key or value in bytes; -1 for null.
 *
 * @throws SerializationError if it is neither a string, a Uint8Array nor null
 */
export function sizeOf(data: unknown, what: 'key' | 'value', topic: string, record: ProducerRecord): number {
  if (typeof data === 'string') return utf8Size(data, Buffer.byteLength)
  if (data === null) return -1
  if (isBytes(data)) return data.length > 0 ? data.length : sizeOfEmpty(data, `the ${what}`, topic)
  const advice = data === undefined ? adviceForMissing(record) : adviceFor(data)
  throw new SerializationError(
    `the ${what} of a record for topic ${topic} is ${kindOf(data)}${advice && `: ${advice}`}; without a serializer it must be a string, a Uint8Array or null`,
    { topic },
  )
}

/** A copy of bytes, because the caller may reuse its own once `send` has returned. A string needs no copy. */
export function copied<T extends Bytes>(data: T): T | Uint8Array {
  return isBytes(data) ? Buffer.from(data) : data
}

export function bytesOf(data: Bytes): Uint8Array | null {
  return typeof data === 'string' ? Buffer.from(data) : data
}

function adviceForMissing(record: ProducerRecord): string {
  if ('messages' in record)
    return "messages is kafkajs's: send each of them as a record of its own, with topic, key and value"
  return misspeltField(record, nearestName) ?? 'null makes a tombstone'
}
