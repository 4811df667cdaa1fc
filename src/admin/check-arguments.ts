import { ConfigError, InvalidTopicError } from '../errors.js'
import { shown } from '../unexpected.js'

/**
 * Checks the names of topics that a call is about. What a name may be made of is the brokers' to say.
 *
 * @throws ConfigError if there is no list of them, InvalidTopicError for one that is no string
 */
export function checkTopicNames(call: string, topics: unknown): void {
  for (const name of listOf(call, topics, 'names of topics')) checkName(call, name)
}

/**
 * Checks the topics that a call is to make or change.
 *
 * @throws ConfigError if there is no list of objects, InvalidTopicError for one without a name that is a string
 */
export function checkTopicObjects(call: string, topics: unknown): void {
  for (const given of listOf(call, topics, 'objects that have a topic')) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new ConfigError(
        'topics',
        `${call} takes objects such as { topic: 'orders' }, one of them is ${kind(given)}`,
      )
    }
    checkName(call, (given as { topic?: unknown }).topic)
  }
}

function listOf(call: string, topics: unknown, what: string): readonly unknown[] {
  // Array.from makes a hole what it reads as: undefined.
  if (Array.isArray(topics)) return Array.from(topics)
  throw new ConfigError('topics', `${call} takes an array of ${what}, not ${kind(topics)}`)
}

function checkName(call: string, name: unknown): void {
  if (typeof name === 'string') return
  throw new InvalidTopicError(`${call}: the name of a topic must be a string, got ${kind(name)}`)
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return 'a string'
  return typeof value === 'object' && value !== null ? 'an object' : shown(value)
}
