import { SerializationError } from '../../errors.js'
import type { RecordHeader } from '../../protocol/record.js'
import type { RecordHeaders } from '../record.js'
import { isBytes, kindOf, sizeOfEmpty } from './given-bytes.js'

/**
 * The headers as they are on the wire, in order.
 *
 * @returns null for no headers
 * @throws SerializationError if they are neither a plain object nor pairs, if a name is not a string, or if a
 * value is neither a string, bytes nor null
 */
export function normalizeHeaders(
  headers: RecordHeaders | null | undefined,
  topic: string,
): readonly RecordHeader[] | null {
  if (headers === undefined || headers === null) return null
  const normalized: RecordHeader[] = []
  if (typeof headers === 'object' && Symbol.iterator in headers) {
    for (const pair of headers as Iterable<unknown>) {
      if (!Array.isArray(pair) || pair.length !== 2)
        throw refused(topic, 'a header is a pair of name and value')
      add(normalized, pair[0], pair[1], topic)
    }
  } else if (isPlainObject(headers)) {
    for (const [name, value] of Object.entries(headers)) {
      if (Array.isArray(value)) for (const one of value) add(normalized, name, one, topic)
      else add(normalized, name, value, topic)
    }
  } else {
    throw refused(topic, `they are ${kindOf(headers)}, and must be a plain object or pairs of name and value`)
  }
  return normalized.length === 0 ? null : normalized
}

function add(headers: RecordHeader[], name: unknown, value: unknown, topic: string): void {
  if (value === undefined) return
  if (typeof name !== 'string') throw refused(topic, `a header's name is a string, not ${kindOf(name)}`)
  if (isBytes(value)) {
    if (value.length === 0) sizeOfEmpty(value, `header ${name}`, topic)
  } else if (value !== null && typeof value !== 'string') {
    throw refused(
      topic,
      `the value of header ${name} is ${kindOf(value)}: it must be a string, bytes or null`,
    )
  }
  headers.push([name, value])
}

function refused(topic: string, why: string): SerializationError {
  return new SerializationError(`the headers of a record for topic ${topic}: ${why}`, { topic })
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}
