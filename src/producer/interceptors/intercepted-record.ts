import type { InterceptedRecord } from '../../config/interceptor.js'
import type { ProducerRecord } from '../../config/record.js'
import { normalizeHeaders } from '../intake/headers.js'

/** The fields of a record, which a class may have as accessors. */
const FIELDS = ['topic', 'key', 'value', 'partition', 'timestamp'] as const

/**
 * A frozen copy of a record, with its headers as pairs. The caller's own object stays as it is, and an
 * iterable of headers is read once. Fields that are missing stay so, because a misspelt one is found by that.
 *
 * @throws SerializationError if the headers cannot be sent
 */
export function interceptable(record: ProducerRecord): InterceptedRecord {
  const { headers, topic } = record
  const copy: { -readonly [Field in keyof InterceptedRecord]: InterceptedRecord[Field] } = {
    ...record,
    headers: Object.freeze([...(normalizeHeaders(headers, topic) ?? [])]),
  }
  for (const field of FIELDS)
    if (field in record && !Object.hasOwn(copy, field)) Object.assign(copy, { [field]: record[field] })
  return Object.freeze(copy)
}

/** The record that an interceptor returned, unless it is none. */
export function returnedRecord(returned: unknown): ProducerRecord {
  if (returned instanceof Promise) {
    // Its failure must not end the process.
    returned.catch(() => undefined)
    throw new TypeError('it returned a promise, and onSend is synchronous')
  }
  if (typeof returned !== 'object' || returned === null)
    throw new TypeError(`it returned ${returned === null ? 'null' : typeof returned}, not a record`)
  return returned as ProducerRecord
}
