import { Buffer } from 'node:buffer'
import type { ProducerRecord, RecordHeaderValue } from '../../producer/record.js'
import { CommandFailure } from '../failure.js'

/** Makes the record of a line. @throws CommandFailure if the line is not as it should be */
export type RecordOfLine = (line: Buffer) => ProducerRecord

/** How a line is made up: Kafka's LineMessageReader with its property names and defaults. */
export interface LineFormat {
  readonly parseKey: boolean
  readonly keySeparator: Buffer
  readonly parseHeaders: boolean
  readonly headersDelimiter: Buffer
  readonly headersSeparator: Buffer
  readonly headersKeySeparator: Buffer
  readonly ignoreError: boolean
  /** What stands for null; null if nothing does. */
  readonly nullMarker: Buffer | null
}

type PropertyName =
  | 'parse.key'
  | 'key.separator'
  | 'parse.headers'
  | 'headers.delimiter'
  | 'headers.separator'
  | 'headers.key.separator'
  | 'ignore.error'

const defaults: Readonly<Record<PropertyName, string>> = {
  'parse.key': 'false',
  'key.separator': '\t',
  'parse.headers': 'false',
  'headers.delimiter': '\t',
  'headers.separator': ',',
  'headers.key.separator': ':',
  'ignore.error': 'false',
}

const separators: readonly PropertyName[] = [
  'key.separator',
  'headers.delimiter',
  'headers.separator',
  'headers.key.separator',
]

/** A key separator ends what begins behind the headers, so it may be any of theirs. */
const toBeToldApart: readonly (readonly [PropertyName, PropertyName])[] = [
  ['headers.delimiter', 'headers.separator'],
  ['headers.delimiter', 'headers.key.separator'],
  ['headers.separator', 'headers.key.separator'],
]

const NULL_MARKER = 'null.marker'
const knownNames = [...Object.keys(defaults), NULL_MARKER]

/** @throws CommandFailure for a name or a value that cannot be used, and for separators that cannot be told apart */
export function lineFormat(properties: Readonly<Record<string, string>>): LineFormat {
  for (const name of Object.keys(properties)) {
    if (knownNames.includes(name)) continue
    throw new CommandFailure(`unknown reader property '${name}': known are ${knownNames.join(', ')}`)
  }
  const given = { ...defaults, ...properties }
  for (const name of separators) {
    if (given[name] === '') throw new CommandFailure(`reader property ${name} must not be empty`)
    if (given[name] === properties[NULL_MARKER]) throw same(NULL_MARKER, name)
  }
  for (const [one, other] of toBeToldApart) if (given[one] === given[other]) throw same(one, other)
  const nullMarker = properties[NULL_MARKER]
  return {
    parseKey: isTrue('parse.key', given['parse.key']),
    keySeparator: Buffer.from(given['key.separator']),
    parseHeaders: isTrue('parse.headers', given['parse.headers']),
    headersDelimiter: Buffer.from(given['headers.delimiter']),
    headersSeparator: Buffer.from(given['headers.separator']),
    headersKeySeparator: Buffer.from(given['headers.key.separator']),
    ignoreError: isTrue('ignore.error', given['ignore.error']),
    nullMarker: nullMarker === undefined ? null : Buffer.from(nullMarker),
  }
}

/** The records of lines in the given format. Keys, values and header values are the line's own bytes. */
export function linesAs(topic: string, format: LineFormat): RecordOfLine {
  const { parseKey, parseHeaders, nullMarker } = format
  if (!parseKey && !parseHeaders && nullMarker === null) return (value) => ({ topic, value })
  const orNull = (bytes: Buffer): Buffer | null => (nullMarker?.equals(bytes) ? null : bytes)
  return (line) => {
    let rest = line
    let headers: readonly Header[] | null = null
    let key: Buffer | null = null
    if (parseHeaders) {
      const end = indexOf(rest, format.headersDelimiter, format, 'headers delimiter')
      if (end >= 0) {
        const text = rest.subarray(0, end)
        headers = nullMarker?.equals(text) ? null : splitHeaders(text, format, orNull)
        rest = rest.subarray(end + format.headersDelimiter.length)
      }
    }
    if (parseKey) {
      const end = indexOf(rest, format.keySeparator, format, 'key separator')
      if (end >= 0) {
        key = orNull(rest.subarray(0, end))
        rest = rest.subarray(end + format.keySeparator.length)
      }
    }
    const value = orNull(rest)
    return headers === null ? { topic, key, value } : { topic, key, value, headers }
  }
}

type Header = readonly [name: string, value: RecordHeaderValue]

/** -1 where it is missing and that is no error. */
function indexOf(bytes: Buffer, separator: Buffer, { ignoreError }: LineFormat, name: string): number {
  const index = bytes.indexOf(separator)
  if (index < 0 && !ignoreError) throw new CommandFailure(`no ${name} in ${shown(bytes)}`)
  return index
}

function splitHeaders(bytes: Buffer, format: LineFormat, orNull: (bytes: Buffer) => Buffer | null): Header[] {
  return split(bytes, format.headersSeparator).map((pair) => {
    const end = indexOf(pair, format.headersKeySeparator, format, 'header key separator')
    if (end < 0) return [headerName(pair), null]
    const name = pair.subarray(0, end)
    if (format.nullMarker?.equals(name)) throw new CommandFailure('a header name cannot be the null marker')
    return [headerName(name), orNull(pair.subarray(end + format.headersKeySeparator.length))]
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function headerName(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new CommandFailure(`the header name ${shown(bytes)} is not UTF-8, as Kafka wants it`)
  }
}

/** The parts between separators; empty ones at the end do not count, as in Java. */
function split(bytes: Buffer, separator: Buffer): Buffer[] {
  const parts: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(separator); end >= 0; end = bytes.indexOf(separator, start)) {
    parts.push(bytes.subarray(start, end))
    start = end + separator.length
  }
  parts.push(bytes.subarray(start))
  while (parts.length > 1 && parts.at(-1)?.length === 0) parts.pop()
  return parts
}

function isTrue(name: string, text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word === 'true' || word === 'false') return word === 'true'
  throw new CommandFailure(`reader property ${name} must be true or false, got '${text}'`)
}

function same(one: string, other: string): CommandFailure {
  return new CommandFailure(`reader properties ${one} and ${other} must not be equal`)
}

/** The beginning of a line, for a message. */
export function shown(bytes: Buffer): string {
  const text = bytes.subarray(0, 80).toString('utf8')
  return `${JSON.stringify(text)}${bytes.length > 80 ? '...' : ''}`
}
