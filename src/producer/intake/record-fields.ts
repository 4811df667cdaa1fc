import { types } from 'node:util'
import { InvalidRecordError } from '../../errors.js'
import { misspelt } from '../../nearest-name.js'
import { shown } from '../../unexpected.js'
import type { ProducerRecord } from '../record.js'

const FIELDS: readonly (keyof ProducerRecord)[] = [
  'topic',
  'key',
  'value',
  'partition',
  'timestamp',
  'headers',
]

/**
 * Below this number a timestamp is in milliseconds, in early 1970. From here up to SECONDS_TO, seconds are
 * dates of this century.
 */
const SECONDS_FROM = 100_000_000
const SECONDS_TO = 100_000_000_000
/** In milliseconds, the year 5138. Microseconds of today are beyond it. */
const MICROSECONDS_FROM = 100_000_000_000_000

/** @throws TypeError unless the record is an object */
export function checkIsObject(record: unknown): void {
  if (typeof record === 'object' && record !== null) return
  throw new TypeError(
    `a record is an object with a topic and a value, not ${record === null ? 'null' : typeof record}`,
  )
}

/**
 * Says that a field of the record has nearly the name of one that the record lacks; null if none has. Other
 * unknown fields are the caller's own affair.
 *
 * @param guess finds the field that the caller probably meant
 */
export function misspeltField(record: object, guess: typeof misspelt = misspelt): string | null {
  const missing = FIELDS.filter((field) => !(field in record))
  for (const given of Object.keys(record)) {
    if (FIELDS.some((field) => field === given)) continue
    const meant = guess(given, missing)
    if (meant !== null) return `the record has a field '${given}': did you mean ${meant}?`
  }
  return null
}

/** @throws InvalidRecordError unless the timestamp is a time in milliseconds */
export function checkTimestamp(timestamp: unknown, topic: string): asserts timestamp is number {
  if (Number.isSafeInteger(timestamp) && (timestamp as number) >= 0) return
  throw invalid('timestamp', timestamp, 'milliseconds since 1970, a whole number from 0', topic)
}

/** @throws InvalidRecordError unless the partition can be a partition's number */
export function checkPartition(partition: unknown, topic: string): asserts partition is number {
  const isOne =
    Number.isInteger(partition) && (partition as number) >= 0 && (partition as number) <= 0x7fffffff
  if (!isOne) throw invalid('partition', partition, 'a whole number from 0', topic)
}

/** Says which unit a timestamp seems to have; null if it may be in milliseconds. */
export function wrongUnit(timestamp: number): string | null {
  const isMilliseconds =
    timestamp < SECONDS_FROM || (timestamp >= SECONDS_TO && timestamp < MICROSECONDS_FROM)
  if (isMilliseconds) return null
  const unit = timestamp < SECONDS_TO ? 'seconds' : 'microseconds'
  return `the timestamp ${timestamp} looks like ${unit}; Kafka's are in milliseconds`
}

function invalid(what: string, given: unknown, rule: string, topic: string): InvalidRecordError {
  return new InvalidRecordError(
    `the ${what} of a record for topic ${topic} is ${described(given)}: it must be ${rule}${advice(given)}`,
    { topic },
  )
}

function described(value: unknown): string {
  if (typeof value === 'number') return `${value}`
  if (typeof value === 'string') return `the string '${value.slice(0, 50)}'`
  if (typeof value === 'bigint') return `the bigint ${value}n`
  if (types.isDate(value)) return `the Date ${shown(value)}`
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

function advice(given: unknown): string {
  if (types.isDate(given)) return '. Its getTime() is'
  return typeof given === 'string' || typeof given === 'bigint' ? '. Number(...) makes it one' : ''
}
