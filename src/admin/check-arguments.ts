import { checkFields } from '../config/check-fields.js'
import { ConfigProblems } from '../config/config-problems.js'
import { ConfigError, InvalidTopicError } from '../errors.js'
import { shown } from '../unexpected.js'

/**
 * Checks that topic names are strings. The brokers check which characters a name has.
 *
 * @throws ConfigError if the names are not in an array, InvalidTopicError if a name is not a string
 */
export function checkTopicNames(call: string, topics: unknown): void {
  for (const name of listOf(call, topics, 'names of topics')) checkName(call, name)
}

/**
 * Checks the topics that a call creates or changes.
 *
 * @param fields the fields that such a topic may have
 * @throws ConfigError if the topics are not an array of objects or have unknown fields, InvalidTopicError if
 *   a name is not a string
 */
export function checkTopicObjects(call: string, topics: unknown, fields: readonly string[]): void {
  const problems = new ConfigProblems(`the topics of ${call}`)
  for (const given of listOf(call, topics, 'objects that have a topic')) {
    if (typeof given !== 'object' || given === null || Array.isArray(given)) {
      throw new ConfigError(
        'topics',
        `${call} takes objects such as { topic: 'orders' }, one of them is ${kind(given)}`,
      )
    }
    problems.try(() => checkFields(`a topic of ${call}`, given, fields))
    checkName(call, (given as { topic?: unknown }).topic)
  }
  problems.throwIfAny()
}

function listOf(call: string, topics: unknown, what: string): readonly unknown[] {
  // Array.from turns a hole into undefined.
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
