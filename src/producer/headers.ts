import { SerializationError } from '../errors.js'
import type { RecordHeader } from '../protocol/record.js'
import type { RecordHeaders } from './record.js'

/**
 * Headers as they go on the wire, in order.
 *
 * @returns null for none
 * @throws SerializationError if a name is no string, or a value neither string, bytes nor null
 */
export function normalizeHeaders(headers: RecordHeaders | undefined): readonly RecordHeader[] | null {
  if (headers === undefined || headers === null) return null
  if (typeof headers !== 'object')
    throw new SerializationError(`headers are an object or pairs, not ${typeof headers}`)
  const normalized: RecordHeader[] = []
  if (isIterable(headers)) {
    for (const pair of headers) {
      if (!Array.isArray(pair)) throw new SerializationError('a header is a pair of name and value')
      add(normalized, pair[0], pair[1])
    }
  } else {
    for (const [name, value] of Object.entries(headers)) {
      if (Array.isArray(value)) for (const one of value) add(normalized, name, one)
      else add(normalized, name, value)
    }
  }
  return normalized.length === 0 ? null : normalized
}

function add(headers: RecordHeader[], name: unknown, value: unknown): void {
  if (value === undefined) return
  if (typeof name !== 'string')
    throw new SerializationError(`a header's name is a string, not ${typeof name}`)
  if (value !== null && typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw new SerializationError(
      `the value of header ${name} is ${typeof value}: it must be a string, bytes or null`,
    )
  }
  headers.push([name, value])
}

function isIterable(headers: object): headers is Iterable<unknown> {
  return Symbol.iterator in headers
}
