import { Buffer } from 'node:buffer'
import type { ProducerRecord, RecordHeaderValue } from '../../producer/record.js'
import { CommandFailure } from '../failure.js'
import { shown } from './shown.js'

/**
 * Makes the record of a line; null if the line is to be skipped.
 *
 * @param lineNumber the number of the line, from 1 on
 * @throws CommandFailure if the line is invalid
 */
export type RecordOfLine = (line: Buffer, lineNumber: number) => ProducerRecord | null

/** The format of a line, with the properties and defaults of Kafka's LineMessageReader. */
export interface LineFormat {
  readonly parseKey: boolean
  readonly keySeparator: Buffer
  readonly parseHeaders: boolean
  readonly headersDelimiter: Buffer
  readonly headersSeparator: Buffer
  readonly headersKeySeparator: Buffer
  readonly ignoreError: boolean
  /** The text that stands for null; null if there is no such text. */
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

/**
 * Separators that must differ. The key separator comes after the headers, so it may be equal to any of
 * theirs.
 */
const toBeToldApart: readonly (readonly [PropertyName, PropertyName])[] = [
  ['headers.delimiter', 'headers.separator'],
  ['headers.delimiter', 'headers.key.separator'],
  ['headers.separator', 'headers.key.separator'],
]

const NULL_MARKER = 'null.marker'
const knownNames = [...Object.keys(defaults), NULL_MARKER]

/** @throws CommandFailure for an unknown property, an invalid value, and equal separators that must differ */
export function lineFormat(properties: Readonly<Record<string, string>>): LineFormat {
  for (const name of Object.keys(properties)) {
    if (knownNames.includes(name)) continue
    throw new CommandFailure(`unknown reader property '${name}': the properties are ${knownNames.join(', ')}`)
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

/** Makes records of lines in the given format. Keys, values and header values are views of the line. */
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

/** The index of a separator; -1 if it is missing and that is no error. */
function indexOf(bytes: Buffer, separator: Buffer, { ignoreError }: LineFormat, name: string): number {
  const index = bytes.indexOf(separator)
  if (index >= 0 || ignoreError) return index
  throw new CommandFailure(`no ${name} ${spelled(separator)} in ${shown(bytes)}${backslashHint(separator)}`)
}

function spelled(separator: Buffer): string {
  return separator.toString() === '\t' ? '(a tab)' : shown(separator)
}

function backslashHint(separator: Buffer): string {
  if (!separator.includes('\\')) return ''
  return ": a backslash stands for itself, and a shell writes a tab as $'\\t'"
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
    throw new CommandFailure(`the header name ${shown(bytes)} is not UTF-8, which Kafka requires`)
  }
}

/** The parts between separators. Empty parts at the end are dropped, as in Java. */
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
