import { SerializationError } from '../errors.js'

/**
 * 0, for bytes that seem to be empty and are.
 *
 * @throws SerializationError if they are gone: their buffer was given to another thread, or has shrunk below them
 */
export function sizeOfEmpty(bytes: Uint8Array, what: string, topic: string): 0 {
  try {
    // The length of lost bytes is 0 as well; only a method looks whether they are there.
    bytes.at(0)
    return 0
  } catch (cause) {
    throw new SerializationError(
      `${what} of a record for topic ${topic} is a Uint8Array whose buffer is detached or has become too short: its bytes are gone`,
      { topic, cause },
    )
  }
}

/** What a value is, for a message about one that cannot be sent. */
export function kindOf(value: unknown): string {
  if (value instanceof ArrayBuffer) return 'an ArrayBuffer (make it new Uint8Array(buffer))'
  if (typeof value !== 'object' || value === null) return typeof value
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== '' && name !== 'Object'
    ? `an object of class ${name}`
    : 'an object'
}
