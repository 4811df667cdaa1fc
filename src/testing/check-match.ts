import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'
import type { RequestMatch } from './fault.js'
import { hintFor, quoted, refuseUnknownFields } from './unknown-name.js'

const FIELDS = ['api', 'nodeId', 'topic', 'partition', 'clientId', 'skip', 'times']

/** The fields of a match before their values are checked. */
type Given = Readonly<Partial<Record<keyof RequestMatch, unknown>>>

/** The things in a cluster that a match can name. */
export interface Matchable {
  /** The keys of the served APIs, by name. */
  readonly apis: ReadonlyMap<string, number>
  /** The number of brokers. Their ids start at 1. */
  readonly brokers: number
}

/**
 * Checks a match. Without this, a fault that can never strike would look like one that has not struck yet.
 *
 * @throws ConfigError for an unknown field, or a value of the wrong type
 * @throws RangeError for an API that is not served, or a broker that does not exist
 */
export function checkMatch(match: unknown, { apis, brokers }: Matchable): asserts match is RequestMatch {
  if (typeof match !== 'object' || match === null || Array.isArray(match))
    throw new ConfigError(
      'match',
      `a match must be an object such as { api: 'Produce' }, got ${shown(match)}`,
    )
  refuseUnknownFields(match, FIELDS, 'field of a match')
  const { api, nodeId, topic, partition, clientId, skip, times }: Given = match
  if (api !== undefined) requireApi(String(api), apis)
  if (nodeId !== undefined) requireNode(nodeId, brokers)
  for (const [key, text] of Object.entries({ topic, clientId })) {
    if (text === undefined || typeof text === 'string') continue
    throw new ConfigError(key, `${key} of a match is ${shown(text)}: it must be a string`)
  }
  for (const [key, count] of Object.entries({ partition, skip, times })) {
    if (count === undefined || isCount(count)) continue
    if (key === 'times' && count === Number.POSITIVE_INFINITY) continue
    throw new ConfigError(key, `${key} of a match is ${shown(count)}: it must be a whole number from 0`)
  }
}

/**
 * Checks the node id of a match.
 *
 * @throws RangeError if there is no such broker
 */
export function requireNode(nodeId: unknown, brokers: number): void {
  if (isCount(nodeId) && nodeId >= 1 && nodeId <= brokers) return
  throw new RangeError(
    `nodeId of a match is ${shown(nodeId)}: it must be a whole number from 1 to ${brokers}`,
  )
}

/**
 * The key of a served API.
 *
 * @throws RangeError for any other API. The message has the nearest name
 */
export function requireApi(name: string, apis: ReadonlyMap<string, number>): number {
  const key = apis.get(name)
  if (key !== undefined) return key
  throw new RangeError(`no API called ${quoted(name)} is served${hintFor(name, [...apis.keys()])}`)
}

/**
 * Checks a number of milliseconds or of bytes.
 *
 * @throws RangeError if the value is not such a number
 */
export function requireCount(name: string, value: unknown): void {
  if (typeof value === 'number' && value >= 0 && value !== Number.POSITIVE_INFINITY) {
    if (name.endsWith('Ms') || Number.isInteger(value)) return
  }
  const rule = name.endsWith('Ms')
    ? 'it must be a number of milliseconds'
    : 'it must be a whole number from 0'
  throw new RangeError(`${name} is ${shown(value)}: ${rule}`)
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0
}
