import type { Buffer } from 'node:buffer'
import type { ProducerRecord, RecordHeaderValue } from '../../producer/record.js'
import { CommandFailure } from '../failure.js'
import { type RecordOfLine, shown } from './line-format.js'

/** What the object of a line may have. */
const fields = ['key', 'value', 'headers', 'partition', 'timestamp']

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Half of a surrogate pair: no UTF-8 stands for it, and a replacement would change the data. */
const LONE_SURROGATE = /\p{Cs}/u

/** The records of lines that are each a JSON object. */
export function jsonLines(topic: string): RecordOfLine {
  return (line) => {
    const given = parsed(line)
    for (const name of Object.keys(given)) {
      if (!fields.includes(name))
        throw new CommandFailure(`unknown field '${name}': known are ${fields.join(', ')}`)
    }
    const { key = null, value, headers, partition, timestamp } = given
    if (value === undefined) throw new CommandFailure('the field value is missing; null makes a tombstone')
    return {
      topic,
      key: text('key', key),
      value: text('value', value),
      ...(headers !== undefined && headers !== null && { headers: headersOf(headers) }),
      ...(partition !== undefined && partition !== null && { partition: count('partition', partition) }),
      ...(timestamp !== undefined && timestamp !== null && { timestamp: count('timestamp', timestamp) }),
    } satisfies ProducerRecord
  }
}

function parsed(line: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(line))
  } catch {
    throw new CommandFailure(`no JSON in UTF-8: ${shown(line)}`)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new CommandFailure(`no JSON object: ${shown(line)}`)
}

function text(name: string, value: unknown): string | null {
  if (value === null) return null
  // An object would have to be written as JSON again, and that is not always what was read: think of large numbers.
  if (typeof value !== 'string') throw new CommandFailure(`${name} must be a string or null`)
  if (LONE_SURROGATE.test(value))
    throw new CommandFailure(`${name} has half of a surrogate pair, which UTF-8 cannot hold`)
  return value
}

function count(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new CommandFailure(`${name} must be a whole number from 0`)
}

/** An object of name and value, or of name and list of values; or pairs, which keep order and duplicates. */
function headersOf(headers: unknown): [string, RecordHeaderValue][] {
  if (Array.isArray(headers)) return headers.map(pair)
  if (typeof headers !== 'object' || headers === null) {
    throw new CommandFailure('headers must be an object or a list of [name, value]')
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => pair([name, one])) : [pair([name, value])],
  )
}

function pair(header: unknown): [string, RecordHeaderValue] {
  if (Array.isArray(header) && header.length === 2) {
    const name = text('a header name', header[0])
    if (name !== null) return [name, text(`header ${name}`, header[1])]
  }
  throw new CommandFailure('a header must be [name, value] with a string for a name')
}
