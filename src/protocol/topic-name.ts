import { InvalidTopicError } from '../errors.js'

const MAX_LENGTH = 249

/**
 * Checks a topic's name by Kafka's rules: 1 to 249 ASCII letters, digits, dots, underscores and hyphens;
 * neither `.` nor `..`.
 *
 * @throws InvalidTopicError that names the broken rule
 */
export function checkTopicName(name: unknown): asserts name is string {
  const error = topicNameError(name)
  if (error !== null) throw error
}

/** The error that `checkTopicName` would throw; null if the name is valid. */
export function topicNameError(name: unknown): InvalidTopicError | null {
  const fault = topicNameFault(name)
  if (fault === null) return null
  const details = typeof name === 'string' ? { topic: name } : {}
  return new InvalidTopicError(`invalid topic name: ${fault}`, details)
}

function topicNameFault(name: unknown): string | null {
  if (typeof name !== 'string') return `a string is needed, got ${name === null ? 'null' : typeof name}`
  if (name.length === 0) return 'it is empty'
  if (name.length > MAX_LENGTH) return `it has ${name.length} characters, at most ${MAX_LENGTH} are allowed`
  if (name === '.' || name === '..') return `'${name}' is not allowed`
  for (let i = 0; i < name.length; i++) {
    if (!isLegal(name.charCodeAt(i))) {
      const character = JSON.stringify(String.fromCodePoint(name.codePointAt(i) as number))
      return `${JSON.stringify(name)} has ${character} at index ${i}; only ASCII letters, digits, '.', '_' and '-' are allowed`
    }
  }
  return null
}

function isLegal(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || // a-z
    (code >= 0x41 && code <= 0x5a) || // A-Z
    (code >= 0x30 && code <= 0x39) || // 0-9
    code === 0x2d || // -
    code === 0x2e || // .
    code === 0x5f // _
  )
}
