import type { Buffer } from 'node:buffer'
import type { ProducerRecord, RecordHeaderValue } from '../../producer/record.js'
import { CommandFailure } from '../failure.js'
import type { RecordOfLine } from './line-format.js'
import { shown } from './shown.js'

/** The fields that the object of a line may have. */
const fields = ['key', 'value', 'headers', 'partition', 'timestamp']

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Half of a surrogate pair. UTF-8 cannot express it, and a replacement would change the data. */
const LONE_SURROGATE = /\p{Cs}/u

const BYTE_ORDER_MARK = '\ufeff'
/** White space of JSON. */
const blank = /^[ \t\r]*$/

/**
 * Makes records of lines that are JSON objects. Blank lines are skipped, and so is a byte order mark before
 * the first line.
 */
export function jsonLines(topic: string): RecordOfLine {
  return (line, lineNumber) => {
    const source = decoded(line)
    const json = lineNumber === 1 && source.startsWith(BYTE_ORDER_MARK) ? source.slice(1) : source
    if (blank.test(json)) return null
    const given = parsed(json, line)
    for (const name of Object.keys(given)) {
      if (!fields.includes(name))
        throw new CommandFailure(`unknown field '${name}': the fields are ${fields.join(', ')}`)
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

function decoded(line: Buffer): string {
  try {
    return utf8.decode(line)
  } catch {
    throw noJson(line)
  }
}

function parsed(json: string, line: Buffer): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    throw noJson(line)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw new CommandFailure(`not a JSON object: ${shown(line)}`)
}

function noJson(line: Buffer): CommandFailure {
  return new CommandFailure(`not JSON in UTF-8: ${shown(line)}`)
}

function text(name: string, value: unknown): string | null {
  if (value === null) return null
  // An object would have to be written as JSON again, which may change it: large numbers lose digits.
  if (typeof value !== 'string') throw new CommandFailure(`${name} must be a string or null`)
  if (LONE_SURROGATE.test(value))
    throw new CommandFailure(`${name} has half of a surrogate pair, which UTF-8 cannot hold`)
  return value
}

function count(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw new CommandFailure(`${name} must be a whole number from 0`)
}

/**
 * Headers are an object with a value or a list of values for each name, or a list of [name, value] pairs. The
 * list keeps order and duplicates.
 */
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
  throw new CommandFailure('a header must be [name, value], and the name must be a string')
}
